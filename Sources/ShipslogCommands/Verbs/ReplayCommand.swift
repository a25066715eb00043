import ArgumentParser
import EventLedger
import Replay
import RolloutModel

/// `shipslog replay`: reruns a recorded rollout.
struct ReplayCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Rerun a rollout: its actions as requests, then what was observed.",
        discussion: """
            A dry run sends nothing. Each action is printed as the request it would be and checked against the state before \
            it. Ends with 0 if every action was valid and the state at the end is the recorded one, else with 3.

            Examples:
              shipslog replay deploy/web@3 --to dry-run
              shipslog replay deploy/web@3 --to dry-run -o json
            """
    )

    /// What a rollout is rerun against.
    enum Backend: String, CaseIterable, ExpressibleByArgument {
        case dryRun = "dry-run"
    }

    @Argument(
        help: ArgumentHelp("The rollout: deploy/web@3.", valueName: "rollout"), completion: NameCompletion.rollouts)
    var rollout: [String]

    @Option(help: ArgumentHelp("What to rerun it against.", valueName: "backend"))
    var to: Backend

    @Flag(help: "Show the body of every request and every observation.")
    var all = false

    @OptionGroup var scope: ScopeArguments
    @OptionGroup var ledger: LedgerArguments
    @OptionGroup var output: OutputOptions

    func validate() throws {
        _ = try RolloutArgument(rollout)
    }

    func run(in context: CommandContext) async throws {
        let ledger = try ledger.open(in: context)
        let finder = SubjectFinder(ledger: ledger, scope: try scope.scope(of: ledger))
        let rollout = try finder.rollout(RolloutArgument(rollout))
        let report = try await replay(rollout, from: ledger)
        try Printer(context: context, options: output).print(report) {
            report.lines(all: all, masked: !output.showSecrets)
        }
        if report.summary.diverged > 0 { throw ExitStatus.diverged }
    }

    private func replay(_ rollout: Rollout, from ledger: Ledger) async throws -> ReplayReport {
        let start = Position(rawValue: rollout.firstPosition.rawValue - 1)
        let end = try rollout.endPosition ?? ledger.end()
        var run = DryRun(before: try ledger.state(of: rollout.stream, at: .position(start)))
        var steps: [DryRun.Step] = []
        for try await event in ledger.events(EventQuery(after: start, through: end, streams: [rollout.stream])) {
            steps.append(try run.take(event))
        }
        let (summary, difference) = run.finish(recorded: try ledger.state(of: rollout.stream, at: .position(end)))
        return ReplayReport(rollout: rollout, steps: steps, summary: summary, difference: difference)
    }
}
