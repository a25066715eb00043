import EventLedger
import Foundation
import RolloutModel

/// Something that people ask of a run that goes on, in whatever process: the ledger tells its runner.
struct RunRequest {
    let context: CommandContext
    let options: RequestArguments

    /// The types of the events by which it is asked.
    static let types = ["rollout.paused", "rollout.resumed", "rollout.promoted", "rollout.abort_requested"].map {
        EventType(rawValue: $0)
    }

    /// Asks it of the run of a subject, and tells who asked.
    ///
    /// - Parameter answer: What to tell: the name of the subject comes before.
    /// - Throws: ``ShipslogError`` with code `notFound` if no run of it goes on, `invalidArgument` if several do, or it cannot
    ///   do what is asked.
    func make(of subject: SubjectArgument, _ fact: (EventID) -> Fact, answer: String) async throws {
        let ledger = try options.ledger.open(in: context, mode: .readWrite)
        let open = try await RunCatalog(ledger: ledger).open()
        let run = try only(open.filter { options.matches($0.stream, subject) }, subject)
        let asked = fact(run.id)
        if case .rolloutPaused = asked, !run.plan.canPause {
            throw ShipslogError(
                .invalidArgument, "The rollout of \(subject.description) has nothing before which it could wait.",
                hint: "`shipslog rollout abort \(subject.description)` has it bring back what was there before.")
        }
        try await Self.make(of: run, asked, in: ledger, context)
        try context.notice("\(subject.description) \(answer)")
        if case .rolloutAbortRequested = asked { try await Self.awaitRunner(of: run, in: ledger, context) }
        try ledger.close()
    }

    /// For how long a runner may take to see what is asked of its run.
    private static let attention = Duration.seconds(5)

    /// Waits until a run is on its way back, and tells if nobody seems to be at work on it.
    static func awaitRunner(of run: RolloutRun, in ledger: Ledger, _ context: CommandContext) async throws {
        let answers = EventQuery(
            after: run.position,
            types: ["rollback.started", "rollout.aborted", "rollout.failed", "rollout.succeeded"].map {
                EventType(rawValue: $0)
            }, rollout: run.id, limit: 1)
        let deadline = ContinuousClock.now + attention
        while .now < deadline {
            for try await _ in ledger.events(answers) { return }
            try await Task.sleep(for: .milliseconds(100))
        }
        let name = run.stream.shortName
        try context.notice(
            "No runner has taken that up. If none is at work, `shipslog resume \(name)\(run.isSimulated ? " --simulation" : "")` brings it about."
        )
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
