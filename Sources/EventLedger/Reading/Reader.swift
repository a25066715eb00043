import Foundation
import GRDB
import RolloutModel

/// Answers questions about a ledger from a connection that never writes.
final class Reader: Sendable {
    let connection: Connection
    let names = Locked(Names())

    init(_ connection: Connection) {
        self.connection = connection
    }

    func head() throws -> Head {
        try connection.snapshot { try Self.head(in: $0).head }
    }

    /// The head that the log had when it was of a size; `nil` if it has not reached that.
    func head(atSize size: Position) throws -> Head? {
        try connection.snapshot { database in
            let head = try Self.head(in: database).head
            guard 0 <= size, size <= head.size else { return nil }
            let root = try TileStore(database).root(atSize: Int(size.rawValue))
            return Head(size: size, root: root, logID: head.logID)
        }
    }

    /// The identity of the ledger; `nil` if it is damaged.
    func identity() throws -> UUID? {
        do {
            return try connection.access {
                try $0.query("SELECT uid FROM ledger").first { EventID(bytes: $0.bytes(0)) }
            }?
            .map(\.uuid)
        } catch let error as ShipslogError where error.code == .tampered {
            return nil
        }
    }

    /// The head with the frontier it comes from.
    static func head(in database: Database) throws -> (head: Head, frontier: Frontier) {
        let row = try database.query("SELECT h.size, h.frontier, l.uid FROM head AS h, ledger AS l").first {
            (size: $0.integer(0), frontier: Frontier(encoded: $0.bytes(1)), uid: EventID(bytes: $0.bytes(2)))
        }
        guard let row, let frontier = row.frontier, let uid = row.uid, frontier.size == Int(row.size) else {
            throw ShipslogError(
                .tampered, "The head of the ledger is missing or damaged.", hint: "Run `shipslog verify`.")
        }
        let head = Head(size: Position(rawValue: row.size), root: frontier.root, logID: uid.uuid)
        return (head, frontier)
    }

    /// The same query, ended at the newest event, and narrowed to the positions of the first and the last event of its
    /// times: these come mostly in the order of the log.
    func bounded(_ query: EventQuery) throws -> EventQuery {
        var bounded = query
        try connection.snapshot { database in
            bounded.through = try query.through ?? Self.head(in: database).head.size
            guard let (first, last) = try EventSelection.positions(of: query.filter, in: database) else { return }
            bounded.after = max(query.after, Position(rawValue: first - 1))
            bounded.through = bounded.through.map { min($0, Position(rawValue: last)) }
        }
        return bounded
    }

    /// One page of a query, at most so many events.
    func page(of query: EventQuery, size: Int) throws -> [RecordedEvent] {
        try connection.snapshot { database in
            let selection = try EventSelection(query.filter, in: database)
            var events: [RecordedEvent] = []
            try names.withLock { names in
                try selection.query(
                    EventRows.columns, after: query.after.rawValue, through: query.through?.rawValue ?? .max,
                    isBackwards: query.isBackwards, limit: size, in: database
                )?.forEach { events.append(try EventRows.event($0, &names, in: database)) }
            }
            return events
        }
    }

    /// A number that changes with each commit of another connection.
    func dataVersion() throws -> Int64 {
        try connection.access { try $0.query("PRAGMA data_version").first { $0.integer(0) } ?? 0 }
    }

    func streams(cluster: String?, namespace: String?, kind: String?, name: String?) throws -> [StreamName] {
        let parts = [("cluster", cluster), ("namespace", namespace), ("kind", kind), ("name", name)]
        let given = parts.compactMap { column, value in value.map { (column, $0) } }
        let condition = (["1"] + given.map { "\($0.0) = ?" }).joined(separator: " AND ")
        return try connection.snapshot { database in
            var streams: [StreamName] = []
            try database.query(
                "SELECT cluster, namespace, kind, name FROM stream WHERE \(condition)",
                values: given.map { .text($0.1) }
            ).forEach { streams.append(try StreamName(row: $0)) }
            return streams.sorted()
        }
    }

    func memory(of recorder: String) throws -> [String: Data] {
        try connection.snapshot { database in
            var memory: [String: Data] = [:]
            try database.query("SELECT key, value FROM recorder_memory WHERE recorder = ?", .text(recorder))
                .forEach { memory[$0.text(0)] = $0.data(1) }
            return memory
        }
    }

    func labels(of stream: StreamName) throws -> [String: String] {
        let rows: [[String: [String: String]]] = try rows(of: stream, "SELECT body FROM subject WHERE stream = ?")
        return rows.first?["labels"] ?? [:]
    }

    func state(of stream: StreamName, at moment: Moment) throws -> SubjectState {
        try connection.snapshot { database in
            try names.withLock { names in
                try StateReader(stream, in: database)?.state(at: moment, &names) ?? SubjectState(of: stream)
            }
        }
    }

    func rollouts(_ query: RolloutQuery) throws -> [Rollout] {
        var terms = ["1"]
        var values: [SQLValue] = []
        for (column, value) in [("s.cluster", query.cluster), ("s.namespace", query.namespace)] {
            guard let value else { continue }
            terms.append("\(column) = ?")
            values.append(.text(value))
        }
        if let number = query.number {
            terms.append("r.number = ?")
            values.append(.integer(Int64(number)))
        }
        if let since = query.since {
            terms.append("r.started_at >= ?")
            values.append(.integer(since.microseconds))
        }
        return try connection.snapshot { database in
            if let stream = query.stream {
                guard let id = try Names.id(of: stream, in: database) else { return [] }
                terms.append("r.stream = ?")
                values.append(.integer(id))
            }
            var newestFirst: [Rollout] = []
            try database.query(
                """
                SELECT s.cluster, s.namespace, s.kind, s.name, r.number,
                    EXISTS (SELECT 1 FROM attribution AS a WHERE a.event = r.actor_event), \(Rollout.columns("r"))
                FROM rollout AS r JOIN stream AS s ON s.id = r.stream
                WHERE \(terms.joined(separator: " AND "))
                ORDER BY r.start_position DESC, r.stream DESC, r.number DESC LIMIT ?
                """, values: values + [.integer(query.limit.map(Int64.init) ?? -1)]
            ).forEach { row in
                guard var rollout = try Rollout(row: row) else { throw Self.damaged("rollout") }
                // Our own engine knows who ran it; of others more may have been found out since.
                if row.integer(5) != 0, rollout.actor?.evidence != .engine, let event = rollout.actorEvent {
                    rollout.actor = try Self.bestAttribution(of: event, in: database) ?? rollout.actor
                }
                newestFirst.append(rollout)
            }
            return newestFirst.reversed()
        }
    }

    func actor(of event: RecordedEvent) throws -> Actor? {
        let own = event.event.actor
        if own?.evidence == .engine { return own }
        return try connection.access { try Self.bestAttribution(of: event.event.id, in: $0) } ?? own
    }

    func attributions(of event: EventID) throws -> [ActorAttributed] {
        try connection.snapshot { database in
            var positions: [Int64] = []
            try database.query(
                "SELECT number FROM attribution WHERE event = ? ORDER BY confidence = 'exact' DESC, number DESC",
                .blob(event.bytes)
            ).forEach { positions.append($0.integer(0)) }
            return try names.withLock { names in
                try positions.compactMap { position in
                    let attribution = try database.query(
                        """
                        SELECT \(EventRows.columns) FROM event AS e JOIN payload AS p ON p.position = e.position
                        WHERE e.position = ?
                        """, .integer(position)
                    ).first { try EventRows.event($0, &names, in: database).event.fact() }
                    guard case .actorAttributed(let fact)? = attribution else { return nil }
                    return fact
                }
            }
        }
    }

    /// The surest of what was found out about who did an event, and of these the newest; `nil` if nothing was.
    private static func bestAttribution(of event: EventID, in database: Database) throws -> Actor? {
        try database.query(
            """
            SELECT actor, actor_evidence FROM attribution WHERE event = ?
            ORDER BY confidence = 'exact' DESC, number DESC LIMIT 1
            """, .blob(event.bytes)
        ).first { row in
            guard let evidence = Actor.Evidence(rawValue: row.text(1)) else { throw damaged("attribution") }
            return Actor(name: row.text(0), evidence: evidence)
        }
    }

    func revisions(of stream: StreamName) throws -> [Revision] {
        try rows(of: stream, "SELECT body FROM revision WHERE stream = ? ORDER BY number")
    }

    func outages(of stream: StreamName) throws -> [Outage] {
        try rows(of: stream, "SELECT body FROM outage WHERE stream = ? ORDER BY number")
    }

    private func rows<Value: Decodable>(of stream: StreamName, _ sql: String) throws -> [Value] {
        try connection.snapshot { database in
            guard let id = try Names.id(of: stream, in: database) else { return [] }
            return try Self.bodies(sql, [.integer(id)], in: database)
        }
    }

    private static func bodies<Value: Decodable>(
        _ sql: String, _ values: [SQLValue], in database: Database
    ) throws -> [Value] {
        var bodies: [Value] = []
        try database.query(sql, values: values).forEach { bodies.append(try decode(Value.self, from: $0.data(0))) }
        return bodies
    }

    private static func decode<Value: Decodable>(_ type: Value.Type, from body: Data) throws -> Value {
        do {
            return try CanonicalJSON.decode(type, from: body)
        } catch is DecodingError {
            throw damaged("\(type)")
        }
    }

    private static func damaged(_ row: String) -> ShipslogError {
        ShipslogError(
            .tampered, "A row of the projections does not have the shape of: \(row).", hint: "Run `shipslog rebuild`."
        )
    }

    func close() throws { try connection.close() }
}

extension Reader {
    /// Opens a ledger for reading.
    ///
    /// - Throws: `ShipslogError` with code `unsupportedSchema` or `unavailable`.
    convenience init(path: String, options: LedgerOptions) throws {
        self.init(try Self.connect(path: path, timeout: options.lockTimeout))
        try connection.access { database in
            guard try LedgerFile.isCurrent(database, path: path) else {
                throw ShipslogError(
                    .unsupportedSchema, "The ledger \(path) was written by an older version of shipslog.",
                    hint: "Run `shipslog rebuild`, which brings it up to date."
                )
            }
        }
    }

    /// SQLite wants to have files beside the ledger even to read it, unless it is told that nobody can write to it.
    static func connect(path: String, timeout: Duration) throws -> Connection {
        do {
            return try Connection(path: path, role: .reader, timeout: timeout)
        } catch let error as ShipslogError where error.code == .unavailable {
            let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
            let log = try? FileManager.default.attributesOfItem(atPath: path + "-wal")[.size] as? Int
            guard !FileManager.default.isWritableFile(atPath: folder), log ?? 0 == 0 else { throw error }
            return try Connection(path: path, role: .immutableReader, timeout: timeout)
        }
    }
}
