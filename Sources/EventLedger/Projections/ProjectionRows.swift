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
    func rows() throws -> [ProjectionRow] {
        func row(_ table: ProjectionTable, _ key: Key, _ values: [SQLValue]) -> ProjectionRow {
            ProjectionRow(table: table, stream: key.stream, number: Int64(key.number), values: values)
        }
        func body(_ value: some Encodable) throws -> [SQLValue] {
            [.text(String(decoding: try CanonicalJSON.encode(value), as: UTF8.self))]
        }
        return try rollouts.map { row(.rollout, $0, try $1.columnValues()) }
            + revisions.map { row(.revision, $0, try body($1)) } + outages.map { row(.outage, $0, try body($1)) }
            + attributions.map { row(.attribution, $0, $1.columnValues()) }
            + labels.map { row(.subject, Key(stream: $0, number: 1), try body(["labels": $1])) }
    }

    /// Writes the rows.
    func write(to database: Database) throws {
        for row in try rows() { try row.write(to: database) }
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
