import EventLedger
import Foundation
import RolloutEngine
import RolloutModel

/// A cluster on which a run is carried out, and the ledger in which it is written down.
struct RunSession {
    let context: CommandContext
    let options: RunArguments
    let place: RunPlace
    /// Whether the run may draw on the terminal: it is the only one.
    private var isAlone: Bool
    private let turn = TerminalTurn()

    init(_ options: RunArguments, in context: CommandContext, on place: RunPlace) {
        isAlone = true
        self.context = context
        self.options = options
        self.place = place
    }

    /// - Parameters:
    ///   - isNew: Whether a run begins, or one is to be resumed.
    ///   - isAlone: Whether no other run goes on in this process at the same time.
    init(
        _ options: RunArguments, in context: CommandContext, isNew: Bool = true, isAlone: Bool = true
    ) async throws {
        self.isAlone = isAlone
        self.context = context
        self.options = options
        let place = try await options.place(in: context, isNew: isNew)
        guard let dryRun = options.dryRun else {
            self.place = place
            return
        }
        let shown = ShownCalls(context: context, showsSecrets: options.output.showSecrets)
        self.place = try await place.rehearsed(dryRun) { try await shown.show($0) }
    }

    /// The same for several runs at the same time, if there are others.
    func beside(others: Bool) -> RunSession {
        var session = self
        session.isAlone = isAlone && !others
        return session
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

    /// Carries out what is asked for, or tries it out.
    ///
    /// - Throws: As ``carryOut(_:of:)-(RolloutPlan,_)``.
    func carryOut(_ procedure: RolloutPlan.Procedure, of stream: StreamName) async throws {
        try await carryOut(
            RolloutPlan(procedure, onFailure: options.onFailure, timeoutSeconds: options.timeoutSeconds), of: stream)
    }

    /// Carries out a plan, or tries it out.
    ///
    /// - Throws: What the runner throws; ``ShipslogError`` if the run did not succeed.
    func carryOut(_ plan: RolloutPlan, of stream: StreamName) async throws {
        if let dryRun = options.dryRun { return try await tryOut(plan, of: stream, dryRun) }
        try confirm("\(plan.procedure.summary(of: stream)) in \(place.namespace) of \(place.name)")
        let ledger = try options.ledger.openOrCreate(in: context)
        if let uid = place.uid { try await ClusterClaim.make(place.name, standFor: uid, in: ledger) }
        let runner = try runner(plan, ledger, stream)
        let (reason, place) = (options.reason, place)
        let run = try await drive(plan, of: stream, ledger, patience: .zero) { [actor] in
            try await runner.run(plan, of: stream, reason: reason, by: actor, scenario: place.scenario)
        }
        try await report(run, ledger)
        try ledger.close()
    }

    /// Goes on with a run.
    ///
    /// - Throws: As ``carryOut(_:of:)-(RolloutPlan,_)``.
    func resume(_ run: RolloutRun, in ledger: Ledger) async throws {
        let runner = try runner(run.plan, ledger, run.stream)
        // A runner that died can no longer give its Leases back.
        let ended = try await drive(run.plan, of: run.stream, ledger, patience: RunLeases.duration * 2) {
            try await runner.resume(run)
        }
        try await report(ended, ledger)
    }

    private var actor: Actor { Actor(name: context.user, evidence: .engine) }

    /// Has a plan carried out while nobody else works on its subjects.
    private func drive(
        _ plan: RolloutPlan, of stream: StreamName, _ ledger: Ledger, patience: Duration,
        _ body: @escaping @Sendable () async throws -> RolloutRun
    ) async throws -> RolloutRun {
        // A simulated cluster is in the ledger, which lets only one runner write.
        guard !place.isSimulated else { return try await interruptible(stream, ledger, body) }
        let leases = RunLeases(
            on: place.cluster, of: plan.streams(of: stream), heldBy: RunLeases.holder(context.user),
            say: { [context] in try context.notice($0) })
        return try await interruptible(stream, ledger) { try await leases.hold(patience: patience, body) }
    }

    private func runner(_ plan: RolloutPlan, _ ledger: Ledger, _ stream: StreamName) throws -> RolloutRunner {
        let (context, place, dryRun) = (context, place, options.dryRun)
        let told = RunTeller(
            of: plan.streams(of: stream), context: context, options: options, turn: turn, isAlone: isAlone)
        return RolloutRunner(
            cluster: place.cluster, journal: try LedgerJournal(ledger: ledger, stream: stream, place: place),
            namespace: place.namespace, attention: place.isSimulated ? nil : .seconds(2),
            waits: options.wait || dryRun != nil,
            makeID: { time in
                var generator = SystemRandomNumberGenerator()
                return .timeOrdered(at: time, using: &generator)
            },
            check: { check in
                // Whoever checks looks at the real cluster, where there is nothing to be seen of a dry run.
                dryRun == nil
                    ? try await RunCheck(context: context, place: place, preview: plan.preview).make(check)
                    : CheckCompleted(check: check.summary, passed: true)
            },
            tell: { try await told.tell($0) })
    }

    /// Carries a plan out where nothing is kept of it.
    private func tryOut(_ plan: RolloutPlan, of stream: StreamName, _ dryRun: DryRunArgument) async throws {
        var plan = plan
        // There is nobody whom it could wait for.
        if plan.onFailure == .pause { plan.onFailure = .abort }
        let attempt = plan
        let run = try await Ledger.temporarily { ledger in
            try await runner(attempt, ledger, stream).run(attempt, of: stream, reason: options.reason, by: actor)
        }
        let verb = run.end?.outcome == .succeeded ? "succeed" : "fail"
        let reason = run.end?.reason ?? ""
        if dryRun == .simulation {
            let duration = TimeText.duration(run.lastEventAt.seconds(since: run.startedAt))
            try context.output.write(
                TerminalText.escape("\(stream.shortName) would \(verb) after \(duration): \(reason)") + "\n")
        }
        guard run.end?.outcome != .succeeded else { return }
        throw ShipslogError(.unavailable, "The rollout of \(stream.shortName) would \(verb): \(reason).")
    }

    /// Asks a person whether it is to be done.
    ///
    /// - Throws: ``ShipslogError`` with code `conflict` if it is not.
    func confirm(_ what: String) throws {
        guard context.isNoticesTerminal, !options.yes, options.dryRun == nil, isatty(STDIN_FILENO) == 1 else { return }
        try context.confirm("About to \(what). Go on?")
    }

    /// Runs until it is done or somebody interrupts it; what is interrupted can be resumed.
    private func interruptible(
        _ stream: StreamName, _ ledger: Ledger, _ body: @escaping @Sendable () async throws -> RolloutRun
    ) async throws -> RolloutRun {
        let work = Task { try await body() }
        let interruption = Interruption(context: context, ledger: ledger, stream: stream, turn: turn) { work.cancel() }
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
    private func report(_ run: RolloutRun, _ ledger: Ledger) async throws {
        let rollouts = try ledger.rollouts(RolloutQuery(stream: run.stream)).filter { $0.startedAt >= run.startedAt }
        let now = run.isSimulated ? run.lastEventAt : context.now()
        let details = try RolloutCatalog(ledger: ledger, now: now).details(of: rollouts)
        let seconds = details.compactMap(\.noReadyEndpointSeconds)
        let item = RunItem(
            run: run, rollout: rollouts.last,
            noReadyEndpointSeconds: seconds.isEmpty ? nil : seconds.reduce(0, +))
        if case .pod = run.plan.procedure {
            let seconds = try await ledger.secondsWithoutPod(in: run)
            if seconds > 0 { try context.notice("Nothing was ready for \(TimeText.duration(seconds)).") }
        }
        try Printer(context: context, options: options.output).print(item) { [StyledText(item.summary)] }
        guard let end = run.end, end.outcome != .succeeded else { return }
        throw ShipslogError(
            .unavailable,
            "The rollout of \(run.stream.shortName) \(end.outcome == .aborted ? "was given up" : "failed"): \(end.reason)."
        )
    }
}

extension Ledger {
    /// Does something with a ledger of which nothing is kept.
    fileprivate static func temporarily<Value>(_ body: (Ledger) async throws -> Value) async throws -> Value {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("shipslog-\(UUID().uuidString)")
        let ledger = try create(at: folder.appendingPathComponent("ledger.db").path)
        do {
            let value = try await body(ledger)
            try ledger.close()
            try FileManager.default.removeItem(at: folder)
            return value
        } catch {
            try FileManager.default.removeItem(at: folder)
            throw error
        }
    }
}

/// The calls of a dry run, as they are printed.
private actor ShownCalls {
    private let context: CommandContext
    private let showsSecrets: Bool
    private var isFirst = true

    init(context: CommandContext, showsSecrets: Bool) {
        self.context = context
        self.showsSecrets = showsSecrets
    }

    func show(_ call: ClusterCall) throws {
        let body = showsSecrets ? call.body : Secrets.masked(call.body)
        try context.output.write(
            (isFirst ? "" : "\n") + TerminalText.escape("\(call.method) \(call.path)") + "\n"
                + YAMLText.document(body))
        isFirst = false
    }
}
