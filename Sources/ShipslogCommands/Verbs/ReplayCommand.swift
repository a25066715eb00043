import ArgumentParser
import EventLedger
import Foundation
import KubernetesClient
import Replay
import RolloutModel

/// `shipslog replay`: reruns what was recorded, and removes what reruns left.
struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Rerun a rollout, or all that happened in a span: dry, on a simulated cluster, or on a real one.",
        discussion: """
            `shipslog replay run --help` lists the options; `run` itself may be left out.

            Examples:
              shipslog replay deploy/web@3
              shipslog replay deploy/web@3 --to simulation
              shipslog replay deploy/web@3 --to cluster --context test --reenact
              shipslog replay clean --context test
            """,
        subcommands: subcommands, defaultSubcommand: ReplayRunCommand.self)

    private static var subcommands: [any ParsableCommand.Type] {
        #if Network
            [ReplayRunCommand.self, ReplayCleanCommand.self]
        #else
            [ReplayRunCommand.self]
        #endif
    }
}

/// `shipslog replay run`: reruns what was recorded.
struct ReplayRunCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Rerun a rollout, or all that happened in a span: dry, on a simulated cluster, or on a real one.",
        discussion: """
            A dry run sends nothing: each action is printed as the request it would be and checked against the state before \
            it. On a simulated cluster each action is done again, in virtual time, and every pod lives as its recorded \
            twin did. On a real cluster each action is done in namespaces that the replay makes and removes again; with \
            --reenact the pods live as they did there too, on nodes that are pretended. What comes of it is compared with \
            what had come of it then. Ends with 0 if all is as recorded, else with 3. On a terminal, space pauses a replay that \
            keeps to a speed, and goes on, and q stops it.

            Examples:
              shipslog replay deploy/web@3
              shipslog replay deploy/web@3 --to simulation
              shipslog replay deploy/web@3 --dry-run=server --context test
              shipslog replay deploy/web@3 --to simulation --step
              shipslog replay --from 2h -n shop --to simulation --junit replay.xml
              shipslog replay --plan plan.yaml --to simulation --record replays.db
              shipslog replay deploy/web@3 --to cluster --context test --reenact --speed 10x
              shipslog replay deploy/web@3 --to cluster --context test --map-image nginx:bad=nginx:1.29
            """
    )

    /// What is replayed against.
    enum Backend: String, CaseIterable, ExpressibleByArgument {
        case dryRun = "dry-run"
        case simulation
        #if Network
            case cluster
        #endif
    }

    /// Who checks the requests of a dry run.
    enum DryRunSide: String, CaseIterable, ExpressibleByArgument {
        case client, server
    }

    @OptionGroup var span: ReplaySource

    @Option(help: ArgumentHelp("What to rerun it against.", valueName: "backend"))
    var to = Backend.dryRun

    #if Network
        @Option(
            help: ArgumentHelp(
                "With --to dry-run: check the requests against the recording (client), or have the API server check them as of today (server).",
                valueName: "client|server"))
        var dryRun = DryRunSide.client
    #endif

    @Flag(help: "Change the plan in $EDITOR before it is performed.")
    var edit = false

    @Option(
        help: ArgumentHelp(
            "So many times as fast as recorded, from 0.001 to 1000000, or max; else 1 on a real cluster, and max on a simulated one.",
            valueName: "factor"))
    var speed: SpeedArgument?

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

    #if Network
        @OptionGroup var stage: StageArguments
    #endif
    @OptionGroup var output: OutputOptions

    func validate() throws {
        #if Network
            if to != .cluster, let option = stage.given.first {
                throw ValidationError("\(option) is for a real cluster: give --to cluster.")
            }
        #endif
        guard (1...10_000).contains(times) else { throw ValidationError("--times must be from 1 to 10000.") }
        guard to == .dryRun || !isOnServer else {
            throw ValidationError("--dry-run=server performs nothing: leave out --to.")
        }
        guard to == .dryRun else { return }
        let others: [(Bool, String)] = [
            (span.plan != nil && !isOnServer, "--plan"), (edit, "--edit"), (step, "--step"), (until != nil, "--until"),
            (times > 1, "--times"), (record != nil, "--record"), (junit != nil, "--junit"),
        ]
        if let other = others.first(where: \.0)?.1 {
            throw ValidationError("\(other) is for what is performed: give --to simulation or --to cluster.")
        }
    }

    private var isOnServer: Bool {
        #if Network
            dryRun == .server
        #else
            false
        #endif
    }

    func run(in context: CommandContext) async throws {
        switch to {
        #if Network
            case .dryRun where isOnServer: try await runDryOnServer(in: context)
        #endif
        case .dryRun: try await runDry(in: context)
        case .simulation:
            try await perform(in: context) { plan, time in
                let speed = times > 1 ? .infinity : speed?.factor ?? .infinity
                let audience = audience(plan, in: context, shownAt: speed, takingKeys: speed.isFinite)
                @Sendable func run(_ record: ReplayRecord?) async throws -> ReplayRun {
                    try await ReplayRun.simulated(plan, seed: seed &+ UInt64(time), record: record, stage: audience)
                }
                guard speed.isFinite else { return (audience, run) }
                // The terminal is to get its keys back when somebody interrupts it.
                return (audience, { record in try await Signals.result(of: Task { try await run(record) }).get() })
            }
        #if Network
            case .cluster:
                try await perform(in: context) { plan, time in
                    let speed = speed?.factor ?? 1
                    let replay = try stage.replay(
                        plan, speed: speed, isConfirmed: time > 0, isQuiet: output.quiet, in: context)
                    let audience = audience(plan, in: context, shownAt: .infinity, takingKeys: true)
                    return (audience, { try await replay.run(record: $0, stage: audience) })
                }
        #endif
        }
    }

    private func audience(
        _ plan: ReplayPlan, in context: CommandContext, shownAt speed: Double, takingKeys: Bool
    ) -> ReplayAudience {
        let steps = step && times == 1
        return ReplayAudience(
            plan, in: context, speed: speed, steps: steps, until: until.map { Position(rawValue: $0) },
            keys: takingKeys && !steps ? ReplayKeys(in: context) : nil, isQuiet: output.quiet)
    }

    private func runDry(in context: CommandContext) async throws {
        let (ledger, span) = try await span.span(in: context)
        let report = try await DryReplay(ledger: ledger, span: span).report()
        try Printer(context: context, options: output).print(report) {
            report.lines(all: all, masked: !output.showSecrets)
        }
        if report.summary.diverged > 0 { throw ExitStatus.diverged }
    }

    #if Network
        private func runDryOnServer(in context: CommandContext) async throws {
            let (plan, _) = try await span.plan(in: context)
            let configuration = try stage.reached.configuration(in: context)
            let cluster = LiveCluster(try KubernetesClient(configuration))
            let report = ServerDryRunReport(
                plan: plan, server: configuration.context ?? "the cluster",
                verdicts: try await ServerDryRun(plan, on: cluster).verdicts())
            try Printer(context: context, options: output).print(report) { report.lines }
            if report.refused > 0 { throw ExitStatus.diverged }
        }
    #endif

    /// Performs the plan so often, and tells what came of it.
    ///
    /// - Parameter prepare: Who looks on, and what performs it once.
    private func perform(
        in context: CommandContext,
        _ prepare: (ReplayPlan, _ time: Int) throws -> (ReplayAudience, (ReplayRecord?) async throws -> ReplayRun)
    ) async throws {
        var (plan, source) = try await span.plan(in: context)
        if edit { plan = try PlanEditor(context: context).edited(plan) }
        var runs: [ReplayRun] = []
        for time in 0..<times {
            let (audience, run) = try prepare(plan, time)
            let kept = try record.map { try ReplayRecord(in: ledger(at: $0, in: context), of: source) }
            do {
                runs.append(try await run(kept))
            } catch {
                await audience.leave()
                try await kept?.close()
                throw error
            }
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
