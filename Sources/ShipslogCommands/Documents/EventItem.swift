import EventLedger
import RolloutModel

/// An event as `events` answers with it.
struct EventItem: Printable {
    var recorded: RecordedEvent
    /// Who did it, as is best known by now.
    var actor: Actor?
    /// The payload as it is stored.
    var payload: JSONValue
    var text: FactText

    /// Reads an event of a ledger.
    ///
    /// - Throws: As ``FactText/init(of:)`` and `Ledger.actor`.
    init(_ recorded: RecordedEvent, in ledger: Ledger) throws {
        self.recorded = recorded
        actor = try ledger.actor(of: recorded)
        text = try FactText(of: recorded.event)
        payload = try CanonicalJSON.decode(JSONValue.self, from: recorded.event.payload)
    }

    var namespace: String { recorded.event.stream.namespace }
    var name: String { recorded.position.description }

    static func columns(_ style: TextStyle) -> [Column<EventItem>] { [] }

    /// One line for a person.
    func line(_ style: TextStyle, withNamespace: Bool) -> StyledText {
        let stream = recorded.event.stream
        let subject = withNamespace ? "\(stream.namespace)/\(stream.shortName)" : stream.shortName
        let moment = TimeText.moment(recorded.event.occurredAt, now: style.now, display: style.time)
        return "\(recorded.position.description.padded(to: 6), .faint)   \(moment.padded(to: 10))   "
            + "\(subject.padded(to: 16))   \(what)"
    }

    private var what: StyledText {
        let by = text.isAct ? actor.map { " by \($0.text)" } ?? "" : ""
        return "\(text.line)\(by)\(recorded.event.isInferred ? " (inferred)" : "", .waiting)"
    }

    var document: JSONValue {
        let event = recorded.event
        return .object([
            "actor": .actor(actor),
            "cause": .text(event.cause?.description),
            "id": .string(event.id.description),
            "inferred": .bool(event.isInferred),
            "occurredAt": .time(event.occurredAt),
            "origin": .string(event.origin.rawValue),
            "payload": payload,
            "position": .position(recorded.position),
            "recordedAt": .time(recorded.recordedAt),
            "rollout": .text(event.rollout?.description),
            "schemaVersion": .whole(event.schemaVersion),
            "stream": .string(event.stream.description),
            "type": .string(event.type.rawValue),
            "version": .integer(recorded.version),
        ])
    }
}

extension String {
    /// The text with blanks after it, if it takes up fewer columns than that.
    func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - TerminalText.width(of: self)))
    }
}
