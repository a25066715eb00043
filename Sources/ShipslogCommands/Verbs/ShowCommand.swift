import ArgumentParser
import EventLedger
import RolloutModel

/// `shipslog show`: everything about one rollout.
struct ShowCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one rollout: who, what, how it went, and what happened when.",
        discussion: """
            Examples:
              shipslog show deploy/web@3
              shipslog show deploy/web@3 --all
              shipslog show svc/cart@2 -o json
              shipslog show --bundle web-3.shipslog
            """
    )

    @Argument(
        help: ArgumentHelp("The rollout: deploy/web@3; that of the bundle if not given.", valueName: "rollout"),
        completion: NameCompletion.rollouts)
    var rollout: [String] = []

    @Flag(help: "Show every event, also what is routine or repeats itself.")
    var all = false

    @OptionGroup var scope: ScopeArguments
    @OptionGroup var ledger: LedgerArguments
    @OptionGroup var output: OutputOptions

    func validate() throws {
        try ledger.validate(rollout: rollout)
    }

    func run(in context: CommandContext) async throws {
        let ledger = try ledger.open(in: context)
        let finder = SubjectFinder(ledger: ledger, scope: try scope.scope(of: ledger))
        let rollout = try finder.rollout(named: rollout)
        let report = try await report(on: rollout, from: ledger, now: context.now())
        let printer = Printer(context: context, options: output)
        try printer.print(report) { report.lines(printer, all: all) }
    }

    private func report(on rollout: Rollout, from ledger: Ledger, now: Timestamp) async throws -> RolloutReport {
        let catalog = RolloutCatalog(ledger: ledger, now: now)
        let services = try rollout.stream.kind == "service" ? [rollout.stream] : catalog.services(over: rollout)
        let end = try rollout.endPosition ?? ledger.end()
        let state = try StateCatalog(ledger: ledger, at: .position(end)).item(of: rollout.stream)
        return RolloutReport(
            item: try catalog.details(of: [rollout])[0], pods: state.pods, services: services,
            evidence: try rollout.actorEvent.flatMap { try ledger.attributions(of: $0).first },
            notes: try await Note.all(of: rollout.stream, in: ledger).filter { $0.isAbout(rollout) },
            timeline: try await timeline(of: rollout, services: services, from: ledger),
            aftermath: try aftermath(of: rollout, from: ledger)
        )
    }

    private func aftermath(of rollout: Rollout, from ledger: Ledger) throws -> RolloutReport.Aftermath? {
        // A bundle ends with its rollout.
        guard self.ledger.bundle == nil, rollout.endedAt != nil,
            case .deployment(let state) = try ledger.state(of: rollout.stream),
            !state.isDeleted, state.rollout?.number == rollout.number
        else { return nil }
        return RolloutReport.Aftermath(state)
    }

    /// The events of the subject from the first action to the end, and the moments at which its Services lost or regained their last
    /// ready endpoint.
    private func timeline(of rollout: Rollout, services: [StreamName], from ledger: Ledger) async throws -> Timeline {
        let query = EventQuery(
            after: Position(rawValue: rollout.firstPosition.rawValue - 1), through: rollout.endPosition,
            streams: [rollout.stream]
        )
        var entries: [Timeline.Entry] = []
        for try await event in ledger.events(query) {
            entries.append(
                Timeline.Entry(event, text: try FactText(of: event.event), actor: try ledger.actor(of: event)))
        }
        for service in services {
            for outage in try ledger.outages(of: service) {
                let ends = [
                    (outage.startedAt, "has no ready endpoint"), (outage.endedAt, "has a ready endpoint again"),
                ]
                for case (let time?, let text) in ends
                where rollout.startedAt <= time && time <= rollout.endedAt ?? time {
                    entries.append(Timeline.Entry(time: time, about: service.shortName, text: text))
                }
            }
        }
        // By time; what happened at the same time stays in the order of the log.
        let ordered = entries.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
        return Timeline(entries: ordered.map(\.element))
    }
}
