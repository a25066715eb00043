import EventLedger
import Foundation
import GRDB
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
            "DELETE FROM snapshot; UPDATE rollout SET body = '{}', start_position = 0; DELETE FROM revision WHERE number = 1"
        )
        #expect(try !temporary.ledger.verify().isSound)
        try temporary.ledger.rebuild()
        #expect(try Projections.dump(temporary.path) == before)
        #expect(try temporary.ledger.verify().isSound)
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
            for table in ["rollout", "revision", "outage", "attribution", "snapshot"] {
                tables[table] = try Row.fetchAll(database, sql: "SELECT * FROM \(table) ORDER BY 1, 2")
            }
            return tables
        }
    }
}
