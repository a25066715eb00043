import ArgumentParser
import EventLedger
import RolloutModel

/// `shipslog rollouts`: every rollout, the oldest first.
struct RolloutsCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "rollouts",
        abstract: "List rollouts, the oldest first.",
        discussion: """
            A rollout is numbered within its subject and kept for ever, also after the subject is deleted.

            Examples:
              shipslog rollouts
              shipslog rollouts deploy/web
              shipslog rollouts deploy --all-namespaces --since 2d
              shipslog rollouts -l app=web
              shipslog rollouts -o json
            """
    )

    @Argument(
        help: ArgumentHelp("Only of this subject (deploy/web), or of this type (svc).", valueName: "type/name"),
        completion: NameCompletion.subjects)
    var subject: [String] = []

    @Option(
        help: ArgumentHelp(
            "Only those that began at this time or later: RFC 3339, or an age such as 2h.", valueName: "time"))
    var since: TimeArgument?

    @Option(help: ArgumentHelp("Only the newest so many.", valueName: "count"))
    var limit: Int?

    @OptionGroup var labels: SelectorArguments
    @OptionGroup var scope: ScopeArguments
    @OptionGroup var ledger: LedgerArguments
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit must be at least 1.") }
        _ = try selector()
    }

    private func selector() throws -> LabelSelector? {
        try labels.selector(beside: subject.isEmpty ? nil : SubjectArgument(subject))
    }

    func run(in context: CommandContext) async throws {
        let printer = Printer(context: context, options: output)
        let ledger = try ledger.open(in: context)
        let scope = try scope.scope(of: ledger)
        let rollouts = try selected(from: ledger, scope: scope, now: context.now())
        let items =
            output.format == .table
            ? rollouts.map { RolloutItem(rollout: $0) }
            : try RolloutCatalog(ledger: ledger, now: context.now()).details(of: rollouts)
        try printer.print(items, withNamespace: scope.namespace == nil, nothing: scope.nothingFound)
    }

    private func selected(from ledger: Ledger, scope: Scope, now: Timestamp) throws -> [Rollout] {
        let argument = try subject.isEmpty ? nil : SubjectArgument(subject)
        let since = since?.resolved(now: now)
        if try argument == nil && selector() == nil {
            return try ledger.rollouts(
                RolloutQuery(cluster: scope.cluster, namespace: scope.namespace, since: since, limit: limit))
        }
        let rollouts = try SubjectFinder(ledger: ledger, scope: scope, selector: selector()).streams(of: argument)
            .flatMap { try ledger.rollouts(RolloutQuery(stream: $0, since: since, limit: limit)) }
            .sorted { $0.startPosition < $1.startPosition }
        return limit.map { rollouts.suffix($0) } ?? rollouts
    }
}
