import Foundation
import GRDB
import RolloutModel

/// Which events of a call are in the log already, and where the others will be.
struct KnownEvents {
    /// The events that are new, in the order of the call.
    private(set) var fresh: [AppendCall.Item] = []
    /// The position of each event of the call: of the first append of its id.
    private(set) var positions: [Position] = []

    /// Looks up the ids of a call.
    ///
    /// - Parameter next: The position that the first new event will have.
    /// - Throws: `ShipslogError` with code `conflict` if an id is that of an event that says something else.
    init(_ call: AppendCall, in database: Database, next: Int64) throws {
        var places: [EventID: Int] = [:]
        places.reserveCapacity(call.items.count)
        for item in call.items {
            if let place = places[item.event.id] {
                guard item.event.says(fresh[place].event) else { throw Self.conflict(item.event) }
                positions.append(Position(rawValue: next + Int64(place)))
            } else if let position = try Self.position(of: item.event, in: database) {
                positions.append(position)
            } else {
                positions.append(Position(rawValue: next + Int64(fresh.count)))
                places[item.event.id] = fresh.count
                fresh.append(item)
            }
        }
    }

    private static func position(of event: Event, in database: Database) throws -> Position? {
        // Most events are new; what they would be compared with is read only for those that are not.
        let position = try database.query("SELECT position FROM event WHERE id = ?", .blob(event.id.bytes))
            .first { $0.integer(0) }
        guard let position else { return nil }
        let isSame = try database.query(
            """
            SELECT s.cluster, s.namespace, s.kind, s.name, t.name, e.schema_version, p.content
            FROM event AS e JOIN stream AS s ON s.id = e.stream JOIN event_type AS t ON t.id = e.type
            JOIN payload AS p ON p.position = e.position
            WHERE e.position = ?
            """, .integer(position)
        ).first { row in
            try StreamName(row: row) == event.stream && row.text(4) == event.type.rawValue
                && Int(row.integer(5)) == event.schemaVersion && row.data(6) == event.payload
        }
        guard isSame == true else { throw conflict(event) }
        return Position(rawValue: position)
    }

    private static func conflict(_ event: Event) -> ShipslogError {
        ShipslogError(.conflict, "There is an event with the id \(event.id) that says something else.")
    }
}

extension Event {
    /// Whether both state the same fact of the same subject.
    ///
    /// When it occurred, who did it and who appended it may differ between two observers of one fact.
    func says(_ other: Event) -> Bool {
        stream == other.stream && type == other.type && schemaVersion == other.schemaVersion && payload == other.payload
    }
}
