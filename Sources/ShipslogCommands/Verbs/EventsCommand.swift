import ArgumentParser
import EventLedger
import RolloutModel

/// `shipslog events`: the log itself.
struct EventsCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "Print the events of the log, the oldest first.",
        discussion: """
            Examples:
              shipslog events deploy/web --since 1h
              shipslog events --type deployment.template_changed --type deployment.scaled
              shipslog events --rollout deploy/web@3
              shipslog events httproute/web --type route.weights_changed
              shipslog events -l app=web --actor alice -o jsonl
              shipslog events --follow
            """,
        aliases: ["event"]
    )

    @Argument(
        help: ArgumentHelp(
            "Only of this subject or HTTPRoute (deploy/web), or of this type (svc).", valueName: "type/name"),
        completion: NameCompletion.subjectsAndRoutes)
    var subject: [String] = []

    @Option(help: ArgumentHelp("Only of this event type; may be repeated.", valueName: "type"))
    var type: [String] = []

    @Option(help: ArgumentHelp("Only what this user or field manager did.", valueName: "name"))
    var actor: String?

    @Option(
        help: ArgumentHelp(
            "Only what occurred at this time or later: RFC 3339, or an age such as 2h.", valueName: "time"))
    var since: TimeArgument?

    @Option(help: ArgumentHelp("Only what occurred at this time or earlier.", valueName: "time"))
    var until: TimeArgument?

    @Option(help: ArgumentHelp("Only what comes after this position.", valueName: "position"))
    var after: Int64 = 0

    @Option(
        help: ArgumentHelp("Only from the first action to the end of this rollout: deploy/web@3.", valueName: "rollout")
    )
    var rollout: String?

    @Option(help: ArgumentHelp("Only the first so many.", valueName: "count"))
    var limit: Int?

    @Flag(name: .shortAndLong, help: "Go on with each new event as it is appended, until interrupted.")
    var follow = false

    @OptionGroup var labels: SelectorArguments
    @OptionGroup var scope: ScopeArguments
    @OptionGroup var ledger: LedgerArguments
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit must be at least 1.") }
        if after < 0 { throw ValidationError("--after must be a position: 0 or more.") }
        if !subject.isEmpty, rollout != nil { throw ValidationError("--rollout names its subject already.") }
        if follow, ledger.bundle != nil {
            throw ValidationError("--follow has nothing to wait for: a bundle does not grow.")
        }
        if follow, rollout != nil { throw ValidationError("--follow and --rollout exclude each other.") }
        _ = try selector()
        if let rollout { _ = try RolloutArgument([rollout]) }
        for type in type where !EventType.all.contains(EventType(rawValue: type)) {
            let known = EventType.all.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("There is no event type \"\(type)\". There are \(known).")
        }
    }

    private func selector() throws -> LabelSelector? {
        try labels.selector(beside: subject.isEmpty ? nil : SubjectArgument(subject, allowsRoutes: true))
    }

    func run(in context: CommandContext) async throws {
        let printer = Printer(context: context, options: output)
        let ledger = try ledger.open(in: context)
        let scope = try scope.scope(of: ledger)
        let style = printer.style
        let line = { (item: EventItem) in item.line(style, withNamespace: scope.namespace == nil) }
        if follow {
            let isWanted = try wanted(in: scope, now: context.now())
            let selector = try selector()
            let events = ledger.follow(after: Position(rawValue: after))
                .filter { try isWanted($0, ledger.actor(of: $0)) && ledger.isChosen($0.event.stream, by: selector) }
            try await printer.print(
                stream: events.prefix(limit ?? .max).map { try EventItem($0, in: ledger) }, isLive: true,
                nothing: scope.nothingFound, line: line
            )
        } else {
            guard let query = try query(of: ledger, scope: scope, now: context.now()) else {
                return try printer.print([EventItem](), nothing: scope.nothingFound)
            }
            try await printer.print(
                stream: ledger.events(query).map { try EventItem($0, in: ledger) }, isLive: false,
                nothing: scope.nothingFound, line: line
            )
        }
    }

    /// What the options ask for; `nil` if they ask for streams and there are none.
    private func query(of ledger: Ledger, scope: Scope, now: Timestamp) throws -> EventQuery? {
        var query = EventQuery(
            after: Position(rawValue: after), types: type.map(EventType.init), actor: actor,
            since: since?.resolved(now: now), until: until?.resolved(now: now), limit: limit
        )
        let finder = try SubjectFinder(ledger: ledger, scope: scope, selector: selector(), findsRoutes: true)
        if let rollout {
            let rollout = try finder.rollout(RolloutArgument([rollout]))
            query.filter.streams = [rollout.stream]
            query.after = max(query.after, Position(rawValue: rollout.firstPosition.rawValue - 1))
            query.through = rollout.endPosition
        } else if !subject.isEmpty {
            query.filter.streams = try finder.streams(of: SubjectArgument(subject, allowsRoutes: true))
            if query.filter.streams.isEmpty { return nil }
        } else {
            let all = try ledger.streams(cluster: nil, namespace: nil, kind: nil, name: nil)
            // No filter where it would let everything through: that is the fastest way to read.
            if !all.allSatisfy(scope.contains) {
                (query.filter.cluster, query.filter.namespace) = (scope.cluster, scope.namespace)
            }
            if let selector = try selector() {
                query.filter.streams = try all.filter { try scope.contains($0) && ledger.isChosen($0, by: selector) }
                if query.filter.streams.isEmpty { return nil }
            }
        }
        return query
    }

    /// The same as a condition on single events: a follower also sees subjects that are not there yet.
    private func wanted(in scope: Scope, now: Timestamp) throws -> @Sendable (RecordedEvent, Actor?) -> Bool {
        let subject = try subject.isEmpty ? nil : SubjectArgument(subject, allowsRoutes: true)
        let (types, actor) = (Set(type), actor)
        let (since, until) = (since?.resolved(now: now), until?.resolved(now: now))
        return { recorded, doer in
            let event = recorded.event
            return scope.contains(event.stream)
                && (subject.map { $0.kind == event.stream.kind && $0.name ?? event.stream.name == event.stream.name }
                    ?? true)
                && (types.isEmpty || types.contains(event.type.rawValue))
                && (actor.map { [event.actor?.name, doer?.name].contains($0) } ?? true)
                && (since.map { $0 <= event.occurredAt } ?? true) && (until.map { event.occurredAt <= $0 } ?? true)
        }
    }
}
