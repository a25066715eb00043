import RolloutEngine
import RolloutModel

/// Says how a run goes: one line for each change.
actor RunTeller {
    private let context: CommandContext
    private let dryRun: DryRunArgument?
    private var last: String?

    init(context: CommandContext, dryRun: DryRunArgument?) {
        self.context = context
        self.dryRun = dryRun
    }

    func tell(_ progress: RunProgress) throws {
        let words =
            switch progress {
            case .acting(let words): words
            case .waiting(let words): "waiting: \(words)"
            case .turnedBack(let reason): "failed: \(reason); going back"
            case .held(let reason):
                "failed: \(reason); `shipslog rollout resume` tries again, `shipslog rollout abort` goes back"
            case .restored: "what was there before is back"
            }
        guard words != last else { return }
        last = words
        guard let dryRun else { return try context.notice(words) }
        // Of what is not carried out, it matters what is done, and not how long it takes.
        if case .waiting = progress, dryRun != .simulation { return }
        try context.notice("\(words) (\(dryRun.rawValue) dry run)")
    }
}
