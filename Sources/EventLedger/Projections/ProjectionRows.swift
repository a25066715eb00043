import GRDB
import RolloutModel

/// The rows of the projections that a transaction has changed, each written once at its end.
struct ProjectionRows {
    private struct Key: Hashable {
        let stream: Int64
        let number: Int
    }

    private var rollouts: [Key: Rollout] = [:]
    private var revisions: [Key: Revision] = [:]
    private var outages: [Key: Outage] = [:]
    private var snapshots: [Snapshot] = []

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

    /// Writes the rows.
    func write(to database: Database) throws {
        for (key, rollout) in rollouts {
            try database.query(
                """
                INSERT INTO rollout (stream, number, start_position, body) VALUES (?, ?, ?, ?)
                ON CONFLICT (stream, number) DO UPDATE SET start_position = excluded.start_position, body = excluded.body
                """,
                .integer(key.stream), .integer(Int64(key.number)), .integer(rollout.startPosition.rawValue),
                try Self.body(rollout)
            ).run()
        }
        for (key, revision) in revisions { try Self.write(key, revision, to: "revision", database) }
        for (key, outage) in outages { try Self.write(key, outage, to: "outage", database) }
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

    private static func write(_ key: Key, _ value: some Encodable, to table: String, _ database: Database) throws {
        try database.query(
            """
            INSERT INTO \(table) (stream, number, body) VALUES (?, ?, ?)
            ON CONFLICT (stream, number) DO UPDATE SET body = excluded.body
            """, .integer(key.stream), .integer(Int64(key.number)), try body(value)
        ).run()
    }

    private static func body(_ value: some Encodable) throws -> SQLValue {
        .text(String(decoding: try CanonicalJSON.encode(value), as: UTF8.self))
    }
}
