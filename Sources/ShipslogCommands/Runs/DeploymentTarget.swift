import ArgumentParser
import EventLedger
import RolloutEngine
import RolloutModel

/// The Deployment that a command is to change.
struct DeploymentTarget {
    private let name: String
    private let session: RunSession
    private let options: RunArguments

    init(_ argument: String, _ options: RunArguments, in context: CommandContext) async throws {
        name = try Self.name(argument)
        self.options = options
        session = try await RunSession(options, in: context)
    }

    /// The name in `deploy/web`.
    ///
    /// - Throws: `ValidationError` if it names anything but one Deployment.
    static func name(_ argument: String) throws -> String {
        let subject = try SubjectArgument([argument])
        guard subject.kind == "deployment", let name = subject.name else {
            throw ValidationError("\"\(argument)\" is no Deployment: name it deploy/web.")
        }
        return name
    }

    /// Changes its shape.
    func change(_ edit: (inout DeploymentChange.Shape) throws -> Void) async throws {
        let (deployment, origin) = try await shape()
        var target = origin
        try edit(&target)
        target.changeCause = options.reason ?? cause(target)
        try await carryOut(deployment, origin, target, restores: nil)
    }

    /// Brings back the template of a revision.
    ///
    /// - Parameter number: As the ledger numbers it; `nil` for the newest other one whose rollout succeeded.
    func rollBack(to number: Int?) async throws {
        let (deployment, origin) = try await shape()
        let ledger = try options.ledger.open(in: session.context)
        let stream = session.stream("deployment", name)
        let revisions = try ledger.revisions(of: stream)
        let rollouts = try ledger.rollouts(RolloutQuery(stream: stream))
        try ledger.close()
        let current = Template.digest(origin.template)
        let isCurrent = Set(revisions.filter { $0.digest == current }.map(\.number))
        let proven = rollouts.last { $0.outcome == .succeeded && !isCurrent.contains($0.revision) }
        guard let wanted = number ?? proven?.revision else {
            throw ShipslogError(
                .notFound, "The ledger knows of no other revision of deploy/\(name) whose rollout succeeded.",
                hint: "Choose one of `shipslog history deploy/\(name)` with --to.")
        }
        guard let revision = revisions.first(where: { $0.number == wanted }) else {
            let known = revisions.map { String($0.number) }.joined(separator: ", ")
            throw ShipslogError(
                .notFound,
                "deploy/\(name) has no revision \(wanted); the ledger knows \(known.isEmpty ? "none" : known).",
                hint: "`shipslog history deploy/\(name)` lists them.")
        }
        var target = origin
        target.template = revision.template
        target.template["metadata"]?["labels"]?["pod-template-hash"] = nil
        target.changeCause = options.reason ?? "rollback to revision \(wanted): \(cause(target))"
        guard !isCurrent.contains(wanted) else {
            throw ShipslogError(.conflict, "deploy/\(name) is at revision \(wanted) already.")
        }
        try session.context.notice(
            "Restores the pod template of revision \(wanted) (\(revision.images.joined(separator: ", "))), and nothing else."
        )
        try await carryOut(deployment, origin, target, restores: revision.rollout)
    }

    private func shape() async throws -> (JSONValue, DeploymentChange.Shape) {
        let deployment = try await session.object(.deployments, name)
        guard let shape = DeploymentChange.Shape(of: deployment) else {
            throw ShipslogError(.internal, "The API server's deploy/\(name) has no template.")
        }
        return (deployment, shape)
    }

    private func cause(_ shape: DeploymentChange.Shape) -> String {
        "shipslog: \(Template.images(shape.template).joined(separator: ", "))"
    }

    private func carryOut(
        _ deployment: JSONValue, _ origin: DeploymentChange.Shape, _ target: DeploymentChange.Shape, restores: Int?
    ) async throws {
        try session.refuseForeign(deployment, "deploy/\(name)")
        if deployment["spec"]?["paused"] == true {
            throw ShipslogError(
                .conflict, "deploy/\(name) is paused, so nothing would be rolled out.",
                hint: "Resume it: kubectl rollout resume deploy/\(name)")
        }
        let uid = deployment["metadata"]?["uid"]?.string ?? ""
        try warnOfDownTime(deployment, target.strategy)
        let change = DeploymentChange(uid: uid, target: target, origin: origin, restores: restores)
        try await session.carryOut(
            RolloutPlan(.deployment(change), onFailure: options.onFailure, timeoutSeconds: options.timeoutSeconds),
            of: session.stream("deployment", name), first: .shape(deployment: name, uid: uid, target))
    }

    private func warnOfDownTime(_ deployment: JSONValue, _ strategy: DeploymentStrategy) throws {
        let replicas = Int(deployment["spec"]?["replicas"]?.integer ?? 1)
        let limits = RollingLimits(replicas: replicas, strategy)
        guard replicas > 0, limits.minAvailable == 0 else { return }
        try session.context.notice(
            strategy.type == "Recreate"
                ? "warning: nothing serves from when the old pods go until the new ones are ready"
                : "warning: with \(replicas) replicas and \(limits.maxUnavailable) of them allowed to be unavailable, there may be a time in which nothing serves"
        )
    }
}
