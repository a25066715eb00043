import ArgumentParser
import EventLedger
import RolloutModel

/// `shipslog resume`: goes on with what was interrupted.
struct ResumeCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Go on with rollouts whose runner was stopped or died.",
        discussion: """
            The ledger says what was meant, the cluster what was done; nothing is done twice.

            Examples:
              shipslog resume
              shipslog resume deploy/web
            """)

    @Argument(help: ArgumentHelp("Only of this subject: deploy/web.", valueName: "type/name"))
    var target: String?

    @OptionGroup var options: RunArguments

    func validate() throws {
        if let target { _ = try SubjectArgument([target]) }
        if options.dryRun != nil {
            throw ValidationError("What has begun cannot be tried out: `shipslog rollouts` shows how far it is.")
        }
    }

    func run(in context: CommandContext) async throws {
        let session = try await RunSession(options, in: context, isNew: false)
        let ledger = try options.ledger.open(in: context, mode: .readWrite)
        let subject = try target.map { try SubjectArgument([$0]) }
        let runs = try await RunCatalog(ledger: ledger).open().filter { run in
            run.stream.cluster == session.place.name && run.stream.namespace == session.place.namespace
                && subject.map { $0.kind == run.stream.kind && $0.name == run.stream.name } ?? true
        }
        if runs.isEmpty {
            try context.notice("No rollouts to resume in \(session.place.namespace) of \(session.place.name).")
        }
        let failures = try await resume(runs, session, ledger, context)
        try ledger.close()
        guard let failure = failures.first else { return }
        guard runs.count > 1 else { throw failure }
        throw ShipslogError(.unavailable, "\(failures.count) of \(runs.count) rollouts did not succeed.")
    }

    /// Goes on with all at the same time: that one waits, or cannot be brought to its end, is no reason to leave the others.
    ///
    /// - Returns: Why those failed that did.
    private func resume(
        _ runs: [RolloutRun], _ session: RunSession, _ ledger: Ledger, _ context: CommandContext
    ) async throws -> [any Error] {
        let session = session.beside(others: runs.count > 1)
        return try await withThrowingTaskGroup(of: Result<Void, any Error>.self) { group in
            for run in runs {
                group.addTask {
                    do {
                        return .success(try await session.resume(run, in: ledger))
                    } catch {
                        return .failure(error)
                    }
                }
            }
            var failures: [any Error] = []
            for try await result in group {
                guard case .failure(let error) = result else { continue }
                if error is CancellationError { throw error }
                if runs.count > 1 { try ErrorReport(error).notice.map(context.notice) }
                failures.append(error)
            }
            return failures
        }
    }
}
