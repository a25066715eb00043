import GRDB
import RolloutModel

/// Folds all streams from their first events, one after the other: in memory there is never more than one.
struct ProjectionFold {
    let database: Database
    /// How many streams there are.
    private(set) var streams: [(id: Int64, name: StreamName)] = []

    init(_ database: Database) throws {
        self.database = database
        var found: [(Int64, StreamName)] = []
        try database.query("SELECT id, cluster, namespace, kind, name FROM stream ORDER BY id")
            .forEach { found.append(($0.integer(0), try StreamName(row: $0, from: 1))) }
        streams = found
    }

    /// Folds one stream, and hands over what each event changes and the snapshot that is due after it.
    func fold(
        _ id: Int64, _ stream: StreamName, _ names: inout Names,
        _ body: (_ changes: Changes, _ snapshot: Snapshot?) throws -> Void
    ) throws {
        var fold = StreamFold(stream: stream, id: id)
        try StreamFold.events(of: id, after: 0, in: database).forEach { row in
            let changes = try fold.append(EventRows.event(row, &names, in: database))
            try body(changes, fold.dueSnapshot(at: row.integer(0)))
        }
    }
}

extension ProjectionRows {
    /// The tables of the projections.
    static let tables = ProjectionTable.allCases.map(\.rawValue) + ["snapshot"]

    /// Drops the rows of all projections and makes them again.
    static func rebuild(in database: Database, progress: (LedgerProgress) -> Void) throws {
        for table in tables { try database.query("DELETE FROM \(table)").run() }
        let total = try database.query("SELECT size FROM head").first { $0.integer(0) } ?? 0
        let projection = try ProjectionFold(database)
        var names = Names()
        var done: Int64 = 0
        for (id, stream) in projection.streams {
            var rows = ProjectionRows()
            try projection.fold(id, stream, &names) { changes, snapshot in
                rows.add(changes, of: id)
                rows.add(snapshot)
                if rows.count >= pendingLimit {
                    try rows.write(to: database)
                    rows = ProjectionRows()
                }
                done += 1
                if done.isMultiple(of: 1_024) { progress(LedgerProgress(done: done, total: total)) }
            }
            try rows.write(to: database)
        }
        progress(LedgerProgress(done: total, total: total))
    }

    /// How many rows are kept in memory at most before they are written.
    private static let pendingLimit = 256
}
