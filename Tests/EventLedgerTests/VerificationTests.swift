import EventLedger
import Foundation
import GRDB
import RolloutModel
import ShipslogTesting
import Testing

@Suite struct VerificationTests {
    @Test("a ledger that nobody touched is sound in every layer")
    func sound() async throws {
        let temporary = try TemporaryLedger()
        _ = try await temporary.ledger.append(
            (1...600).map { Sample.gap($0, in: $0 % 3 == 0 ? Sample.web : Sample.api) })

        let report = try temporary.ledger.verify(remembered: temporary.ledger.head())

        #expect(report.layers.map(\.problem) == [nil, nil, nil, nil])
        #expect(
            report.layers.map(\.summary).dropFirst() == [
                "600 events in 2 streams, 2 tiles", "size 600, remembered at 600",
                "0 rollouts, 0 revisions, 0 outages, 0 attributions, 0 subjects, 1 snapshots",
            ])
        #expect(report.computedHead == (try temporary.ledger.head()))
    }

    @Test("a damaged head is a finding of its layer, beside the others")
    func damagedHead() async throws {
        let temporary = try TemporaryLedger()
        _ = try await temporary.ledger.append((1...8).map { Sample.gap($0, in: Sample.web) })
        let head = try temporary.ledger.head()
        try temporary.ledger.close()
        try Intruder.change(temporary.path, "UPDATE head SET frontier = x'00'")

        let ledger = try Ledger.open(at: temporary.path, mode: .readOnly)
        #expect(try ledger.identity() == head.logID)
        let report = try ledger.verify(remembered: head)
        #expect(
            report.layers.map { $0.problem?.message } == [
                nil, nil, "The head of the ledger is missing or damaged.", nil,
            ])
    }

    /// Changes that whoever can write to the file could make, and where they must show.
    @Test(
        "tampering is found and located",
        arguments: [
            ("UPDATE event SET occurred_at = occurred_at + 1 WHERE position = 7", VerificationReport.Kind.events, 7),
            ("UPDATE event SET actor = 'mallory', actor_evidence = 'audit' WHERE position = 9", .events, 9),
            ("UPDATE payload SET content = CAST('{}' AS BLOB) WHERE position = 3", .events, 3),
            ("UPDATE payload SET salt = randomblob(32) WHERE position = 4", .events, 4),
            ("DELETE FROM payload WHERE position = 5", .events, 5),
            ("DELETE FROM event WHERE position = 6", .events, 6),
            ("DELETE FROM event WHERE position = 300; DELETE FROM payload WHERE position = 300", .head, 300),
            ("UPDATE stream SET name = 'other' WHERE id = 1", .events, 1),
            ("UPDATE ledger SET uid = randomblob(16)", .events, 1),
            ("UPDATE tile SET hashes = zeroblob(8192)", .events, 256),
            ("UPDATE tile SET root = zeroblob(32)", .events, 256),
            ("DELETE FROM tile", .events, 256),
            ("UPDATE head SET size = 299", .head, nil),
            ("UPDATE snapshot SET state = CAST('{}' AS BLOB)", .projections, 256),
            ("INSERT INTO outage (stream, number, body) VALUES (1, 1, '{}')", .projections, nil),
            ("DELETE FROM snapshot", .projections, 256),
        ] as [(String, VerificationReport.Kind, Position?)])
    func tampered(sql: String, kind: VerificationReport.Kind, position: Position?) async throws {
        let temporary = try TemporaryLedger()
        _ = try await temporary.ledger.append((1...300).map { Sample.gap($0, in: Sample.web) })
        let head = try temporary.ledger.head()
        try temporary.ledger.close()
        try Intruder.change(temporary.path, sql)

        let report = try Ledger.open(at: temporary.path, mode: .readOnly).verify(remembered: head)

        let bad = try #require(report.layers.first { $0.problem != nil })
        #expect(bad.kind == kind, "\(report.layers)")
        #expect(bad.problem?.position == position)
    }

    @Test("a trigger that was dropped is found")
    func droppedTrigger() async throws {
        let temporary = try TemporaryLedger()
        try temporary.ledger.close()
        try Intruder.change(temporary.path, "DROP TRIGGER event_update", keepingTriggers: false)

        let report = try Ledger.open(at: temporary.path, mode: .readOnly).verify()

        #expect(report.layers[0].problem?.message == "The schema's trigger event_update is missing.")
    }

    @Test("the loss of the newest events shows against a remembered head, and only against it")
    func rolledBack() async throws {
        let temporary = try TemporaryLedger()
        _ = try await temporary.ledger.append((1...10).map { Sample.gap($0, in: Sample.web) })
        try temporary.ledger.close()
        let copy = temporary.folder.file("copy.db")
        try FileManager.default.copyItem(atPath: temporary.path, toPath: copy)
        let ledger = try Ledger.open(at: temporary.path)
        _ = try await ledger.append([Sample.gap(11, in: Sample.web)])
        let remembered = try ledger.head()

        let old = try Ledger.open(at: copy, mode: .readOnly)

        #expect(try old.verify().isSound)
        let report = try old.verify(remembered: remembered)
        #expect(report.firstBadPosition == 11)
        #expect(
            report.layers[2].problem?.message
                == "The ledger was rolled back: its events from position 11 to 11 are gone."
        )
    }
}

/// Somebody with write access to the file and the sqlite3 program.
enum Intruder {
    static func change(_ path: String, _ sql: String, keepingTriggers: Bool = true) throws {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        try DatabaseQueue(path: path, configuration: configuration).write { database in
            let triggers = try Row.fetchAll(database, sql: "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
            if keepingTriggers {
                for trigger in triggers { try database.execute(sql: "DROP TRIGGER \(trigger["name"] as String)") }
            }
            try database.execute(sql: sql)
            if keepingTriggers { for trigger in triggers { try database.execute(sql: trigger["sql"]) } }
        }
    }
}
