import EventLedger
import RolloutModel

/// Something that people ask of a run that goes on, in whatever process: the ledger tells its runner.
struct RunRequest {
    let context: CommandContext
    let options: RequestArguments

    /// The types of the events by which it is asked.
    static let types = ["rollout.paused", "rollout.resumed", "rollout.promoted", "rollout.abort_requested"].map {
        EventType(rawValue: $0)
    }

    /// Asks it of the run of a subject.
    ///
    /// - Throws: ``ShipslogError`` with code `notFound` if no run of it goes on, `invalidArgument` if several do.
    func make(of subject: SubjectArgument, _ fact: (EventID) -> Fact) async throws {
        let ledger = try options.ledger.open(in: context, mode: .readWrite)
        let open = try await RunCatalog(ledger: ledger).open()
        let run = try only(open.filter { options.matches($0.stream, subject) }, subject)
        try await Self.make(of: run, fact(run.id), in: ledger, context)
        try ledger.close()
    }

    /// Asks it of a run.
    static func make(of run: RolloutRun, _ fact: Fact, in ledger: Ledger, _ context: CommandContext) async throws {
        // A simulated cluster has a time of its own.
        let now = run.isSimulated ? run.lastEventAt : context.now()
        var generator = SystemRandomNumberGenerator()
        let event = try Event(
            id: .timeOrdered(at: now, using: &generator), stream: run.stream, fact: fact, occurredAt: now,
            rollout: run.id, cause: run.id, actor: Actor(name: context.user, evidence: .engine), origin: .engine)
        _ = try await ledger.append([event])
    }

    private func only(_ runs: [RolloutRun], _ subject: SubjectArgument) throws -> RolloutRun {
        let name = subject.description
        guard let run = runs.first else {
            throw ShipslogError(
                .notFound, "No rollout of \(name) goes on.", hint: "`shipslog rollouts` lists those that did.")
        }
        guard runs.count == 1 else {
            throw ShipslogError(
                .invalidArgument,
                "Rollouts of \(name) go on in \(runs.map { "\($0.stream.namespace) of \($0.stream.cluster)" }.joined(separator: ", ")).",
                hint: "Say which with -n and --cluster.")
        }
        return run
    }
}
