import Foundation
import GRDB
import RolloutModel

/// A filter in the words of the file: numbers for names, and one index that drives the search.
///
/// Events are always wanted in the order of the log, and each index holds the events of one value in that order. So the
/// most selective part drives, the others are checked for each row; without a part that can, the log is walked itself.
/// Where the driving part allows several values, the events of each are merged, so that no more is read than is asked for
/// and nothing is sorted. Left to choose, SQLite would now and then pick an index that needs sorting, and read everything
/// for each page.
struct EventSelection {
    private var driver: [Branch]?
    private var terms: [String] = []
    private var values: [SQLValue] = []
    /// Whether a name in the filter does not occur in the file, so that nothing can match.
    private var isEmpty = false

    /// One value of the driving part: the rows that an index has of it, in the order of the log.
    private struct Branch {
        /// Tables and joins, of which `e` is the event.
        var source: String
        /// The column of the position by which the index is ordered.
        var position = "e.position"
        /// A condition with one question mark.
        var term: String
        var value: SQLValue
    }

    /// With more values than these the log is walked: most of it is wanted then, and SQLite merges no more than 500.
    private static let mergeLimit = 200

    /// Looks up the names of a filter.
    init(_ filter: EventFilter, in database: Database) throws {
        if let rollout = filter.rollout {
            driver = [
                Branch(
                    source: "event AS e INDEXED BY event_by_rollout", term: "e.rollout = ?", value: .blob(rollout.bytes)
                )
            ]
        }
        if filter.streams.isEmpty {
            try addPlace(filter, in: database)
        } else {
            let ids = try filter.streams.compactMap { try Names.id(of: $0, in: database) }
            add("stream", ids, index: "event_by_stream")
        }
        if let actor = filter.actor { addActor(.text(actor)) }
        if !filter.types.isEmpty {
            let ids = try filter.types.compactMap { try Names.id(of: $0, in: database) }
            add("type", ids, index: "event_by_type")
        }
        if let times = Self.times(of: filter) { add("e.occurred_at BETWEEN ? AND ?", times) }
    }

    private mutating func add(_ column: String, _ allowed: [Int64], index: String) {
        if allowed.isEmpty { isEmpty = true }
        if allowed.count > Self.mergeLimit {
            // One parameter however many they are: SQLite takes 32,766, and each number of them would be a statement.
            let list = allowed.map(String.init).joined(separator: ",")
            add("e.\(column) IN (SELECT value FROM json_each(?))", [.text("[\(list)]")])
        } else if driver == nil {
            driver = allowed.map {
                Branch(source: "event AS e INDEXED BY \(index)", term: "e.\(column) = ?", value: .integer($0))
            }
        } else {
            add("e.\(column) IN (\(allowed.map { _ in "?" }.joined(separator: ", ")))", allowed.map(SQLValue.integer))
        }
    }

    /// Adds where it happened: by the streams that are there, or if they are many, by a question about each event's.
    private mutating func addPlace(_ filter: EventFilter, in database: Database) throws {
        let given = [("cluster", filter.cluster), ("namespace", filter.namespace)]
            .compactMap { column, value in value.map { (column, SQLValue.text($0)) } }
        if given.isEmpty { return }
        let condition = given.map { "\($0.0) = ?" }.joined(separator: " AND ")
        let values = given.map(\.1)
        var ids: [Int64] = []
        try database.query("SELECT id FROM stream WHERE \(condition) LIMIT \(Self.mergeLimit + 1)", values: values)
            .forEach { ids.append($0.integer(0)) }
        if ids.count <= Self.mergeLimit {
            add("stream", ids, index: "event_by_stream")
        } else {
            add("e.stream IN (SELECT id FROM stream WHERE \(condition))", values)
        }
    }

    /// Adds what somebody did: by the event's own word, or by what was found out about it since.
    private mutating func addActor(_ name: SQLValue) {
        guard driver == nil else {
            return add(
                """
                (e.actor = ? OR EXISTS (SELECT 1 FROM attribution AS a WHERE a.event = e.id AND a.actor = ?))
                """, [name, name])
        }
        driver = [
            Branch(source: "event AS e INDEXED BY event_by_actor", term: "e.actor = ?", value: name),
            Branch(
                source: """
                    attribution AS a INDEXED BY attribution_by_actor CROSS JOIN event AS e ON e.position = a.position
                    """,
                position: "a.position",
                term: """
                    a.actor = ? AND e.actor IS NOT a.actor AND NOT EXISTS (
                        SELECT 1 FROM attribution AS b
                        WHERE b.event = a.event AND b.actor = a.actor AND b.number < a.number
                    )
                    """, value: name),
        ]
    }

    /// Adds a condition whose values are written as question marks.
    private mutating func add(_ term: String, _ values: [SQLValue]) {
        terms.append(term)
        self.values += values
    }

    private static func times(of filter: EventFilter) -> [SQLValue]? {
        if filter.since == nil, filter.until == nil { return nil }
        return [.integer(filter.since?.microseconds ?? .min), .integer(filter.until?.microseconds ?? .max)]
    }

    /// The positions of the first and the last event of a filter's times, none if the second is lower; `nil` if the
    /// filter has no times.
    ///
    /// It takes as long as there are such events, so it is a question for the whole of a reading, not for each page.
    static func positions(of filter: EventFilter, in database: Database) throws -> (first: Int64, last: Int64)? {
        guard let times = times(of: filter) else { return nil }
        return try database.query(
            """
            SELECT coalesce(min(position), 1), coalesce(max(position), 0) FROM event INDEXED BY event_by_occurred
            WHERE occurred_at BETWEEN ? AND ?
            """, values: times
        ).first { ($0.integer(0), $0.integer(1)) }
    }

    /// The matching events between two positions in the order of the log, as a query that yields the given columns of
    /// event `e` and payload `p`, of which the first is the position; `nil` if nothing can match.
    func query(
        _ columns: String, after: Int64, through: Int64, isBackwards: Bool = false, limit: Int, in database: Database
    ) throws -> Query? {
        if isEmpty { return nil }
        let payload = columns.contains("p.") ? " JOIN payload AS p ON p.position = e.position" : ""
        let conditions = (["e.position > ?", "e.position <= ?"] + terms).joined(separator: " AND ")
        let bounds = [.integer(after), .integer(through)] + values
        let order = "ORDER BY 1 \(isBackwards ? "DESC" : "ASC") LIMIT ?"
        guard let driver else {
            return try database.query(
                "SELECT \(columns) FROM event AS e NOT INDEXED\(payload) WHERE \(conditions) \(order)",
                values: bounds + [.integer(Int64(limit))]
            )
        }
        let merged = driver.map { branch in
            let parts = [columns, payload, conditions].map { $0.replacing("e.position", with: branch.position) }
            return "SELECT \(parts[0]) FROM \(branch.source)\(parts[1]) WHERE \(branch.term) AND \(parts[2])"
        }
        return try database.query(
            "\(merged.joined(separator: " UNION ALL ")) \(order)",
            values: driver.flatMap { [$0.value] + bounds } + [.integer(Int64(limit))]
        )
    }
}
