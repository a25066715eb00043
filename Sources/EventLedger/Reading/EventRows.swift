import Foundation
import GRDB
import RolloutModel

/// Reads events out of rows.
enum EventRows {
    /// The columns that ``event(_:_:_:)`` expects, and the tables they come from.
    static let columns = """
        e.position, e.version, e.recorded_at, e.id, e.stream, e.type, e.schema_version, e.occurred_at, e.rollout, \
        e.cause, e.actor, e.actor_evidence, e.origin, e.inferred, p.content
        """

    /// The event of a row.
    ///
    /// - Throws: `ShipslogError` with code `tampered` if the row cannot be that of an event.
    static func event(_ row: Query.Row, _ names: inout Names, in database: Database) throws -> RecordedEvent {
        let position = row.integer(0)
        guard let id = eventID(row, 3), let origin = Origin(rawValue: row.text(12)) else { throw malformed(position) }
        var actor: Actor?
        if let name = row.textOrNil(10) {
            guard let evidence = Actor.Evidence(rawValue: row.text(11)) else { throw malformed(position) }
            actor = Actor(name: name, evidence: evidence)
        }
        return RecordedEvent(
            position: Position(rawValue: position), version: row.integer(1),
            recordedAt: Timestamp(microseconds: row.integer(2)),
            event: Event(
                id: id, stream: try names.stream(row.integer(4), in: database),
                type: try names.type(row.integer(5), in: database), schemaVersion: Int(row.integer(6)),
                occurredAt: Timestamp(microseconds: row.integer(7)), rollout: eventID(row, 8), cause: eventID(row, 9),
                actor: actor, origin: origin, isInferred: row.integer(13) != 0, payload: row.data(14)
            )
        )
    }

    private static func eventID(_ row: Query.Row, _ column: Int32) -> EventID? {
        row.withBytes(column) { EventID(bytes: $0) }
    }

    private static func malformed(_ position: Int64) -> ShipslogError {
        ShipslogError(.tampered, "The event at position \(position) is damaged.", hint: "Run `shipslog verify`.")
    }
}
