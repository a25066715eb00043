import ArgumentParser
import EventLedger
import Foundation
import Replay
import RolloutModel

/// `shipslog replay`: reruns what was recorded.
struct ReplayCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Rerun a rollout, or all that happened in a span: dry, or on a simulated cluster.",
        discussion: """
            A dry run sends nothing: each action is printed as the request it would be and checked against the state before \
            it. On a simulated cluster each action is done again, in virtual time, and every pod lives as its recorded \
            twin did; what comes of it is compared with what had come of it then. Ends with 0 if all is as recorded, else \
            with 3.

            Examples:
              shipslog replay deploy/web@3
              shipslog replay deploy/web@3 --to simulation
              shipslog replay deploy/web@3 --to simulation --step
              shipslog replay --from 2h -n shop --to simulation --junit replay.xml
              shipslog replay --plan plan.yaml --to simulation --record replays.db
            """
    )

    /// What is replayed against.
    enum Backend: String, CaseIterable, ExpressibleByArgument {
        case dryRun = "dry-run"
        case simulation
    }

    @OptionGroup var span: ReplaySource

    @Option(help: ArgumentHelp("What to rerun it against.", valueName: "backend"))
    var to = Backend.dryRun

    @Flag(help: "Change the plan in $EDITOR before it is performed.")
    var edit = false

    @Option(
        help: ArgumentHelp("How fast it is shown: so many times as fast as recorded, or max.", valueName: "factor"))
    var speed = SpeedArgument(factor: .infinity)

    @Flag(help: "Wait before each action, and tell what came of it.")
    var step = false

    @Option(help: ArgumentHelp("Stop before the action at this position of the log.", valueName: "position"))
    var until: Int64?

    @Option(help: ArgumentHelp("Do it so often, each time with another seed.", valueName: "number"))
    var times = 1

    @Option(help: ArgumentHelp("Where chance begins, for names and for pods that have no twin.", valueName: "number"))
    var seed: UInt64 = 0

    @Option(
        help: ArgumentHelp("Write the replay down in this ledger, as a cluster of its own.", valueName: "file"),
        completion: .file())
    var record: String?

    @Option(
        help: ArgumentHelp("Also write the comparison as JUnit XML, for pipelines.", valueName: "file"),
        completion: .file())
    var junit: String?

    @Flag(help: "Show also what matched; of a dry run, the body of every request and every observation.")
    var all = false

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1...10_000).contains(times) else { throw ValidationError("--times must be from 1 to 10000.") }
        guard to == .dryRun else { return }
        let others: [(Bool, String)] = [
            (span.plan != nil, "--plan"), (edit, "--edit"), (step, "--step"), (until != nil, "--until"),
            (times > 1, "--times"), (record != nil, "--record"), (junit != nil, "--junit"),
        ]
        if let other = others.first(where: \.0)?.1 {
            throw ValidationError("\(other) is for what is performed: give --to simulation.")
        }
    }

    func run(in context: CommandContext) async throws {
        switch to {
        case .dryRun: try await runDry(in: context)
        case .simulation: try await simulate(in: context)
        }
    }

    private func runDry(in context: CommandContext) async throws {
        let (ledger, span) = try await span.span(in: context)
        let report = try await DryReplay(ledger: ledger, span: span).report()
        try Printer(context: context, options: output).print(report) {
            report.lines(all: all, masked: !output.showSecrets)
        }
        if report.summary.diverged > 0 { throw ExitStatus.diverged }
    }

    private func simulate(in context: CommandContext) async throws {
        var (plan, source) = try await span.plan(in: context)
        if edit { plan = try PlanEditor(context: context).edited(plan) }
        var runs: [ReplayRun] = []
        for time in 0..<times {
            let audience = ReplayAudience(
                plan, in: context, speed: times > 1 ? .infinity : speed.factor, steps: step && times == 1,
                until: until.map { Position(rawValue: $0) }, isQuiet: output.quiet)
            let kept = try record.map { try ReplayRecord(in: ledger(at: $0, in: context), of: source) }
            runs.append(
                try await ReplayRun.simulated(plan, seed: seed &+ UInt64(time), record: kept, stage: audience))
            await audience.leave()
            try await kept?.close()
        }
        if let junit {
            try NewFile.write(to: context.absolutePath(junit), replacing: true) {
                try $0.append(Data(JUnitReport.text(runs).utf8))
            }
        }
        try report(runs, in: context)
        if !runs.allSatisfy(\.isReproduced) { throw ExitStatus.diverged }
    }

    private func report(_ runs: [ReplayRun], in context: CommandContext) throws {
        let printer = Printer(context: context, options: output)
        if runs.count == 1, let run = runs.first {
            let report = ComparisonReport(run: run, backend: to.rawValue)
            try printer.print(report) { report.lines(all: all) }
        } else {
            let report = RepetitionReport(runs: runs, backend: to.rawValue, firstSeed: seed)
            try printer.print(report) { report.lines }
        }
    }

    private func ledger(at path: String, in context: CommandContext) throws -> Ledger {
        let path = context.absolutePath(path)
        return try LedgerArguments.openOrCreate(at: path, in: context)
    }
}

/// What is replayed: a rollout or a span of a ledger, or a plan from a file.
struct ReplaySource: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The plan to perform, as `shipslog plan -o yaml` prints it; - is standard input.", valueName: "file"),
        completion: .file())
    var plan: String?

    @OptionGroup var span: OptionalSpan

    func validate() throws {
        guard plan == nil else {
            guard !span.isGiven else { throw ValidationError("--plan and a rollout or --from exclude each other.") }
            return
        }
        try span.require()
    }

    /// The span, and the ledger that has it.
    func span(in context: CommandContext) async throws -> (Ledger, ReplaySpan) {
        let ledger = try span.ledger.open(in: context)
        return (ledger, try await span.span(in: ledger, now: context.now()))
    }

    /// The plan, and the uid of the ledger that it was read from.
    ///
    /// - Throws: ``ShipslogError`` with code `invalidArgument` if the file is no plan, with the line.
    func plan(in context: CommandContext) async throws -> (ReplayPlan, UUID?) {
        if let plan {
            let path = plan == "-" ? plan : context.absolutePath(plan)
            return (
                try YAMLInput.document(YAMLInput.text(at: path), name: plan, kind: ReplayPlan.kind) {
                    try ReplayPlan($0)
                }, nil
            )
        }
        let (ledger, span) = try await span(in: context)
        return (try await LedgerHistory(ledger: ledger).plan(span), try ledger.head().logID)
    }
}
