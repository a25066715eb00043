import ArgumentParser
import EventLedger
import Replay
import RolloutModel

/// `shipslog what-if`: a recorded rollout with something changed about it.
struct WhatIfCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "what-if",
        abstract: "Ask what would have come of a rollout with other settings.",
        discussion: """
            The rollout is performed again on a simulated cluster, once as it was and once with each change; pods live as \
            in the recording. Counted are the pods of the Deployment. With --sweep every combination is tried, and those \
            that no other beats in every respect are marked with *. With --seeds the lives of the pods are drawn anew \
            so often, and the spread is told.

            Examples:
              shipslog what-if deploy/web@3 --max-unavailable 0 --max-surge 2
              shipslog what-if deploy/web@5 --strategy rolling --replicas 8
              shipslog what-if deploy/web@2 --sweep max-surge=1,2,25%,50% --sweep max-unavailable=0,1,25%
              shipslog what-if deploy/web@3 --image-behaves behaviours.yaml --seeds 100
            """
    )

    @Argument(
        help: ArgumentHelp(
            "The rollout of a Deployment: deploy/web@3; that of the bundle if not given.", valueName: "rollout"),
        completion: NameCompletion.rollouts)
    var rollout: [String] = []

    @OptionGroup var changes: VariantArguments

    @Option(
        help: ArgumentHelp(
            "Try each of these values: max-surge=1,2,25%; may be repeated for others.", valueName: "name=values"))
    var sweep: [SweepArgument] = []

    @Option(help: ArgumentHelp("Draw the lives of the pods so often.", valueName: "number"))
    var seeds: Int?

    @OptionGroup var scope: ScopeArguments
    @OptionGroup var ledger: LedgerArguments
    @OptionGroup var output: OutputOptions

    /// How many variants are tried at most.
    private static let limit = 10_000

    func validate() throws {
        try ledger.validate(rollout: rollout)
        if let seeds, !(1...10_000).contains(seeds) { throw ValidationError("--seeds must be from 1 to 10000.") }
        // Kept small, so that no number of values is too much to be multiplied.
        let count = sweep.reduce(1) { min($0, Self.limit + 1) * $1.values.count }
        guard count <= Self.limit else {
            throw ValidationError("The sweeps make over \(Self.limit) variants, the most that can be tried at once.")
        }
        if let twice = Dictionary(grouping: sweep, by: \.name).first(where: { $0.value.count > 1 })?.key {
            throw ValidationError("--sweep \(twice.rawValue) is given twice: put its values into one.")
        }
    }

    func run(in context: CommandContext) async throws {
        let ledger = try ledger.open(in: context)
        let finder = SubjectFinder(ledger: ledger, scope: try scope.scope(of: ledger))
        let rollout = try finder.rollout(named: rollout)
        let plan = try await LedgerHistory(ledger: ledger).plan(
            ReplaySpan(of: rollout, head: try ledger.end()))
        let experiment = try Experiment(plan, of: rollout.stream)
        let variants = try variants(in: context)
        let details = try RolloutCatalog(ledger: ledger, now: context.now()).details(of: [rollout])[0]
        let bar = ProgressBar("trying", in: context, quiet: output.quiet)
        let trials = try await trials([Variant()] + variants, experiment) { bar.update(Int64($0), of: Int64($1)) }
        bar.finish()
        let report = WhatIfReport(
            rollout: details, unchanged: trials[0], trials: Trial.ranked(Array(trials.dropFirst())), plan: plan)
        let printer = Printer(context: context, options: output)
        try printer.print(report) { report.lines(printer) }
    }

    private func variants(in context: CommandContext) throws -> [Variant] {
        let base = try changes.variant(in: context)
        guard !sweep.isEmpty else {
            guard base != Variant() || seeds != nil else {
                throw ValidationError("Say what is to be changed, such as --max-surge 2, or what to --sweep.")
            }
            return base == Variant() ? [] : [base]
        }
        return try sweep.reduce([base]) { variants, sweep in
            try variants.flatMap { variant in try sweep.values.map { try sweep.name.set($0, of: variant) } }
        }
    }

    /// Tries variants, on all cores, and gives what came of them in their order.
    private func trials(
        _ variants: [Variant], _ experiment: Experiment, progress: @escaping @Sendable (Int, Int) -> Void
    ) async throws -> [Trial] {
        let seeds: [UInt64?] = self.seeds.map { (1...$0).map { UInt64($0) } } ?? [nil]
        return try await withThrowingTaskGroup(of: (Int, Trial).self) { group in
            for (index, variant) in variants.enumerated() {
                group.addTask {
                    try Task.checkCancellation()
                    return (index, Trial(variant, try seeds.map { try experiment.figures(of: variant, seed: $0) }))
                }
            }
            var trials = [Trial?](repeating: nil, count: variants.count)
            var done = 0
            for try await (index, trial) in group {
                trials[index] = trial
                done += 1
                progress(done, variants.count)
            }
            return trials.compactMap(\.self)
        }
    }
}
