import CSQLite
import Foundation
import GRDB
import RolloutModel

/// The connection of a ledger that appends.
///
/// One thread uses it at a time: ``GroupCommit`` sees to that.
final class Writer {
    private let path: String
    private let options: LedgerOptions
    private let lock: FileLock
    private var session: Session?

    /// What is lost when a connection must be given up.
    private struct Session {
        let connection: Connection
        let logUID: [UInt8]
        let knowledge: Knowledge
    }

    /// Opens a ledger to append, and brings its schema up to date.
    init(path: String, options: LedgerOptions) throws {
        self.path = path
        self.options = options
        lock = try FileLock(ledger: path)
        session = try lock.withLock(timeout: options.lockTimeout) { try openSession() }
    }

    /// Appends each call all or not at all, in one transaction that is on disk when this returns.
    ///
    /// - Returns: For each call its positions, or why it was not appended. If the transaction as a whole failed, all
    ///   have that error.
    func commit(_ calls: [AppendCall]) -> [Result<[Position], any Error>] {
        answering(calls) { try lock.withLock(timeout: options.lockTimeout) { try commitLocked(calls) } }
    }

    /// Does as ``commit(_:)`` if no other process is writing; else does nothing, and returns `nil`.
    func commitIfFree(_ calls: [AppendCall]) -> [Result<[Position], any Error>]? {
        lock.withLockIfFree { answering(calls) { try commitLocked(calls) } }
    }

    private func answering(
        _ calls: [AppendCall], _ commit: () throws -> [Result<[Position], any Error>]
    ) -> [Result<[Position], any Error>] {
        do {
            return try commit()
        } catch let error as DatabaseError {
            return calls.map { _ in .failure(ShipslogError(error, path: path)) }
        } catch {
            return calls.map { _ in .failure(error) }
        }
    }

    /// Writes the write-ahead log back and closes the connection.
    func close() throws {
        guard let session else { return }
        self.session = nil
        try lock.withLock(timeout: options.lockTimeout) {
            try session.connection.access { try Self.checkpoint($0, .truncate) }
            try session.connection.close()
        }
    }

    /// Runs a function in a write transaction of its own, on a fresh state of what is known.
    func transaction<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try lock.withLock(timeout: options.lockTimeout) {
            let session = try session ?? openSession()
            self.session = nil
            let result = try session.connection.access { database in
                try database.query("BEGIN IMMEDIATE").run()
                do {
                    let result = try body(database)
                    try database.query("COMMIT").run()
                    return result
                } catch {
                    Self.rollBack(database)
                    throw error
                }
            }
            self.session = session
            return result
        }
    }

    private enum CommitError: Error {
        /// Whether the transaction is on disk is not known.
        case ambiguous(DatabaseError)
    }

    private func commitLocked(_ calls: [AppendCall]) throws -> [Result<[Position], any Error>] {
        do {
            return try attempt(calls)
        } catch CommitError.ambiguous(let error) {
            // What a failed COMMIT left in the write-ahead log may count or not. Opening writes it back to the database
            // and waits for the disk, which settles it; then the ids tell.
            do {
                return try attempt(calls)
            } catch is CommitError, is DatabaseError, is ShipslogError {
                let reason = ShipslogError(error, path: path)
                throw ShipslogError(
                    .unavailable, "It is not known whether the events are in the ledger. \(reason.message)",
                    hint: "\(reason.hint ?? "Retry.") Events that are there already are not appended twice."
                )
            }
        }
    }

    private func attempt(_ calls: [AppendCall]) throws -> [Result<[Position], any Error>] {
        let session = try session ?? openSession()
        // Without a session, unless all goes well: what it knows and holds may not be what is stored.
        self.session = nil
        let results = try session.connection.rawAccess { database in
            do {
                try database.query("BEGIN IMMEDIATE").run()
            } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
                self.session = session
                throw error
            }
            let results: [Result<[Position], any Error>]
            do {
                results = try append(calls, session, database)
            } catch {
                Self.rollBack(database)
                throw error
            }
            do {
                try database.query("COMMIT").run()
            } catch let error as DatabaseError {
                Self.rollBack(database)
                throw CommitError.ambiguous(error)
            }
            checkpointIfDue(database)
            return results
        }
        self.session = session
        return results
    }

    private func append(
        _ calls: [AppendCall], _ session: Session, _ database: Database
    ) throws -> [Result<[Position], any Error>] {
        try session.knowledge.refresh(database)
        var transaction = try AppendTransaction(
            database, logUID: session.logUID, recordedAt: options.now(), knowledge: session.knowledge
        )
        let results: [Result<[Position], any Error>] = try calls.map { call in
            do {
                return .success(try transaction.append(call))
            } catch let error as ShipslogError {
                return .failure(error)
            }
        }
        if transaction.appendedCount > 0 || transaction.foundEvents { try transaction.finish() }
        return results
    }

    /// A failed statement may have rolled back already; then there is nothing to roll back, which is no error.
    private static func rollBack(_ database: Database) {
        if sqlite3_get_autocommit(database.sqliteConnection) == 0 { _ = try? database.query("ROLLBACK").run() }
    }

    private func openSession() throws -> Session {
        let connection = try Connection(path: path, role: .writer, timeout: options.lockTimeout)
        return try connection.access { database in
            try LedgerFile.migrate(database, path: path)
            enforceAppendOnly(on: database)
            // A process may have died between writing and syncing: whatever can be seen must be on disk before an id that
            // is found counts as appended.
            try Self.checkpoint(database, .truncate)
            let uid = try Reader.head(in: database).head.logID
            return Session(
                connection: connection, logUID: EventID(uid).bytes, knowledge: try Knowledge(database)
            )
        }
    }

    // MARK: Checkpoints

    private enum Checkpoint: String { case passive, truncate }

    /// The number of pages in the write-ahead log after which it is written back: 4 MiB.
    private static let checkpointPages: Int32 = 1_024

    /// Counts what this connection wrote, since the file of the write-ahead log does not shrink when it is used anew.
    ///
    /// A checkpoint that fails is tried again after the next transaction: the events are safe where they are.
    private func checkpointIfDue(_ database: Database) {
        var pages: Int32 = 0
        var highest: Int32 = 0
        sqlite3_db_status(database.sqliteConnection, SQLITE_DBSTATUS_CACHE_WRITE, &pages, &highest, 0)
        guard pages >= Self.checkpointPages, (try? Self.checkpoint(database, .passive)) != nil else { return }
        sqlite3_db_status(database.sqliteConnection, SQLITE_DBSTATUS_CACHE_WRITE, &pages, &highest, 1)
    }

    private static func checkpoint(_ database: Database, _ mode: Checkpoint) throws {
        try database.query("PRAGMA wal_checkpoint(\(mode.rawValue))").run()
    }
}
