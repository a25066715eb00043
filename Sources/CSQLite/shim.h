#include <sqlite3.h>

/// Turns on a connection's defensive mode: no statement can corrupt the file, not even by `PRAGMA writable_schema`.
///
/// `sqlite3_db_config` is variadic, which Swift cannot call.
///
/// - SeeAlso: <https://www.sqlite.org/c3ref/c_dbconfig_defensive.html>
static inline int sqlite3_enable_defensive_mode(sqlite3 *connection) {
    return sqlite3_db_config(connection, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)0);
}

/// Keeps a connection from running a checkpoint when it is closed.
///
/// - SeeAlso: <https://www.sqlite.org/c3ref/c_dbconfig_defensive.html>
static inline int sqlite3_disable_checkpoint_on_close(sqlite3 *connection) {
    return sqlite3_db_config(connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)0);
}
