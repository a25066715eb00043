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
    private var attributions: [Key: Attribution] = [:]
    /// By stream.
    private var labels: [Int64: [String: String]] = [:]
    private var snapshots: [Snapshot] = []

    /// A row as it is stored.
    struct Encoded {
        let table: String
        let stream: Int64
        let number: Int64
        /// A part of the body that has a column of its own, so that rows can be found by it.
        let indexed: (column: String, value: SQLValue)?
        let body: Data
    }

    /// The number of rows.
    var count: Int {
        rollouts.count + revisions.count + outages.count + attributions.count + labels.count + snapshots.count
    }

    /// Notes what an event of a stream has changed.
    mutating func add(_ changes: Changes, of stream: Int64) {
        for rollout in changes.rollouts { rollouts[Key(stream: stream, number: rollout.number)] = rollout }
        for revision in changes.revisions { revisions[Key(stream: stream, number: revision.number)] = revision }
        for outage in changes.outages { outages[Key(stream: stream, number: outage.number)] = outage }
        for attribution in changes.attributions {
            attributions[Key(stream: stream, number: Int(attribution.position.rawValue))] = attribution
        }
        if let changed = changes.labels { labels[stream] = changed }
    }

    /// Notes a snapshot, if there is one.
    mutating func add(_ snapshot: Snapshot?) {
        if let snapshot { snapshots.append(snapshot) }
    }

    /// All rows but the snapshots.
    func encoded() throws -> [Encoded] {
        func encode(
            _ table: String, _ key: Key, _ value: some Encodable, indexed: (column: String, value: SQLValue)? = nil
        ) throws -> Encoded {
            Encoded(
                table: table, stream: key.stream, number: Int64(key.number), indexed: indexed,
                body: try CanonicalJSON.encode(value)
            )
        }
        return try rollouts.map {
            try encode("rollout", $0, $1, indexed: ("start_position", .integer($1.startPosition.rawValue)))
        }
            + revisions.map { try encode("revision", $0, $1) } + outages.map { try encode("outage", $0, $1) }
            + attributions.map { try encode("attribution", $0, $1, indexed: ("event", .text($1.event.description))) }
            + labels.map { try encode("subject", Key(stream: $0, number: 1), ["labels": $1]) }
    }

    /// Writes the rows.
    func write(to database: Database) throws {
        for row in try encoded() {
            let body = SQLValue.text(String(decoding: row.body, as: UTF8.self))
            if let (column, value) = row.indexed {
                try database.query(
                    """
                    INSERT INTO \(row.table) (stream, number, \(column), body) VALUES (?, ?, ?, ?)
                    ON CONFLICT (stream, number)
                    DO UPDATE SET \(column) = excluded.\(column), body = excluded.body
                    """, .integer(row.stream), .integer(row.number), value, body
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
