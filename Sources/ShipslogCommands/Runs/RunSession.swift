import EventLedger
import Foundation
import RolloutEngine
import RolloutModel

/// A cluster on which a run is carried out, and the ledger in which it is written down.
struct RunSession {
    let context: CommandContext
    let options: RunArguments
    let place: RunPlace

    init(_ options: RunArguments, in context: CommandContext, on place: RunPlace) {
        self.context = context
        self.options = options
        self.place = place
    }

    /// - Parameter isNew: Whether a run begins, or one is to be resumed.
    init(_ options: RunArguments, in context: CommandContext, isNew: Bool = true) async throws {
        self.context = context
        self.options = options
        place = try await options.place(in: context, isNew: isNew)
    }

    func stream(_ kind: String, _ name: String) -> StreamName {
        StreamName(cluster: place.name, namespace: place.namespace, kind: kind, name: name)
    }

    /// One object as it is.
    ///
    /// - Throws: ``ShipslogError`` with code `notFound` if there is none; what the cluster throws.
    func object(_ resource: Resource, _ name: String) async throws -> JSONValue {
        if let object = try await place.cluster.get(resource, name, namespace: place.namespace) { return object }
        let others = try await place.cluster.list(ClusterSelection(resource, namespace: place.namespace))
            .compactMap { $0["metadata"]?["name"]?.string }
        let listed = others.prefix(10).joined(separator: ", ") + (others.count > 10 ? ", …" : "")
        throw ShipslogError(
            .notFound, "There is no \(resource.kind) \(name) in the namespace \(place.namespace) of \(place.name).",
            hint: others.isEmpty ? "There are none in it." : "There are \(listed).")
    }

    /// Refuses to change what a tool looks after that would change it back.
    ///
    /// - Throws: ``ShipslogError`` with code `conflict`.
    func refuseForeign(_ object: JSONValue, _ name: String) throws {
        guard !options.force, let owner = ForeignOwner(of: object) else { return }
        throw ShipslogError(
            .conflict, "\(name) is looked after by \(owner.rawValue), which may undo what is changed here.",
            hint: "Release it with \(owner.rawValue), or give --force.")
    }

    /// Refuses to scale or replace what a tool or an autoscaler looks after.
    ///
    /// - Throws: ``ShipslogError`` with code `conflict`; what the cluster throws.
    func refuseShared(_ deployment: JSONValue, _ name: String) async throws {
        try refuseForeign(deployment, "deploy/\(name)")
        guard !options.force else { return }
        let autoscalers = Resource(
            group: "autoscaling", version: "v2", plural: "horizontalpodautoscalers", kind: "HorizontalPodAutoscaler")
        let owner: JSONValue?
        do {
            owner = try await place.cluster.list(ClusterSelection(autoscalers, namespace: place.namespace)).first {
                let target = $0["spec"]?["scaleTargetRef"]
                return target?["kind"]?.string == "Deployment" && target?["name"]?.string == name
            }
        } catch let error as StatusError where [403, 404].contains(error.code) {
            return try context.notice(
                "warning: whether an autoscaler scales deploy/\(name) cannot be seen: \(error.message)")
        }
        guard let owner else { return }
        throw ShipslogError(
            .conflict,
            "deploy/\(name) is scaled by the HorizontalPodAutoscaler \(owner["metadata"]?["name"]?.string ?? ""), which may undo what is changed here.",
            hint: "Delete it for the time being, or give --force.")
    }

    /// A Deployment that there is, as the one that is to take over.
    ///
    /// - Throws: ``ShipslogError`` with code `conflict` if a tool looks after it; as ``ImageArguments/applied(to:)``.
    func candidate(
        _ deployment: JSONValue, _ name: String, _ images: ImageArguments?, reason: String?
    ) throws -> Candidate {
        try refuseForeign(deployment, "deploy/\(name)")
        guard let origin = DeploymentChange.Shape(of: deployment) else {
            throw ShipslogError(.internal, "The API server's deploy/\(name) has no template.")
        }
        var target = origin
        if let images, !images.images.isEmpty {
            target.template = try images.applied(to: origin.template)
            target.changeCause = reason ?? "shipslog: \(Template.images(target.template).joined(separator: ", "))"
        }
        return Candidate(
            name: name,
            existing: Candidate.Existing(
                uid: deployment["metadata"]?["uid"]?.string ?? "",
                replicas: Int(deployment["spec"]?["replicas"]?.integer ?? 1), origin: origin, target: target))
    }

    /// Sees whether the nodes have room for more pods.
    ///
    /// - Throws: ``ShipslogError`` with code `conflict` if they have not.
    func checkCapacity(for template: JSONValue, count: Int) async throws {
        guard !options.force, count > 0 else { return }
        let capacity: Capacity
        do {
            capacity = Capacity(
                nodes: try await place.cluster.list(ClusterSelection(.nodes, namespace: nil)),
                pods: try await place.cluster.list(ClusterSelection(.pods, namespace: nil)))
        } catch let error as StatusError where error.code == 403 {
            return try context.notice(
                "warning: whether there is room for \(count) more pods cannot be seen: \(error.message)")
        }
        let room = capacity.room(for: template["spec"] ?? [:], upTo: count)
        guard room < count else { return }
        throw ShipslogError(
            .conflict, "There is room for \(room) of the \(count) pods that are needed beside the old ones.",
            hint: "Make room, or give --force.")
    }

    /// Carries out a plan, or says what it would do.
    ///
    /// - Throws: What the runner throws; ``ExitStatus`` if the run did not succeed.
    ///
    /// - Parameter action: What a person is asked about and a dry run shows; `nil` for the plan of an earlier run.
    func carryOut(_ plan: RolloutPlan, of stream: StreamName, first action: RolloutAction?) async throws {
        if let dryRun = options.dryRun, let action { return try await tryOut(action, in: dryRun) }
        let what = action?.description ?? "roll out \(stream.shortName) once more"
        try confirm("\(what) in \(place.namespace) of \(place.name)")
        let ledger = try options.ledger.openOrCreate(in: context)
        let runner = try runner(ledger, stream)
        let actor = Actor(name: context.user, evidence: .engine)
        let (reason, place) = (options.reason, place)
        let run = try await interruptible(stream, ledger) {
            try await runner.run(plan, of: stream, reason: reason, by: actor, scenario: place.scenario)
        }
        try report(run, ledger)
        try ledger.close()
    }

    /// Goes on with a run.
    ///
    /// - Throws: As ``carryOut(_:of:first:)``.
    func resume(_ run: RolloutRun, in ledger: Ledger) async throws {
        let runner = try runner(ledger, run.stream)
        let ended = try await interruptible(run.stream, ledger) { try await runner.resume(run) }
        try report(ended, ledger)
    }

    private func runner(_ ledger: Ledger, _ stream: StreamName) throws -> RolloutRunner {
        let context = context
        let told = RunTeller(context: context)
        return RolloutRunner(
            cluster: place.cluster, journal: try LedgerJournal(ledger: ledger, stream: stream, place: place),
            namespace: place.namespace, attention: place.isSimulated ? nil : .seconds(2),
            makeID: { time in
                var generator = SystemRandomNumberGenerator()
                return .timeOrdered(at: time, using: &generator)
            },
            check: { [place] in try await RunCheck(context: context, place: place).make($0) },
            tell: { try await told.tell($0) })
    }

    private func tryOut(_ action: RolloutAction, in dryRun: DryRunArgument) async throws {
        let (resource, name) = action.object
        let current = try await place.cluster.get(resource, name, namespace: place.namespace)
        guard var call = try action.call(on: current, namespace: place.namespace) else {
            return try context.output.write("Nothing to do: it is so already.\n")
        }
        if dryRun == .server {
            call.isDryRun = true
            _ = try await place.cluster.perform(call)
        }
        let body = options.output.showSecrets ? call.body : Secrets.masked(call.body)
        try context.output.write(
            TerminalText.escape("\(call.method) \(call.path)") + "\n" + YAMLText.document(body))
        try context.notice("\(action.description) (\(dryRun.rawValue) dry run)")
    }

    private func confirm(_ what: String) throws {
        guard context.isNoticesTerminal, !options.yes, isatty(STDIN_FILENO) == 1 else { return }
        try context.notices.write(TerminalText.escape("About to \(what). Go on? [y/N] "))
        guard let answer = readLine(), ["y", "yes"].contains(answer.lowercased()) else {
            throw ShipslogError(.conflict, "Nothing was done.")
        }
    }

    /// Runs until it is done or somebody interrupts it; what is interrupted can be resumed.
    private func interruptible(
        _ stream: StreamName, _ ledger: Ledger, _ body: @escaping @Sendable () async throws -> RolloutRun
    ) async throws -> RolloutRun {
        let work = Task { try await body() }
        let interruption = Interruption(context: context, ledger: ledger, stream: stream) { work.cancel() }
        let signals = Signals.handle([SIGINT, SIGTERM]) { interruption.take() }
        defer { for source in signals { source.cancel() } }
        do {
            return try await work.value
        } catch is CancellationError {
            try context.notice(
                "The rollout of \(stream.shortName) was left as it is; `shipslog resume \(stream.shortName)` goes on with it."
            )
            throw CancellationError()
        }
    }

    /// Prints what came of a run.
    private func report(_ run: RolloutRun, _ ledger: Ledger) throws {
        let rollouts = try ledger.rollouts(RolloutQuery(stream: run.stream)).filter { $0.startedAt >= run.startedAt }
        let now = run.isSimulated ? run.lastEventAt : context.now()
        let details = try RolloutCatalog(ledger: ledger, now: now).details(of: rollouts)
        let seconds = details.compactMap(\.noReadyEndpointSeconds)
        let item = RunItem(
            run: run, rollout: rollouts.last,
            noReadyEndpointSeconds: seconds.isEmpty ? nil : seconds.reduce(0, +))
        try Printer(context: context, options: options.output).print(item) { [StyledText(item.summary)] }
        guard let end = run.end, end.outcome != .succeeded else { return }
        throw ShipslogError(
            .unavailable,
            "The rollout of \(run.stream.shortName) \(end.outcome == .aborted ? "was given up" : "failed"): \(end.reason)."
        )
    }
}

/// A tool that keeps objects as it wants them.
enum ForeignOwner: String {
    case helm = "Helm"
    case argoCD = "Argo CD"
    case flux = "Flux"

    /// The tool that an object says it belongs to; `nil` if it names none.
    init?(of object: JSONValue) {
        let labels = object["metadata"]?["labels"]?.object ?? [:]
        let annotations = object["metadata"]?["annotations"]?.object ?? [:]
        if labels["argocd.argoproj.io/instance"] != nil || annotations["argocd.argoproj.io/tracking-id"] != nil {
            self = .argoCD
        } else if labels.keys.contains(where: { $0.contains(".toolkit.fluxcd.io/") }) {
            self = .flux
        } else if annotations["meta.helm.sh/release-name"] != nil {
            self = .helm
        } else {
            return nil
        }
    }
}

/// Says how a run goes: one line for each change.
private actor RunTeller {
    private let context: CommandContext
    private var last: String?

    init(context: CommandContext) { self.context = context }

    func tell(_ progress: RunProgress) throws {
        let words =
            switch progress {
            case .acting(let words): words
            case .waiting(let words): "waiting: \(words)"
            case .turnedBack(let reason): "failed: \(reason); going back"
            case .restored: "what was there before is back"
            }
        guard words != last else { return }
        last = words
        try context.notice(words)
    }
}
