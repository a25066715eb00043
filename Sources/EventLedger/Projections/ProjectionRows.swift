import Foundation
import GRDB
import RolloutModel

/// Rows of the projections that events have changed, each in its newest form.
struct ProjectionRows {
    private struct Key: Hashable {
        let stream: Int64
        let number: Int
    }

    private var rollouts: [Key: Rollout] = [:]
    private var revisions: [Key: Revision] = [:]
    private var outages: [Key: Outage] = [:]
    private var snapshots: [Snapshot] = []

    /// A row as it is stored.
    struct Encoded {
        let table: String
        let stream: Int64
        let number: Int64
        /// Of a rollout: the event that began it.
        let startPosition: Int64?
        let body: Data
    }

    /// The number of rows.
    var count: Int { rollouts.count + revisions.count + outages.count + snapshots.count }

    /// Notes what an event of a stream has changed.
    mutating func add(_ changes: Changes, of stream: Int64) {
        for rollout in changes.rollouts { rollouts[Key(stream: stream, number: rollout.number)] = rollout }
        for revision in changes.revisions { revisions[Key(stream: stream, number: revision.number)] = revision }
        for outage in changes.outages { outages[Key(stream: stream, number: outage.number)] = outage }
    }

    /// Notes a snapshot, if there is one.
    mutating func add(_ snapshot: Snapshot?) {
        if let snapshot { snapshots.append(snapshot) }
    }

    /// All rows but the snapshots.
    func encoded() throws -> [Encoded] {
        func encode(_ table: String, _ key: Key, _ value: some Encodable, start: Position? = nil) throws -> Encoded {
            Encoded(
                table: table, stream: key.stream, number: Int64(key.number), startPosition: start?.rawValue,
                body: try CanonicalJSON.encode(value)
            )
        }
        return try rollouts.map { try encode("rollout", $0, $1, start: $1.startPosition) }
            + revisions.map { try encode("revision", $0, $1) } + outages.map { try encode("outage", $0, $1) }
    }

    /// Writes the rows.
    func write(to database: Database) throws {
        for row in try encoded() {
            let body = SQLValue.text(String(decoding: row.body, as: UTF8.self))
            if let start = row.startPosition {
                try database.query(
                    """
                    INSERT INTO rollout (stream, number, start_position, body) VALUES (?, ?, ?, ?)
                    ON CONFLICT (stream, number)
                    DO UPDATE SET start_position = excluded.start_position, body = excluded.body
                    """, .integer(row.stream), .integer(row.number), .integer(start), body
                ).run()
            } else {
                try database.query(
                    """
                    INSERT INTO \(row.table) (stream, number, body) VALUES (?, ?, ?)
                    ON CONFLICT (stream, number) DO UPDATE SET body = excluded.body
                    """, .integer(row.stream), .integer(row.number), body
                ).run()
            }
        }
        for snapshot in snapshots {
            try database.query(
                """
                INSERT INTO snapshot (stream, version, position, max_occurred, min_occurred, state)
                VALUES (?, ?, ?, ?, ?, ?)
                """,
                .integer(snapshot.stream), .integer(snapshot.version), .integer(snapshot.position),
                .integer(snapshot.maxOccurred), .integer(snapshot.minOccurred), .data(snapshot.state)
            ).run()
        }
    }
}
