import Crypto
import EventLedger
import Foundation
import GRDB
import LedgerSchema
import RolloutModel
import ShipslogTesting
import Testing

@Suite struct RebuildTests {
    @Test("a rebuild makes the projections again, byte for byte, also after they were damaged")
    func byteIdentical() async throws {
        let temporary = try TemporaryLedger()
        try await RecordedRollouts.append(to: temporary.ledger)
        let before = try Projections.dump(temporary.path)

        try temporary.ledger.rebuild()
        #expect(try Projections.dump(temporary.path) == before)

        try Intruder.change(
            temporary.path,
            "DELETE FROM snapshot; UPDATE rollout SET pods = '{}', start_position = 0; DELETE FROM revision WHERE number = 1"
        )
        #expect(try !temporary.ledger.verify().isSound)
        try temporary.ledger.rebuild()
        #expect(try Projections.dump(temporary.path) == before)
        #expect(try temporary.ledger.verify().isSound)
    }

    @Test("a ledger with the tables of an older version is brought up to date: nothing but the projections changes")
    func olderTables() async throws {
        let temporary = try TemporaryLedger()
        try await RecordedRollouts.append(to: temporary.ledger)
        let before = try Projections.dump(temporary.path)
        let rollouts = try temporary.ledger.rollouts(RolloutQuery())
        try temporary.ledger.close()
        let older = LedgerSchema.migrations[1...4].joined()
        try Intruder.change(
            temporary.path,
            ["rollout", "revision", "outage", "snapshot", "attribution", "subject", "recorder_memory"]
                .map { "DROP TABLE \($0);" }.joined() + older + "PRAGMA user_version = 5;"
        )
        let reader = { try Ledger.open(at: temporary.path, mode: .readOnly) }
        let refusal = #expect(throws: ShipslogError.self) { try reader() }
        #expect(refusal?.code == .unsupportedSchema)

        let ledger = try Ledger.open(at: temporary.path)
        #expect(try Projections.dump(temporary.path) == before)
        #expect(try ledger.rollouts(RolloutQuery()) == rollouts)
        #expect(try ledger.verify().isSound)
    }

    @Test("a ledger that was folded by older rules is folded anew when it is opened for writing")
    func olderRules() async throws {
        let temporary = try TemporaryLedger()
        try await RecordedRollouts.append(to: temporary.ledger)
        let before = try Projections.dump(temporary.path)
        try temporary.ledger.close()
        try Intruder.change(temporary.path, "UPDATE rollout SET diagnosis = NULL; PRAGMA user_version = 7;")

        #expect(try Ledger.open(at: temporary.path).verify().isSound)
        #expect(try Projections.dump(temporary.path) == before)
    }

    @Test("rules of folding that changed come with a migration, so that older ledgers are folded anew")
    func rules() async throws {
        let temporary = try TemporaryLedger()
        try await RecordedRollouts.append(to: temporary.ledger)
        let tables = try Projections.dump(temporary.path).sorted { $0.key < $1.key }
        var digest = SHA256()
        for (table, rows) in tables {
            digest.update(data: Data(table.utf8))
            for value in rows.flatMap(\.databaseValues) {
                digest.update(data: Data.fromDatabaseValue(value) ?? Data(value.description.utf8))
            }
        }
        let text = digest.finalize().map { String(format: "%02x", $0) }.joined()
        #expect(
            "\(LedgerSchema.newestProjections) \(text)"
                == "8 2e682eff547dcaddd56913eae25999075a46e05816c7d577a0626c15416959c6",
            "Where this is meant, add a script to schema/migrations, raise newestProjections to its number, and note both here."
        )
    }

    @Test("two ledgers of equal histories have equal projections, however the events were grouped into appends")
    func equalHistories() async throws {
        let one = try TemporaryLedger()
        let other = try TemporaryLedger()
        try await RecordedRollouts.append(to: one.ledger, groupsOf: 1_000)
        try await RecordedRollouts.append(to: other.ledger, groupsOf: 7)

        #expect(try Projections.dump(one.path) == Projections.dump(other.path))
    }
}

/// The projection tables as they are stored.
enum Projections {
    static func dump(_ path: String) throws -> [String: [Row]] {
        var configuration = Configuration()
        configuration.readonly = true
        return try DatabaseQueue(path: path, configuration: configuration).read { database in
            var tables: [String: [Row]] = [:]
            for table in ["rollout", "revision", "outage", "attribution", "subject", "snapshot"] {
                tables[table] = try Row.fetchAll(database, sql: "SELECT * FROM \(table) ORDER BY 1, 2")
            }
            return tables
        }
    }
}
