import ArgumentParser
import EventLedger
import RolloutModel

/// `shipslog history`: every revision of a subject.
struct HistoryCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "List every revision that a subject ever had.",
        discussion: """
            Unlike `kubectl rollout history` it knows the revisions beyond the limit, those of a deleted Deployment, and \
            keeps the number of a revision that is returned to.

            Examples:
              shipslog history deploy/web
              shipslog history svc cart -o json
              shipslog history -l app=web
            """
    )

    @Argument(
        help: ArgumentHelp(
            "The subject (deploy/web, svc/cart, pod/batch), or a type; with -l it may be left out.",
            valueName: "type/name"),
        completion: NameCompletion.subjects)
    var subject: [String] = []

    @OptionGroup var labels: SelectorArguments
    @OptionGroup var scope: ScopeArguments
    @OptionGroup var ledger: LedgerArguments
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if subject.isEmpty, labels.selector == nil {
            throw ValidationError("Name a subject (deploy/web), or choose some by their labels: -l app=web.")
        }
        _ = try selector()
    }

    private func argument() throws -> SubjectArgument? { try subject.isEmpty ? nil : SubjectArgument(subject) }

    private func selector() throws -> LabelSelector? { try labels.selector(beside: argument()) }

    func run(in context: CommandContext) async throws {
        let ledger = try ledger.open(in: context)
        let scope = try scope.scope(of: ledger)
        let finder = try SubjectFinder(ledger: ledger, scope: scope, selector: selector())
        let streams = try streams(finder)
        var items: [RevisionItem] = []
        for stream in streams {
            let rollouts = try ledger.rollouts(RolloutQuery(stream: stream))
            let notes = try await Note.all(of: stream, in: ledger)
            items += try ledger.revisions(of: stream).map { revision in
                let own = rollouts.filter { $0.revision == revision.number }
                return RevisionItem(
                    revision: revision, rollouts: own,
                    notes: notes.filter { note in own.contains { $0.number == note.rollout } }
                )
            }
        }
        let hidden = (streams.count == 1 ? ["SUBJECT"] : []) + (items.allSatisfy(\.notes.isEmpty) ? ["NOTES"] : [])
        let ofWhat = streams.count == 1 ? " of \(streams[0].shortName)" : ""
        try Printer(context: context, options: output).print(
            items, withNamespace: scope.namespace == nil, without: Set(hidden),
            nothing: "No revisions found\(ofWhat)."
        )
    }

    /// A name alone means one subject; a type or labels mean any number.
    private func streams(_ finder: SubjectFinder) throws -> [StreamName] {
        let argument = try argument()
        if let argument, argument.name != nil { return [try finder.stream(of: argument)] }
        return try finder.streams(of: argument)
    }
}
