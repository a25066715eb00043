import EventLedger
import RolloutModel

/// A note as `show` and `history` answer with it.
struct Note {
    var text: String
    /// The rollout that it is about; `nil` if it is about the subject.
    var rollout: Int?
    var time: Timestamp
    var author: String?
    var position: Position

    /// The notes in the history of a subject, the oldest first.
    ///
    /// - Throws: As the ledger's queries.
    static func all(of stream: StreamName, in ledger: Ledger) async throws -> [Note] {
        var notes: [Note] = []
        let type = EventType(rawValue: "note.added")
        for try await event in ledger.events(EventQuery(streams: [stream], types: [type])) {
            guard case .noteAdded(let note) = try event.event.fact() else { continue }
            notes.append(
                Note(
                    text: note.text, rollout: note.rollout, time: event.event.occurredAt,
                    author: event.event.actor?.name, position: event.position))
        }
        return notes
    }

    /// Whether it is about a rollout, or about the subject and written while that ran.
    func isAbout(_ rollout: Rollout) -> Bool {
        if let number = self.rollout { return number == rollout.number }
        return rollout.startedAt <= time && time <= rollout.endedAt ?? time
    }

    /// For a person.
    var line: String { "\(TimeText.absolute(time))   \(author ?? "<unknown>"): \(text)" }

    var document: JSONValue {
        .object([
            "actor": .text(author), "position": .position(position), "rollout": .whole(rollout), "text": .string(text),
            "time": .time(time),
        ])
    }
}
