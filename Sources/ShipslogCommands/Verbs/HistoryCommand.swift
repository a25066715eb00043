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
        let items = try streams.flatMap { stream in
            let rollouts = try ledger.rollouts(RolloutQuery(stream: stream))
            return try ledger.revisions(of: stream).map { revision in
                RevisionItem(revision: revision, rollouts: rollouts.filter { $0.revision == revision.number })
            }
        }
        let ofWhat = streams.count == 1 ? " of \(streams[0].shortName)" : ""
        try Printer(context: context, options: output).print(
            items, withNamespace: scope.namespace == nil, without: streams.count == 1 ? ["SUBJECT"] : [],
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
