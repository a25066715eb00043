import Foundation
import GRDB
import RolloutModel

/// A filter in the words of the file: numbers for names, and one index that drives the search.
///
/// Events are always wanted in the order of the log, and each index holds the events of one value in that order. So the
/// most selective part that has a single value drives, the others are checked for each row; without such a part the log
/// is walked itself. Left to choose, SQLite would now and then pick an index that needs sorting, and read everything for
/// each page.
struct EventSelection {
    private var index: String?
    private var terms: [String] = []
    private var values: [SQLValue] = []
    /// Whether a name in the filter does not occur in the file, so that nothing can match.
    private var isEmpty = false

    /// Looks up the names of a filter.
    init(_ filter: EventFilter, in database: Database) throws {
        if let rollout = filter.rollout {
            add("rollout", [.blob(rollout.bytes)], drivenBy: "event_by_rollout")
        }
        if !filter.streams.isEmpty {
            let ids = try filter.streams.compactMap { try Names.id(of: $0, in: database) }
            add("stream", ids.map(SQLValue.integer), drivenBy: "event_by_stream")
        }
        if let actor = filter.actor {
            add("actor", [.text(actor)], drivenBy: "event_by_actor")
        }
        if !filter.types.isEmpty {
            let ids = try filter.types.compactMap { try Names.id(of: $0, in: database) }
            add("type", ids.map(SQLValue.integer), drivenBy: "event_by_type")
        }
        if filter.since != nil || filter.until != nil { try addTimes(filter, in: database) }
    }

    private mutating func add(_ column: String, _ allowed: [SQLValue], drivenBy index: String) {
        if allowed.isEmpty { isEmpty = true }
        if allowed.count == 1 {
            terms.append("e.\(column) = ?")
            if self.index == nil { self.index = index }
        } else {
            terms.append("e.\(column) IN (\(allowed.map { _ in "?" }.joined(separator: ", ")))")
        }
        values += allowed
    }

    /// Times come mostly in the order of the log, so they narrow the positions down.
    private mutating func addTimes(_ filter: EventFilter, in database: Database) throws {
        let since = SQLValue.integer(filter.since?.microseconds ?? .min)
        let until = SQLValue.integer(filter.until?.microseconds ?? .max)
        let bounds = try database.query(
            """
            SELECT min(position), max(position) FROM event INDEXED BY event_by_occurred
            WHERE occurred_at BETWEEN ? AND ?
            """, since, until
        ).first { $0.isNull(0) ? nil : ($0.integer(0), $0.integer(1)) }
        guard let (first, last) = bounds ?? nil else { return isEmpty = true }
        terms += ["e.occurred_at BETWEEN ? AND ?", "e.position BETWEEN ? AND ?"]
        values += [since, until, .integer(first), .integer(last)]
    }

    /// The matching events between two positions in the order of the log, as a query that yields the given columns of
    /// event `e` and payload `p`; `nil` if nothing can match.
    func query(
        _ columns: String, after: Int64, through: Int64, isBackwards: Bool = false, limit: Int, in database: Database
    ) throws -> Query? {
        if isEmpty { return nil }
        let sql = Self.sql(columns, index: index, terms: terms, isBackwards: isBackwards)
        return try database.query(sql, values: values + [.integer(after), .integer(through), .integer(Int64(limit))])
    }

    /// The text of ``query(_:after:through:isBackwards:limit:in:)``.
    private static func sql(_ columns: String, index: String?, terms: [String], isBackwards: Bool) -> String {
        let source = index.map { "event AS e INDEXED BY \($0)" } ?? "event AS e NOT INDEXED"
        let payload = columns.contains("p.") ? " JOIN payload AS p ON p.position = e.position" : ""
        let conditions = (terms + ["e.position > ?", "e.position <= ?"]).joined(separator: " AND ")
        return """
            SELECT \(columns) FROM \(source)\(payload) WHERE \(conditions) \
            ORDER BY e.position \(isBackwards ? "DESC" : "ASC") LIMIT ?
            """
    }
}
