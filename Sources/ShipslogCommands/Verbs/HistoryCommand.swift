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
            """
    )

    @Argument(
        help: ArgumentHelp("The subject: deploy/web, svc/cart, pod/batch.", valueName: "type/name"),
        completion: NameCompletion.subjects)
    var subject: [String]

    @OptionGroup var scope: ScopeArguments
    @OptionGroup var ledger: LedgerArguments
    @OptionGroup var output: OutputOptions

    func validate() throws {
        _ = try SubjectArgument(subject)
    }

    func run(in context: CommandContext) async throws {
        let ledger = try ledger.open(in: context)
        let finder = SubjectFinder(ledger: ledger, scope: try scope.scope(of: ledger))
        let stream = try finder.stream(of: SubjectArgument(subject))
        let rollouts = try ledger.rollouts(RolloutQuery(stream: stream))
        let items = try ledger.revisions(of: stream).map { revision in
            RevisionItem(revision: revision, rollouts: rollouts.filter { $0.revision == revision.number })
        }
        try Printer(context: context, options: output)
            .print(items, nothing: "No revisions found of \(stream.shortName).")
    }
}
