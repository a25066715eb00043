import Foundation
import GRDB
import RolloutModel

/// Calls a function, and says in one sentence what an error of SQLite means for a ledger.
func translatingErrors<Result>(at path: String, _ body: () throws -> Result) throws -> Result {
    do {
        return try body()
    } catch let error as DatabaseError {
        throw ShipslogError(error, path: path)
    }
}

extension ShipslogError {
    /// What an error of SQLite means for the ledger at a path.
    init(_ error: DatabaseError, path: String) {
        switch error.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self = .locked(path)
        case .SQLITE_FULL:
            self.init(
                .unavailable, "There is no space left to write to the ledger \(path).",
                hint: "Free some space and retry."
            )
        case .SQLITE_READONLY:
            self.init(.unavailable, "The ledger \(path) cannot be written to: its file, folder or medium is read-only.")
        case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
            self.init(
                .unavailable, "The ledger \(path) cannot be opened.",
                hint: "Look at the permissions of file and folder."
            )
        case .SQLITE_IOERR:
            self.init(
                .unavailable,
                "Reading or writing the ledger \(path) failed on its medium (\(error.extendedResultCode)).")
        case .SQLITE_CORRUPT:
            self.init(
                .tampered, "The file of the ledger \(path) is damaged.", hint: "Run `shipslog verify` to see where."
            )
        case .SQLITE_NOTADB:
            self = .notALedger(path, "it is not an SQLite database")
        default:
            self.init(
                .internal,
                "SQLite refused an access to the ledger \(path): \(error.message ?? "\(error.extendedResultCode)").")
        }
    }

    /// Another process kept its lock for longer than we wait.
    static func locked(_ path: String) -> ShipslogError {
        ShipslogError(.unavailable, "The ledger \(path) is locked by another process.", hint: "Retry when it is done.")
    }

    /// The file is something else.
    static func notALedger(_ path: String, _ reason: String) -> ShipslogError {
        ShipslogError(.invalidArgument, "The file \(path) is not a ledger: \(reason).")
    }
}
