import GRDB
import RolloutModel

/// A table of the projections whose rows are known by a stream and a number in it.
enum ProjectionTable: String, CaseIterable {
    case rollout, revision, outage, attribution, subject

    /// The columns beside `stream` and `number`.
    var columns: [String] {
        switch self {
        case .rollout: Rollout.columns
        case .attribution: Attribution.columns
        case .revision, .outage, .subject: ["body"]
        }
    }

    /// The columns that keep their values when a row is written over.
    private var fixedColumns: Set<String> {
        // Where a rollout began does not change; set anew, it would cost a write to its index for each event.
        self == .rollout ? ["start_position"] : []
    }

    /// What stands in each column, where parameter 1 is the stream, 2 the number, and 3 on the values of a row.
    private var expressions: [String] {
        let parameters = (1...columns.count + 2).map { "?\($0)" }
        guard self == .attribution else { return parameters }
        // Looked up in the log, and only before the attribution: so it is the same whenever the row is written.
        return parameters.dropLast() + ["(SELECT e.position FROM event AS e WHERE e.id = ?3 AND e.position < ?2)"]
    }

    private var assignments: [(column: String, expression: String)] {
        Array(zip(["stream", "number"] + columns, expressions))
    }

    private struct Statements {
        let upsert: String
        let lookUp: String

        init(_ table: ProjectionTable) {
            let (columns, expressions) = (table.assignments.map(\.column), table.assignments.map(\.expression))
            let changing = table.columns.filter { !table.fixedColumns.contains($0) }
            upsert = """
                INSERT INTO \(table.rawValue) (\(columns.joined(separator: ", ")))
                VALUES (\(expressions.joined(separator: ", "))) ON CONFLICT (stream, number)
                DO UPDATE SET \(changing.map { "\($0) = excluded.\($0)" }.joined(separator: ", "))
                """
            lookUp = """
                SELECT 1 FROM \(table.rawValue)
                WHERE \(table.assignments.map { "\($0.column) IS \($0.expression)" }.joined(separator: " AND "))
                """
        }
    }

    private static let statements = Dictionary(uniqueKeysWithValues: allCases.map { ($0, Statements($0)) })
    /// Writes a row, over that of the same stream and number if there is one.
    fileprivate var upsert: String { Self.statements[self]?.upsert ?? "" }
    /// Yields a row if exactly this one is there.
    fileprivate var lookUp: String { Self.statements[self]?.lookUp ?? "" }
}

/// A row of a projection as it is stored.
struct ProjectionRow {
    let table: ProjectionTable
    let stream: Int64
    let number: Int64
    /// In the order of the table's columns; a last one that is looked up is left out.
    let values: [SQLValue]

    private var allValues: [SQLValue] { [.integer(stream), .integer(number)] + values }

    /// Writes the row, over that of the same stream and number if there is one.
    func write(to database: Database) throws {
        try database.query(table.upsert, values: allValues).run()
    }

    /// Whether exactly this row is there.
    func isStored(in database: Database) throws -> Bool {
        try database.query(table.lookUp, values: allValues)
            .first { $0.integer(0) } == 1
    }
}
