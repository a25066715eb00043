import EventLedger
import Foundation
import RolloutEngine
import RolloutModel

/// A cluster on which a run is carried out, and the ledger in which it is written down.
struct RunSession {
    let context: CommandContext
    let options: RunArguments
    let place: RunPlace

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

    /// Carries out a plan, or says what it would do.
    ///
    /// - Throws: What the runner throws; ``ExitStatus`` if the run did not succeed.
    func carryOut(_ plan: RolloutPlan, of stream: StreamName, first action: RolloutAction) async throws {
        if let dryRun = options.dryRun { return try await tryOut(action, in: dryRun) }
        try confirm("\(action.description) in \(place.namespace) of \(place.name)")
        let ledger = try options.ledger.openOrCreate(in: context)
        let runner = try runner(ledger, stream)
        let actor = Actor(name: context.user, evidence: .engine)
        let (reason, place) = (options.reason, place)
        let run = try await interruptible(stream) {
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
        let ended = try await interruptible(run.stream) { try await runner.resume(run) }
        try report(ended, ledger)
    }

    private func runner(_ ledger: Ledger, _ stream: StreamName) throws -> RolloutRunner {
        let context = context
        let told = RunTeller(context: context)
        return RolloutRunner(
            cluster: place.cluster, journal: try LedgerJournal(ledger: ledger, stream: stream, place: place),
            namespace: place.namespace,
            makeID: { time in
                var generator = SystemRandomNumberGenerator()
                return .timeOrdered(at: time, using: &generator)
            },
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
        _ stream: StreamName, _ body: @escaping @Sendable () async throws -> RolloutRun
    ) async throws -> RolloutRun {
        let work = Task { try await body() }
        let signals = Signals.handle([SIGINT, SIGTERM]) { work.cancel() }
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

    /// Prints the rollout that came of a run; of one that failed, the one that brought back what was there before.
    private func report(_ run: RolloutRun, _ ledger: Ledger) throws {
        let rollouts = try ledger.rollouts(RolloutQuery(stream: run.stream))
        guard let rollout = rollouts.last else {
            throw ShipslogError(.internal, "The ledger knows of no rollout of \(run.stream.shortName).")
        }
        let printer = Printer(context: context, options: options.output)
        let images = ImageText.list(rollout.toImages)
        try printer.print(RolloutItem(rollout: rollout)) {
            switch run.end?.outcome {
            case .succeeded: [StyledText("\(rollout.name) succeeded: \(rollout.changeText)")]
            case _ where run.isRestored: [StyledText("\(rollout.name) is back at \(images)")]
            default: [StyledText("\(rollout.name) was left at \(images)")]
            }
        }
        guard let end = run.end, end.outcome != .succeeded else { return }
        throw ShipslogError(.unavailable, "The rollout of \(run.stream.shortName) failed: \(end.reason).")
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
