import GRDB
import RolloutModel

/// What a writer remembers of the file from one transaction to the next; true as long as the log has the size it knows.
///
/// A transaction changes it as it writes, so it must be thrown away with a transaction that does not commit.
final class Knowledge {
    /// The right edge of the tree; its size is that of the log.
    var frontier: Frontier
    /// The number that the next new stream gets.
    var nextStreamID: Int64
    private var types: [EventType: Int64] = [:]
    private var folds = FoldCache()
    private var names = Names()

    /// Reads what must be known at once.
    init(_ database: Database) throws {
        frontier = try Reader.head(in: database).frontier
        nextStreamID = try Self.nextStreamID(database)
    }

    /// Catches up with what other processes appended.
    func refresh(_ database: Database) throws {
        let size = try database.query("SELECT size FROM head").first { $0.integer(0) } ?? 0
        guard size != Int64(frontier.size) else { return }
        try database.query("SELECT DISTINCT stream FROM event WHERE position > ?", .integer(Int64(frontier.size)))
            .forEach { folds.remove($0.integer(0)) }
        frontier = try Reader.head(in: database).frontier
        nextStreamID = try Self.nextStreamID(database)
    }

    /// The fold of a stream; `nil` if the stream has no events.
    func fold(of stream: StreamName, in database: Database) throws -> StreamFold? {
        if let fold = folds[stream] { return fold }
        guard let id = try Names.id(of: stream, in: database) else { return nil }
        let fold = try StreamFold(stream: stream, id: id, &names, in: database)
        folds.keep(fold)
        return fold
    }

    /// Remembers a fold.
    func keep(_ fold: StreamFold) { folds.keep(fold) }

    /// Numbers a stream that has no events yet.
    ///
    /// - Returns: Its number.
    @discardableResult
    func insert(_ stream: StreamName, in database: Database) throws -> Int64 {
        let id = nextStreamID
        try database.query(
            "INSERT INTO stream (id, cluster, namespace, kind, name) VALUES (?, ?, ?, ?, ?)",
            .integer(id), .text(stream.cluster), .text(stream.namespace), .text(stream.kind), .text(stream.name)
        ).run()
        nextStreamID += 1
        return id
    }

    /// The number of an event type; a new one if it has not occurred yet.
    func typeID(of type: EventType, in database: Database) throws -> Int64 {
        if let id = types[type] { return id }
        let id = try Names.id(of: type, in: database) ?? Self.insert(type, in: database)
        types[type] = id
        return id
    }

    private static func insert(_ type: EventType, in database: Database) throws -> Int64 {
        let next = try database.query("SELECT coalesce(max(id), 0) + 1 FROM event_type").first { $0.integer(0) } ?? 1
        try database.query("INSERT INTO event_type (id, name) VALUES (?, ?)", .integer(next), .text(type.rawValue))
            .run()
        return next
    }

    private static func nextStreamID(_ database: Database) throws -> Int64 {
        try database.query("SELECT coalesce(max(id), 0) + 1 FROM stream").first { $0.integer(0) } ?? 1
    }
}

/// The folds of the streams that were appended to last.
private struct FoldCache {
    private static let capacity = 256
    private var entries: [StreamName: (fold: StreamFold, use: Int)] = [:]
    private var uses = 0

    subscript(stream: StreamName) -> StreamFold? { entries[stream]?.fold }

    mutating func keep(_ fold: StreamFold) {
        uses += 1
        entries[fold.stream] = (fold, uses)
        if entries.count > Self.capacity {
            // Dropping half at once costs less than finding the oldest each time.
            let uses = entries.values.map(\.use).sorted()
            let median = uses[uses.count / 2]
            entries = entries.filter { $0.value.use >= median }
        }
    }

    mutating func remove(_ id: Int64) {
        entries = entries.filter { $0.value.fold.id != id }
    }
}
