import ArgumentParser
import EventLedger
import RolloutModel

/// `shipslog state`: subjects as they are, or as they were.
struct StateCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "state",
        abstract: "Show a subject, its pods and the Services over it, now or at a past moment.",
        discussion: """
            A moment is a time (RFC 3339, or an age such as 2h) or the position of an event; `events` prints positions.

            Examples:
              shipslog state
              shipslog state deploy/web
              shipslog state -l app=web
              shipslog state deploy/web --at 2026-07-30T12:00:00Z
              shipslog state deploy/web --at 90m -o json
              shipslog state svc/cart --at 1200
            """
    )

    @Argument(
        help: ArgumentHelp("The subject: deploy/web; all of them if not given.", valueName: "type/name"),
        completion: NameCompletion.subjects)
    var subject: [String] = []

    @Option(help: ArgumentHelp("The moment: RFC 3339, an age, or a position.", valueName: "time|position"))
    var at: MomentArgument?

    @OptionGroup var labels: SelectorArguments
    @OptionGroup var scope: ScopeArguments
    @OptionGroup var ledger: LedgerArguments
    @OptionGroup var output: OutputOptions

    func validate() throws {
        _ = try selector()
    }

    private func selector() throws -> LabelSelector? {
        try labels.selector(beside: subject.isEmpty ? nil : SubjectArgument(subject))
    }

    func run(in context: CommandContext) async throws {
        let printer = Printer(context: context, options: output)
        let ledger = try ledger.open(in: context)
        let scope = try scope.scope(of: ledger)
        let finder = try SubjectFinder(ledger: ledger, scope: scope, selector: selector())
        let reader = try StateCatalog(ledger: ledger, at: at?.resolved(now: context.now()))
        let argument = try subject.isEmpty ? nil : SubjectArgument(subject)
        if let argument, argument.name != nil {
            let item = try reader.item(of: finder.stream(of: argument))
            guard item.isKnown else {
                throw ShipslogError(.notFound, "There was no \(argument.description) at that moment.")
            }
            try printer.print(item) { item.lines(printer) }
        } else {
            let items = try reader.items(of: finder.streams(of: argument)).filter { $0.isKnown && !$0.isDeleted }
            try printer.print(items, withNamespace: scope.namespace == nil, nothing: scope.nothingFound)
        }
    }
}

extension StateItem {
    /// The subject in some lines for a person.
    func lines(_ printer: Printer) -> [StyledText] {
        let moment = time.map(TimeText.absolute) ?? position.map { "position \($0)" } ?? "now"
        var fields: [(String, StyledText)] = [
            ("Subject", "\(name, .strong) in namespace \(namespace) of cluster \(stream.cluster)"),
            ("As of", StyledText(moment)),
        ]
        if isDeleted { fields.append(("Deleted", "yes")) }
        if !images.isEmpty { fields.append(("Images", StyledText(ImageText.list(images)))) }
        switch state {
        case .deployment(let state): fields += state.fields
        case .service(let state): fields.append(("Selector", StyledText(ImageText.labels(state.selector))))
        case .pod, .none: break
        }
        if let rollout { fields.append(("Rollout", "\(rollout.name) \(rollout.outcomeText)")) }
        var lines = FieldList.lines(fields)
        if !pods.isEmpty { lines += [""] + printer.tableLines(pods).map { "  " + $0 } }
        if !services.isEmpty { lines += ["", "Services over it:"] + printer.tableLines(services).map { "  " + $0 } }
        if case .service(let state) = state { lines += state.endpointLines }
        return lines
    }
}

extension DeploymentState {
    fileprivate var fields: [(String, StyledText)] {
        let counts =
            "\(desired) desired, \(status.updated) updated, \(status.ready) ready, \(status.available) available"
        let conditions = conditions.sorted { $0.key < $1.key }.map { type, condition in
            "\(type)=\(condition.status)\(condition.reason.map { " (\($0))" } ?? "")"
        }
        return [
            ("Strategy", StyledText(strategy.text + (paused ? ", paused" : ""))),
            ("Replicas", StyledText(counts)),
            ("Conditions", StyledText(conditions.isEmpty ? "<none>" : conditions.joined(separator: ", "))),
        ]
    }
}

extension ServiceState {
    fileprivate var endpointLines: [StyledText] {
        let rows = endpoints.map { endpoint -> [StyledText] in
            [
                StyledText(endpoint.podName ?? "<none>"), StyledText(endpoint.addresses.joined(separator: ",")),
                StyledText(endpoint.ready ? "yes" : "no", endpoint.ready ? .good : .plain),
            ]
        }
        let table = Table(headers: ["POD", "ADDRESSES", "READY"], rows: rows)
        return rows.isEmpty ? [] : [""] + table.lines(withHeaders: true).map { "  " + $0 }
    }
}
