import Foundation
import GRDB
import RolloutModel
import ShipslogTesting
import Testing

@testable import EventLedger

@Suite struct AppendOnlyTests {
    /// Everything that would change or remove what was appended, or slip something in between.
    static let attacks = [
        "UPDATE event SET occurred_at = 0", "UPDATE event SET position = 99 WHERE position = 1", "DELETE FROM event",
        "DELETE FROM event WHERE position = 2",
        "INSERT OR REPLACE INTO event SELECT * FROM event WHERE position = 2",
        "REPLACE INTO event SELECT 3, id, stream, 3, type, schema_version, 0, 0, NULL, NULL, NULL, NULL, 'import', 0, commitment, leaf FROM event WHERE position = 1",
        "INSERT INTO event SELECT 4, randomblob(16), stream, 3, type, 1, 0, 0, NULL, NULL, NULL, NULL, 'import', 0, commitment, leaf FROM event WHERE position = 2",
        "INSERT INTO event SELECT 3, randomblob(16), stream, 2, type, 1, 0, 0, NULL, NULL, NULL, NULL, 'import', 0, commitment, leaf FROM event WHERE position = 2",
        "INSERT INTO event SELECT NULL, randomblob(16), stream, 3, type, 1, 0, 0, NULL, NULL, NULL, NULL, 'import', 0, commitment, leaf FROM event WHERE position = 2",
        "UPDATE payload SET content = x'00'", "DELETE FROM payload",
        "REPLACE INTO payload SELECT * FROM payload WHERE position = 2",
        "INSERT INTO payload VALUES (3, randomblob(32), x'00')",
        "UPDATE stream SET name = 'x'", "DELETE FROM stream", "REPLACE INTO stream VALUES (1, 'a', 'b', 'c', 'd')",
        "REPLACE INTO stream SELECT 2, cluster, namespace, kind, name FROM stream",
        "UPDATE event_type SET name = 'x'", "DELETE FROM event_type", "REPLACE INTO event_type VALUES (1, 'x')",
        "UPDATE ledger SET uid = randomblob(16)", "DELETE FROM ledger",
        "REPLACE INTO ledger VALUES (1, randomblob(16))",
    ]

    private func twoEvents() async throws -> TemporaryLedger {
        let temporary = try TemporaryLedger()
        _ = try await temporary.ledger.append([Sample.gap(1, in: Sample.web), Sample.gap(2, in: Sample.web)])
        return temporary
    }

    @Test("any SQLite client is kept from changing the log by the file itself", arguments: attacks)
    func foreignClient(sql: String) async throws {
        let temporary = try await twoEvents()
        let error = #expect(throws: DatabaseError.self) {
            try DatabaseQueue(path: temporary.path).write { database in
                try database.execute(sql: "PRAGMA recursive_triggers = OFF")
                try database.execute(sql: sql)
            }
        }
        #expect(error?.resultCode == .SQLITE_CONSTRAINT)
        #expect(try temporary.ledger.verify().isSound)
    }

    @Test(
        "our own connection refuses to prepare such a statement, and to lift the rules",
        arguments: [
            "UPDATE event SET occurred_at = 0", "DELETE FROM event", "DELETE FROM payload",
            "UPDATE stream SET name = 'x'",
            "DROP TRIGGER event_update", "DROP TABLE event", "ALTER TABLE event RENAME TO e", "CREATE TABLE x (y)",
            "ATTACH ':memory:' AS other", "DELETE FROM sqlite_schema",
            "INSERT INTO sqlite_schema VALUES (1, 2, 3, 4, 5)",
        ])
    func ownConnection(sql: String) async throws {
        let temporary = try await twoEvents()
        let connection = try Connection(path: temporary.path, role: .writer, timeout: .seconds(10))
        let error = #expect(throws: DatabaseError.self) {
            try connection.rawAccess { database in
                enforceAppendOnly(on: database)
                try database.execute(sql: sql)
            }
        }
        #expect(error?.resultCode == .SQLITE_AUTH || error?.message?.contains("may not be modified") == true)
    }

    @Test("our own connections cannot edit the schema as a table")
    func defensive() async throws {
        let temporary = try await twoEvents()
        let connection = try Connection(path: temporary.path, role: .writer, timeout: .seconds(10))
        #expect(throws: DatabaseError.self) {
            try connection.rawAccess { database in
                try database.execute(
                    sql: "PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE type = 'trigger'")
            }
        }
    }

    @Test("each connection is durable, guarded, and leaves checkpoints to the lock's holder")
    func pragmas() async throws {
        let temporary = try await twoEvents()
        let connection = try Connection(path: temporary.path, role: .writer, timeout: .seconds(10))
        let names = [
            "synchronous", "journal_mode", "wal_autocheckpoint", "recursive_triggers", "trusted_schema",
            "application_id",
        ]
        let values = try connection.access { database in
            try names.map { try String.fetchOne(database, sql: "PRAGMA \($0)") }
        }
        #expect(values == ["2", "wal", "0", "1", "0", "1397509959"])
    }
}
