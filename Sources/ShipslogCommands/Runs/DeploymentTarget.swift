import ArgumentParser
import EventLedger
import RolloutEngine
import RolloutModel

/// The Deployment that a command is to change.
struct DeploymentTarget {
    private let name: String
    private let session: RunSession
    private var options: RunArguments { session.options }
    private var stream: StreamName { session.stream("deployment", name) }

    init(_ name: String, _ session: RunSession) {
        self.name = name
        self.session = session
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

    /// Changes its shape: its template to what is wanted, and its strategy.
    func change(
        to wanted: ManifestArguments, _ edit: (inout DeploymentStrategy) throws -> Void
    ) async throws {
        let deployment = try await session.object(.deployments, name)
        let origin = try shape(of: deployment)
        var target = origin
        if let manifest = try wanted.manifest(of: .deployments, name, in: session) {
            target = try await shape(of: manifest, for: deployment)
        } else {
            target.template = try await filledIn(try wanted.images.applied(to: origin.template), for: deployment)
        }
        try edit(&target.strategy)
        target.changeCause = options.reason ?? cause(target)
        try await carryOut(deployment, origin, target)
    }

    /// The shape that a manifest gives the Deployment, with all that the API server fills in.
    private func shape(of manifest: JSONValue, for deployment: JSONValue) async throws -> DeploymentChange.Shape {
        var wanted = deployment
        for field in ["template", "strategy"] + DeploymentStrategy.optionalSpecFields {
            wanted["spec"]?[field] = manifest["spec"]?[field]
        }
        let (mine, theirs) = (manifest["spec"]?["replicas"], deployment["spec"]?["replicas"])
        if let mine, mine != theirs {
            try session.context.notice(
                "warning: the file wants \(mine.integer ?? 0) replicas and deploy/\(name) has \(theirs?.integer ?? 1): only its pod template and strategy are rolled out"
            )
        }
        return try await filledIn(wanted, insteadOf: deployment)
    }

    /// A template as it would be in the Deployment: admission may change it on its way, and pin an image, say.
    private func filledIn(_ template: JSONValue, for deployment: JSONValue) async throws -> JSONValue {
        var wanted = deployment
        wanted["spec"]?["template"] = template
        return try await filledIn(wanted, insteadOf: deployment).template
    }

    private func filledIn(
        _ wanted: JSONValue, insteadOf deployment: JSONValue
    ) async throws -> DeploymentChange.Shape {
        guard let patch = MergePatch.difference(from: deployment, to: wanted) else { return try shape(of: deployment) }
        let answer = try await session.place.cluster.perform(
            ClusterCall(
                .patch, .deployments, name, namespace: session.place.namespace, body: patch, isDryRun: true))
        return try shape(of: answer.object)
    }

    /// Tries once more to give it a shape, as it is by now.
    func retry(_ last: DeploymentChange) async throws {
        let deployment = try await session.object(.deployments, name)
        let origin = try shape(of: deployment)
        var target = last.target
        target.changeCause = options.reason ?? target.changeCause
        // What was left with the new template goes back to the one that it had before.
        let isLeft = Template.digest(origin.template) == Template.digest(target.template)
        try await carryOut(deployment, isLeft ? last.origin : origin, target, restores: last.restores)
    }

    /// Brings back the template of a revision, or with it the whole Deployment if that was deleted.
    ///
    /// - Parameter number: As the ledger numbers it; `nil` for the newest other one whose rollout succeeded.
    func rollBack(to number: Int?) async throws {
        let deployment = try await session.place.cluster.get(.deployments, name, namespace: session.place.namespace)
        let origin = try deployment.map { try shape(of: $0) }
        let ledger = try options.ledger.open(in: session.context)
        let revisions = try ledger.revisions(of: stream)
        let rollouts = try ledger.rollouts(RolloutQuery(stream: stream))
        let (state, labels) = (try ledger.state(of: stream), try ledger.labels(of: stream))
        try ledger.close()
        let current = origin.map { Template.digest($0.template) }
        let isCurrent = Set(revisions.filter { $0.digest == current }.map(\.number))
        let proven = rollouts.last { $0.outcome == .succeeded && !isCurrent.contains($0.revision) }
        guard let wanted = number ?? proven?.revision, let revision = revisions.first(where: { $0.number == wanted })
        else { throw unknown(number, known: revisions.map(\.number)) }
        var template = revision.template
        template["metadata"]?["labels"]?["pod-template-hash"] = nil
        let cause = options.reason ?? "rollback to revision \(wanted): \(cause(of: template))"
        let images = revision.images.joined(separator: ", ")
        guard let deployment, var target = origin else {
            guard case .deployment(let state) = state, state.uid != nil else {
                throw unknown(number, known: revisions.map(\.number))
            }
            try session.context.notice(
                "Makes deploy/\(name), which was deleted, again: with the pod template of revision \(wanted) (\(images)), and with replicas, strategy, selector and labels as they were last; other annotations are lost."
            )
            let manifest = state.manifest(template: template, labels: labels, changeCause: cause)
            return try await session.carryOut(
                .creation(DeploymentCreation(manifest: manifest, former: state.uid, restores: revision.rollout)),
                of: stream)
        }
        guard !isCurrent.contains(wanted) else {
            throw ShipslogError(.conflict, "deploy/\(name) is at revision \(wanted) already.")
        }
        try session.context.notice(
            "Restores the pod template of revision \(wanted) (\(images)), and nothing else.")
        target.template = template
        target.changeCause = cause
        try await carryOut(deployment, try shape(of: deployment), target, restores: revision.rollout)
    }

    private func unknown(_ number: Int?, known: [Int]) -> ShipslogError {
        guard let number else {
            return ShipslogError(
                .notFound, "The ledger knows of no other revision of deploy/\(name) whose rollout succeeded.",
                hint: "Choose one of `shipslog history deploy/\(name)` with --to.")
        }
        let list = known.map(String.init).joined(separator: ", ")
        return ShipslogError(
            .notFound, "deploy/\(name) has no revision \(number); the ledger knows \(list.isEmpty ? "none" : list).",
            hint: "`shipslog history deploy/\(name)` lists them.")
    }

    private func shape(of deployment: JSONValue) throws -> DeploymentChange.Shape {
        guard let shape = DeploymentChange.Shape(of: deployment) else {
            throw ShipslogError(.internal, "The API server's deploy/\(name) has no template.")
        }
        return shape
    }

    private func cause(_ shape: DeploymentChange.Shape) -> String { cause(of: shape.template) }

    private func cause(of template: JSONValue) -> String {
        "shipslog: \(Template.images(template).joined(separator: ", "))"
    }

    private func carryOut(
        _ deployment: JSONValue, _ origin: DeploymentChange.Shape, _ target: DeploymentChange.Shape,
        restores: Int? = nil
    ) async throws {
        try session.refuseForeign(deployment, "deploy/\(name)")
        if deployment["spec"]?["paused"] == true {
            throw ShipslogError(
                .conflict, "deploy/\(name) is paused, so nothing would be rolled out.",
                hint: "Resume it: kubectl rollout resume deploy/\(name)")
        }
        try await session.warnOfOwners(deployment, name)
        try warnOfDownTime(deployment, target.strategy)
        let uid = deployment["metadata"]?["uid"]?.string ?? ""
        try await session.carryOut(
            .deployment(DeploymentChange(uid: uid, target: target, origin: origin, restores: restores)), of: stream)
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

extension DeploymentState {
    /// What is needed to make the Deployment again, with another template.
    fileprivate func manifest(template: JSONValue, labels: [String: String], changeCause: String) -> JSONValue {
        var metadata: JSONValue = ["name": .string(stream.name)]
        if !labels.isEmpty { metadata["labels"] = .object(labels.mapValues { .string($0) }) }
        let bare: JSONValue = [
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata,
            "spec": ["replicas": .integer(Int64(desired)), "selector": selector],
        ]
        return DeploymentChange.Shape(template: template, strategy: strategy, changeCause: changeCause)
            .applied(to: bare)
    }
}
