import CSQLite
import Foundation
import GRDB

/// A value of SQLite.
enum SQLValue {
    case null
    case integer(Int64)
    case text(String)
    case blob([UInt8])
    case data(Data)
    case hash(Hash256)

    /// A whole number, or NULL.
    static func integer(orNull integer: Int64?) -> SQLValue { integer.map(SQLValue.integer) ?? .null }
    /// A text, or NULL.
    static func text(orNull text: String?) -> SQLValue { text.map(SQLValue.text) ?? .null }
    /// Bytes, or NULL.
    static func blob(orNull bytes: [UInt8]?) -> SQLValue { bytes.map(SQLValue.blob) ?? .null }
}

/// A prepared statement of a connection, on whose thread alone it may be used.
///
/// GRDB prepares and keeps the statement; values and rows go straight to SQLite, since rows that GRDB makes cost more
/// than the reading itself when a ledger is verified or folded.
struct Query {
    private let statement: Statement
    private var handle: OpaquePointer { statement.sqliteStatement }

    fileprivate init(_ statement: Statement) {
        self.statement = statement
    }

    /// Gives the parameters their values, the first first.
    func bind(_ values: some Sequence<SQLValue>) throws {
        var index: Int32 = 0
        for value in values {
            index += 1
            let code =
                switch value {
                case .null: sqlite3_bind_null(handle, index)
                case .integer(let integer): sqlite3_bind_int64(handle, index, integer)
                case .text(let text): Self.bind(text, at: index, of: handle)
                case .blob(let bytes): bytes.withUnsafeBytes { Self.bind($0, at: index, of: handle) }
                case .data(let data): data.withUnsafeBytes { Self.bind($0, at: index, of: handle) }
                case .hash(let hash): hash.withUnsafeBytes { Self.bind($0, at: index, of: handle) }
                }
            guard code == SQLITE_OK else { throw error(code) }
        }
    }

    private static func bind(_ text: String, at index: Int32, of handle: OpaquePointer) -> Int32 {
        var text = text
        return text.withUTF8 { bytes in
            // A null pointer would bind NULL instead of the empty text.
            bytes.withMemoryRebound(to: CChar.self) {
                sqlite3_bind_text(handle, index, $0.baseAddress ?? emptyText, Int32($0.count), copied)
            }
        }
    }

    private static func bind(_ bytes: UnsafeRawBufferPointer, at index: Int32, of handle: OpaquePointer) -> Int32 {
        guard let address = bytes.baseAddress, !bytes.isEmpty else { return sqlite3_bind_zeroblob(handle, index, 0) }
        return sqlite3_bind_blob64(handle, index, address, UInt64(bytes.count), copied)
    }

    /// Runs the statement with its values and hands over each row.
    func forEach(_ body: (Row) throws -> Void) throws {
        defer { sqlite3_reset(handle) }
        while try step() { try body(Row(handle: handle)) }
    }

    /// Runs the statement until its first row.
    ///
    /// - Returns: `nil` if there is no row.
    func first<Value>(_ body: (Row) throws -> Value) throws -> Value? {
        defer { sqlite3_reset(handle) }
        return try step() ? body(Row(handle: handle)) : nil
    }

    /// Runs the statement to its end.
    func run() throws {
        try forEach { _ in }
    }

    private func step() throws -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code: throw error(code)
        }
    }

    private func error(_ code: Int32) -> DatabaseError {
        let message = String(cString: sqlite3_errmsg(sqlite3_db_handle(handle)))
        return DatabaseError(resultCode: ResultCode(rawValue: code), message: message, sql: statement.sql)
    }

    /// The row that a statement stands at.
    ///
    /// Columns count from 0.
    struct Row {
        fileprivate let handle: OpaquePointer

        func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }
        func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }
        func integerOrNil(_ column: Int32) -> Int64? { isNull(column) ? nil : integer(column) }
        func text(_ column: Int32) -> String {
            guard let text = sqlite3_column_text(handle, column) else { return "" }
            let count = Int(sqlite3_column_bytes(handle, column))
            return String(decoding: UnsafeBufferPointer(start: text, count: count), as: UTF8.self)
        }
        func textOrNil(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }
        /// The bytes where SQLite keeps them, until the statement moves on.
        func withBytes<Value>(_ column: Int32, _ body: (UnsafeRawBufferPointer) throws -> Value) rethrows -> Value {
            let address = sqlite3_column_blob(handle, column)
            return try body(UnsafeRawBufferPointer(start: address, count: Int(sqlite3_column_bytes(handle, column))))
        }
        func data(_ column: Int32) -> Data { withBytes(column) { Data($0) } }
        func bytes(_ column: Int32) -> [UInt8] { withBytes(column) { Array($0) } }
        func hash(_ column: Int32) -> Hash256? { withBytes(column) { Hash256(bytes: $0) } }
    }
}

extension Database {
    /// The prepared statement of a text with these values.
    ///
    /// The text is prepared once for each connection.
    ///
    /// - Precondition: the statement is not being run.
    func query(_ sql: String, _ values: SQLValue...) throws -> Query {
        try query(sql, values: values)
    }

    /// As ``query(_:_:)``, of a list of values.
    func query(_ sql: String, values: [SQLValue]) throws -> Query {
        let query = Query(try cachedStatement(sql: sql))
        try query.bind(values)
        return query
    }
}

/// Tells SQLite to copy what it is given.
private let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
private nonisolated(unsafe) let emptyText = UnsafePointer(strdup(""))
