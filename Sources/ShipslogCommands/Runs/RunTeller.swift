import RolloutEngine
import RolloutModel

/// Says how a run goes: one line for each change, and on a terminal a tree below them of what there is now.
actor RunTeller {
    private let context: CommandContext
    private let dryRun: DryRunArgument?
    private let streams: [StreamName]
    private let turn: TerminalTurn
    private let isQuiet: Bool
    private let draws: Bool
    private var region: LiveRegion
    private var tree: [StyledText] = []
    private var waiting: String?
    private var last: String?
    /// How many questions have been put on the terminal since the run began.
    private var questions = 0
    /// What was to be said while a person was asked.
    private var unsaid: [StyledText] = []

    /// - Parameters:
    ///   - streams: The subjects of the run, in the order in which they are shown.
    ///   - turn: Whose it is to write.
    ///   - isAlone: Whether nobody else draws on the terminal.
    init(
        of streams: [StreamName], context: CommandContext, options: RunArguments, turn: TerminalTurn, isAlone: Bool
    ) {
        self.streams = streams
        self.context = context
        self.turn = turn
        dryRun = options.dryRun
        isQuiet = options.output.quiet
        let isTerminal = context.isNoticesTerminal && context.environment["TERM"] != "dumb"
        draws = isAlone && isTerminal && options.dryRun == nil && !options.output.quiet
        region = LiveRegion(
            context.notices,
            colours: options.output.colour.isWanted(onTerminal: context.isNoticesTerminal, in: context))
    }

    func tell(_ progress: RunProgress) throws {
        switch progress {
        case .seeing(let sight):
            guard draws else { return }
            tree = RunTree.lines(of: streams.compactMap { stream in sight.states[stream].map { (stream, $0) } })
            try draw()
        case .ended:
            waiting = nil
            try draw()
        case .waiting(let words) where draws:
            waiting = words
            try draw()
        case .acting(let words): try say(words)
        case .waiting(let words): try say("waiting: \(words)", isWaiting: true)
        case .turnedBack(let reason): try say("failed: \(reason); going back")
        case .held(let reason):
            try say("failed: \(reason); `shipslog rollout resume` tries again, `shipslog rollout abort` goes back")
        case .restored: try say("what was there before is back")
        }
    }

    private func say(_ words: String, isWaiting: Bool = false) throws {
        guard words != last, !isQuiet else { return }
        last = words
        if draws {
            waiting = nil
            return try draw(above: StyledText(words))
        }
        guard let dryRun else { return try context.notice(words) }
        // Of what is not carried out, it matters what is done, and not how long it takes.
        if isWaiting, dryRun != .simulation { return }
        try context.notice("\(words) (\(dryRun.rawValue) dry run)")
    }

    /// Draws the tree, and below it what is waited for.
    private func draw(above: StyledText? = nil) throws {
        guard draws else { return }
        let now = turn.now
        // What is drawn next comes below the question.
        if now.questions != questions { region.leave() }
        questions = now.questions
        guard !now.isAsking else {
            if let above { unsaid.append(above) }
            return
        }
        for line in unsaid { try region.draw([], above: line) }
        unsaid = []
        let lines = tree + (waiting.map { [StyledText("waiting: \($0)", .faint)] } ?? [])
        try region.draw(lines, above: above)
    }
}
