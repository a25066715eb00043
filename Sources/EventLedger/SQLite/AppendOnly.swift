import CSQLite
import GRDB

/// Makes a connection refuse every statement that would change or remove what was appended, or the rules that guard it.
///
/// The triggers in the file say the same to any client; this says it to our own code when a statement is prepared.
/// It takes the place of GRDB's authorizer, which only serves observation of changes.
///
/// - SeeAlso: <https://www.sqlite.org/c3ref/set_authorizer.html>
func enforceAppendOnly(on database: Database) {
    sqlite3_set_authorizer(
        database.sqliteConnection,
        { _, action, subject, _, _, _ in
            switch action {
            case SQLITE_UPDATE, SQLITE_DELETE:
                guard let subject else { return SQLITE_DENY }
                return mutableTables.contains(String(cString: subject)) ? SQLITE_OK : SQLITE_DENY
            case SQLITE_INSERT:
                guard let subject else { return SQLITE_DENY }
                return String(cString: subject).hasPrefix("sqlite_") ? SQLITE_DENY : SQLITE_OK
            case SQLITE_READ, SQLITE_SELECT, SQLITE_FUNCTION, SQLITE_PRAGMA, SQLITE_TRANSACTION, SQLITE_SAVEPOINT,
                SQLITE_RECURSIVE:
                return SQLITE_OK
            default:
                return SQLITE_DENY
            }
        },
        nil
    )
}

/// What can be dropped and made again from the log, and what is no part of it.
private let mutableTables = Set(["head", "tile", "recorder_memory"] + ProjectionRows.tables)
