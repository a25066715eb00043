import CSQLite
import Foundation
import GRDB
import RolloutModel

/// One SQLite connection to a ledger file, which threads take turns on.
final class Connection: Sendable {
    /// What a connection is for.
    enum Role: Sendable {
        /// Appends; also brings the schema up to date.
        case writer
        /// Reads beside a writer, in this process or another.
        case reader
        /// Reads a file that nobody can write to, on a medium where SQLite cannot have its files beside it.
        case immutableReader
    }

    /// The ledger file.
    let path: String
    private let queue: DatabaseQueue

    /// Opens a file that is there; never creates one.
    ///
    /// - Parameter timeout: How long to wait for a lock that another process holds.
    /// - Throws: `ShipslogError` with code `unavailable` or `tampered`.
    init(path: String, role: Role, timeout: Duration) throws {
        self.path = path
        var configuration = Configuration()
        configuration.readonly = role != .writer
        // A ROLLBACK can fail with the medium; the connection is given up then, and GRDB must not stop the process.
        configuration.allowsUnsafeTransactions = true
        configuration.busyMode = .timeout(timeout.seconds)
        configuration.prepareDatabase { try Self.prepare($0, as: role) }
        queue = try translatingErrors(at: path) {
            try DatabaseQueue(path: Self.uri(of: path, role), configuration: configuration)
        }
    }

    /// Calls a function that may use the connection, while no other thread does.
    ///
    /// - Throws: What the function throws, an error of SQLite as `ShipslogError`.
    func access<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try translatingErrors(at: path) { try queue.unsafeRead(body) }
    }

    /// Calls a function that sees one state of the ledger throughout.
    ///
    /// - Throws: As ``access(_:)``.
    func snapshot<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try translatingErrors(at: path) { try queue.read(body) }
    }

    /// Calls a function that may use the connection, and leaves the errors of SQLite as they are.
    func rawAccess<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try queue.unsafeRead(body)
    }

    /// Closes the connection.
    ///
    /// Closing it again does nothing.
    func close() throws {
        try translatingErrors(at: path) { try queue.close() }
    }

    /// SQLite creates no file if the address of the file says so, whatever flags it is opened with.
    private static func uri(of path: String, _ role: Role) -> String {
        let escaped = path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? path
        switch role {
        case .writer: return "file:\(escaped)?mode=rw"
        case .reader: return "file:\(escaped)?mode=ro"
        case .immutableReader: return "file:\(escaped)?mode=ro&immutable=1"
        }
    }

    /// The state that each connection is in before it is used.
    private static func prepare(_ database: Database, as role: Role) throws {
        try database.execute(
            sql: """
                PRAGMA trusted_schema = OFF;
                PRAGMA cell_size_check = ON;
                PRAGMA recursive_triggers = ON;
                PRAGMA mmap_size = 0;
                PRAGMA wal_autocheckpoint = 0;
                """)
        sqlite3_enable_defensive_mode(database.sqliteConnection)
        switch role {
        case .writer:
            try database.execute(
                sql: """
                    PRAGMA synchronous = FULL;
                    PRAGMA fullfsync = ON;
                    PRAGMA checkpoint_fullfsync = ON;
                    PRAGMA cache_size = -20480;
                    """)
        case .reader, .immutableReader:
            sqlite3_disable_checkpoint_on_close(database.sqliteConnection)
            try database.execute(sql: "PRAGMA query_only = ON; PRAGMA cache_size = -16384;")
        }
    }
}

extension Duration {
    /// The duration as a number of seconds.
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
