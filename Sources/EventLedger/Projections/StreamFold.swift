import Foundation
import GRDB
import RolloutModel

/// The fold of a stream so far, with what snapshots need to know of it.
struct StreamFold {
    /// The number of events after which a snapshot is kept.
    static let snapshotInterval: Int64 = 256

    let stream: StreamName
    /// The written form of its name.
    let name: String
    /// The number of the stream in the file.
    let id: Int64
    var version: Int64 = 0
    var state: SubjectState
    /// The latest moment of all events so far.
    var maxOccurred = Int64.min
    /// The earliest moment of the events since the last snapshot.
    var minOccurred = Int64.max

    /// The fold of no events.
    init(stream: StreamName, id: Int64) {
        self.stream = stream
        name = stream.description
        self.id = id
        state = SubjectState(of: stream)
    }

    /// The fold of all events of a stream, from its newest snapshot on.
    init(stream: StreamName, id: Int64, _ names: inout Names, in database: Database) throws {
        self.init(stream: stream, id: id)
        let position = try database.query(
            """
            SELECT position, version, max_occurred, state FROM snapshot
            WHERE stream = ? ORDER BY version DESC LIMIT 1
            """, .integer(id)
        ).first { row in
            version = row.integer(1)
            maxOccurred = row.integer(2)
            state = try Snapshot.decode(row.data(3))
            return row.integer(0)
        }
        try StreamFold.events(of: id, after: position ?? 0, in: database).forEach { row in
            _ = try append(EventRows.event(row, &names, in: database))
        }
    }

    /// Takes in the next event of the stream.
    ///
    /// - Throws: `ShipslogError` with code `tampered` if the payload does not have the shape of its type; then nothing
    ///   has changed.
    mutating func append(_ event: RecordedEvent) throws -> Changes {
        let changes = try state.applyIfKnown(event)
        if version.isMultiple(of: Self.snapshotInterval) { minOccurred = .max }
        version = event.version
        maxOccurred = max(maxOccurred, event.event.occurredAt.microseconds)
        minOccurred = min(minOccurred, event.event.occurredAt.microseconds)
        return changes
    }

    /// The snapshot that is due after the event at a position; `nil` if none is.
    func dueSnapshot(at position: Int64) throws -> Snapshot? {
        guard version.isMultiple(of: Self.snapshotInterval) else { return nil }
        return Snapshot(
            stream: id, version: version, position: position, maxOccurred: maxOccurred, minOccurred: minOccurred,
            state: try CanonicalJSON.encode(state)
        )
    }

    /// The events of a stream after a position, in order.
    static func events(of id: Int64, after position: Int64, in database: Database) throws -> Query {
        try database.query(
            """
            SELECT \(EventRows.columns) FROM event AS e INDEXED BY event_by_stream
            JOIN payload AS p ON p.position = e.position
            WHERE e.stream = ? AND e.position > ? ORDER BY e.position
            """, .integer(id), .integer(position)
        )
    }
}

extension SubjectState {
    /// Takes in the next event of the stream.
    ///
    /// An event of a type, or of a version of its type, that this build does not know changes nothing: the log must go
    /// on. A build that knows it folds it in `rebuild`.
    ///
    /// - Throws: `ShipslogError` with code `tampered` if the payload does not have the shape of its type; then nothing
    ///   has changed.
    mutating func applyIfKnown(_ event: RecordedEvent) throws -> Changes {
        do {
            return try apply(event)
        } catch let error as ShipslogError where error.code == .unsupportedSchema {
            return Changes()
        }
    }
}

/// The state of a stream after a multiple of 256 events.
struct Snapshot {
    var stream: Int64
    var version: Int64
    var position: Int64
    var maxOccurred: Int64
    var minOccurred: Int64
    var state: Data

    /// Reads a stored state.
    ///
    /// - Throws: `ShipslogError` with code `tampered`.
    static func decode(_ state: Data) throws -> SubjectState {
        do {
            return try CanonicalJSON.decode(SubjectState.self, from: state)
        } catch is DecodingError {
            throw ShipslogError(
                .tampered, "A snapshot of the projections does not have the shape of a state.",
                hint: "Run `shipslog rebuild`."
            )
        }
    }
}
