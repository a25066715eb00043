import ArgumentParser
import EventLedger
import Foundation
import RolloutModel

/// `shipslog note`: what people want remembered.
struct NoteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "note", abstract: "Write down what should be remembered of a rollout.",
        subcommands: [NoteAddCommand.self])
}

/// `shipslog note add`: appends a note to the history of a subject.
struct NoteAddCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Append a note on a rollout, or on a subject.",
        discussion: """
            Like everything in the ledger a note is kept for ever, with the time and the user who wrote it. `show` and \
            `history` show it.

            Examples:
              shipslog note add deploy/web@3 "incident 4711: the registry was down"
              shipslog note add deploy/web "frozen until Monday"
            """
    )

    @Argument(
        help: ArgumentHelp("The rollout (deploy/web@3), or the subject (deploy/web).", valueName: "rollout"),
        completion: NameCompletion.rollouts)
    var about: String

    @Argument(help: "The note.")
    var text: String

    @OptionGroup var scope: ScopeArguments
    @OptionGroup var ledger: LedgerArguments
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if about.contains("@") { _ = try RolloutArgument([about]) } else { _ = try SubjectArgument([about]) }
        guard text.contains(where: { !$0.isWhitespace }) else { throw ValidationError("The note is empty.") }
        guard text.count <= NoteAdded.allowedLength.upperBound else {
            throw ValidationError(
                "The note has \(text.count) characters, more than \(NoteAdded.allowedLength.upperBound).")
        }
    }

    func run(in context: CommandContext) async throws {
        let ledger = try ledger.open(in: context, mode: .readWrite)
        let finder = SubjectFinder(ledger: ledger, scope: try scope.scope(of: ledger))
        let (stream, number) = try place(finder)
        var generator = SystemRandomNumberGenerator()
        let now = context.now()
        let note = try Event(
            id: .timeOrdered(at: now, using: &generator), stream: stream,
            fact: .noteAdded(NoteAdded(rollout: number, text: text)), occurredAt: now,
            actor: Actor(name: context.user, evidence: .engine), origin: .command
        )
        // The subject may be gone by now, but never its history.
        let positions = try await ledger.append([note], if: [.streamExists(stream)])
        let query = EventQuery(after: Position(rawValue: positions[0].rawValue - 1), streams: [stream], limit: 1)
        for try await event in ledger.events(query) {
            let item = try EventItem(event, in: ledger)
            let printer = Printer(context: context, options: output)
            try printer.print(item) { ["Noted on \(number.map { "\(stream.shortName)@\($0)" } ?? stream.shortName)."] }
        }
        try ledger.close()
    }

    private func place(_ finder: SubjectFinder) throws -> (StreamName, Int?) {
        guard about.contains("@") else { return (try finder.stream(of: SubjectArgument([about])), nil) }
        let rollout = try finder.rollout(RolloutArgument([about]))
        return (rollout.stream, rollout.number)
    }
}
