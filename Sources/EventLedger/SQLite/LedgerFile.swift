import Foundation
import GRDB
import LedgerSchema
import RolloutModel

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The file of a ledger: how it comes to be, and what must be true of it before it is used.
enum LedgerFile {
    /// The schema version that this build reads and writes.
    static var currentSchemaVersion: Int64 { Int64(LedgerSchema.migrations.count) }

    /// Creates a ledger without events, whole or not at all.
    ///
    /// It is made under another name in the same folder and then given its own, so that no process ever sees a half-made
    /// one, and of two that create it at once one fails.
    ///
    /// - Throws: `ShipslogError` with code `invalidArgument` if there is such a file; `unavailable` if the folder cannot
    ///   be made or written to.
    static func create(at path: String, uid: [UInt8], timeout: Duration) throws {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw ShipslogError(.unavailable, "The folder \(folder) for the ledger cannot be made.")
        }
        guard !FileManager.default.fileExists(atPath: path) else { throw exists(path) }
        let draft = "\(path).\(UUID().uuidString.prefix(8)).new"
        defer { unlink(draft) }
        let descriptor = Foundation.open(draft, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw unwritable(folder) }
        defer { close(descriptor) }
        let connection = try Connection(path: draft, role: .writer, timeout: timeout)
        try connection.access { database in
            try makeTables(in: database, path: draft, uid: uid, frontier: Frontier())
            try database.query("PRAGMA journal_mode = WAL").run()
        }
        try connection.close()
        guard fsync(descriptor) == 0 else { throw unwritable(folder) }
        guard link(draft, path) == 0 else { throw errno == EEXIST ? exists(path) : unwritable(folder) }
        try synchronize(folder: folder)
    }

    /// Makes the tables of a ledger in an empty database, and its identity and head in them.
    static func makeTables(in database: Database, path: String, uid: [UInt8], frontier: Frontier) throws {
        try migrate(database, path: path)
        try database.query("INSERT INTO ledger (id, uid) VALUES (1, ?)", .blob(uid)).run()
        try database.query(
            "INSERT INTO head (id, size, frontier) VALUES (1, ?, ?)", .integer(Int64(frontier.size)),
            .blob(frontier.encoded)
        ).run()
    }

    /// Opens what is a ledger by its first bytes; nothing else does SQLite get to touch.
    ///
    /// - Parameter body: Opens it through SQLite.
    /// - Throws: `ShipslogError` with code `notFound`, `invalidArgument` or `unavailable`; what `body` throws.
    static func open<Value>(_ path: String, _ body: () throws -> Value) throws -> (value: Value, file: OpenFile) {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw ShipslogError(.notFound, "There is no ledger at \(path).", hint: "Create one with `shipslog init`.")
        }
        guard !isFolder.boolValue else { throw ShipslogError.notALedger(path, "it is a folder") }
        return try OpenFile.open(path, check: { try check($0, of: path) }, body)
    }

    private static func check(_ header: [UInt8], of path: String) throws {
        if header.isEmpty { throw ShipslogError.notALedger(path, "it is empty") }
        guard header.count == 100, header.starts(with: Array("SQLite format 3\0".utf8)) else {
            // Power may have gone while these bytes were being written back from the log, which then still has them.
            if hasLog(path) { return }
            if header.count == 100, isMarked(header) { throw damagedHeader(path) }
            throw ShipslogError.notALedger(path, "it is not an SQLite database")
        }
        guard isMarked(header) else {
            if hasTables(path) { throw damagedHeader(path) }
            throw ShipslogError.notALedger(path, "it is the SQLite database of another program")
        }
    }

    /// Whether the header of a file says that it is a ledger.
    private static func isMarked(_ header: [UInt8]) -> Bool {
        let application = header[68..<72].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        return application == UInt32(bitPattern: LedgerSchema.applicationID)
    }

    /// Whether a database has the tables of a ledger, whatever its header says.
    private static func hasTables(_ path: String) -> Bool {
        // What cannot be read is taken for what its header says.
        let count = try? Connection(path: path, role: .immutableReader, timeout: .zero).access { database in
            try database.query(
                """
                SELECT count(*) FROM sqlite_schema
                WHERE type = 'table' AND name IN ('ledger', 'head', 'event', 'payload', 'tile')
                """
            ).first { $0.integer(0) }
        }
        return count == 5
    }

    private static func damagedHeader(_ path: String) -> ShipslogError {
        ShipslogError(
            .tampered, "The file of the ledger \(path) is damaged: its header is not that of a ledger.",
            hint: "Restore it from a copy, and look for who changed it.")
    }

    /// Whether a write-ahead log with something in it stands beside the file.
    private static func hasLog(_ path: String) -> Bool {
        var attributes = stat()
        return stat(path + "-wal", &attributes) == 0 && attributes.st_size > 0
    }

    /// Refuses a schema that this build does not know.
    ///
    /// - Returns: Whether the schema is the current one; if not, it is an older one.
    /// - Throws: `ShipslogError` with code `unsupportedSchema`; `invalidArgument` if it is the schema of another program.
    static func isCurrent(_ database: Database, path: String) throws -> Bool {
        let version = try schemaVersion(database)
        let application = try database.query("PRAGMA application_id").first { $0.integer(0) }
        guard version == 0 || application == Int64(LedgerSchema.applicationID) else {
            if hasTables(path) { throw damagedHeader(path) }
            throw ShipslogError.notALedger(path, "it is the SQLite database of another program")
        }
        guard version <= currentSchemaVersion else {
            throw ShipslogError(
                .unsupportedSchema,
                "The ledger \(path) has schema version \(version); this version of shipslog knows up to \(currentSchemaVersion).",
                hint: "Upgrade shipslog."
            )
        }
        return version == currentSchemaVersion
    }

    /// Applies the migrations that are missing, and rebuilds the projections if they changed, all or nothing.
    ///
    /// - Precondition: The caller holds the ledger's lock, or nobody else knows the file.
    static func migrate(_ database: Database, path: String) throws {
        guard try !isCurrent(database, path: path) else { return }
        let version = Int(try schemaVersion(database))
        try database.query("BEGIN IMMEDIATE").run()
        // The schema is compiled as data definition, which GRDB runs statement by statement.
        try database.execute(
            sql: """
                \(LedgerSchema.migrations.dropFirst(version).joined(separator: "\n"))
                PRAGMA application_id = \(LedgerSchema.applicationID);
                PRAGMA user_version = \(LedgerSchema.migrations.count);
                """)
        if 0 < version, version < LedgerSchema.newestProjections {
            try ProjectionRows.rebuild(in: database) { _ in }
        }
        try database.query("COMMIT").run()
    }

    private static func schemaVersion(_ database: Database) throws -> Int64 {
        try database.query("PRAGMA user_version").first { $0.integer(0) } ?? 0
    }

    /// A new name in a folder survives a power cut only once the folder is written.
    private static func synchronize(folder: String) throws {
        let descriptor = Foundation.open(folder, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unwritable(folder) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw unwritable(folder) }
    }

    private static func exists(_ path: String) -> ShipslogError {
        ShipslogError(.invalidArgument, "There is a file at \(path) already.")
    }

    private static func unwritable(_ folder: String) -> ShipslogError {
        ShipslogError(
            .unavailable, "The folder \(folder) cannot be written to: \(String(cString: strerror(errno))).",
            hint: "Look at its permissions and the space left."
        )
    }
}
