import Foundation
import GRDB
import RolloutModel
import ShipslogTesting
import Testing

@testable import EventLedger

/// No question may read the whole log, or sort it, but one for the whole log.
@Suite struct QueryPlanTests {
    @Test("every hot statement finds its rows by an index, and needs no sorting")
    func plans() async throws {
        let temporary = try TemporaryLedger()
        _ = try await temporary.ledger.append(
            (1...600).map { Sample.gap($0, in: Sample.web, actor: Actor(name: "a", evidence: .audit)) })
        var other = Sample.gap(601, in: Sample.api)
        other.type = EventType(rawValue: "test.other")
        _ = try await temporary.ledger.append([other])
        let connection = try Connection(path: temporary.path, role: .reader, timeout: .seconds(10))
        let reader = Reader(connection)
        let statements = Statements()
        try connection.access { database in database.trace { statements.add($0) } }

        for moment in [Moment.position(300), .now] { _ = try? reader.state(of: Sample.web, at: moment) }
        _ = try? reader.state(of: Sample.web, at: .time(Sample.gap(100, in: Sample.web).occurredAt))
        _ = try reader.rollouts(RolloutQuery(limit: 10))
        _ = try reader.revisions(of: Sample.web)
        _ = try reader.outages(of: Sample.web)
        _ = try reader.labels(of: Sample.web)
        let type = EventType(rawValue: "test.happened")
        for query in [
            EventQuery(), EventQuery(streams: [Sample.web]), EventQuery(types: [type]), EventQuery(actor: "a"),
            EventQuery(rollout: Sample.id(1)), EventQuery(streams: [Sample.web], types: [type], isBackwards: true),
            EventQuery(since: Timestamp(microseconds: 0)), EventQuery(streams: [Sample.web, Sample.api]),
            EventQuery(types: [type, EventType(rawValue: "test.other")], actor: "a", isBackwards: true),
            EventQuery(cluster: "prod", namespace: "shop"),
        ] {
            _ = try reader.page(of: query, size: 10)
        }
        try connection.access { database in
            let call = try AppendCall([Sample.gap(1, in: Sample.web)], if: [], LedgerOptions())
            _ = try KnownEvents(call, in: database, next: 602)
            _ = try Knowledge(database)
            _ = try TileStore(database).root(atSize: 300)
        }

        try connection.access { database in
            database.trace(nil)
            #expect(statements.all.count > 15)
            for sql in statements.all {
                try database.query("EXPLAIN QUERY PLAN \(sql)").forEach { step in
                    let detail = step.text(3)
                    #expect(!detail.contains("TEMP B-TREE"), "\(detail): \(sql)")
                    #expect(
                        !detail.hasPrefix("SCAN") || Self.isAllowedScan(detail), "\(detail): \(sql)"
                    )
                }
            }
        }
    }

    @Test("where the events of a time are is asked once for a reading, not once for each page")
    func pages() async throws {
        let temporary = try TemporaryLedger()
        _ = try await temporary.ledger.append((1...1_000).map { Sample.gap($0, in: Sample.web) })
        let connection = try Connection(path: temporary.path, role: .reader, timeout: .seconds(10))
        let questions = Locked(0)
        try connection.access { database in
            database.trace { event in
                guard case .statement(let statement) = event, statement.sql.contains("event_by_occurred") else {
                    return
                }
                questions.withLock { $0 += 1 }
            }
        }
        let query = EventQuery(since: Timestamp(microseconds: 0))
        #expect(try await Array(EventSequence(reader: Reader(connection), query: query)).count == 1_000)
        #expect(questions.withLock { $0 } == 1)
    }

    /// Tables of one row, and the newest rollouts first.
    private static func isAllowedScan(_ detail: String) -> Bool {
        ["SCAN h", "SCAN l", "SCAN head", "SCAN r USING INDEX rollout_by_start", "SCAN CONSTANT ROW"].contains(detail)
    }

    /// The statements that a connection ran.
    ///
    /// Unchecked, because the compiler does not know that the lock guards them.
    private final class Statements: @unchecked Sendable {
        private let lock = NSLock()
        private var texts: Set<String> = []

        func add(_ event: Database.TraceEvent) {
            guard case .statement(let statement) = event, statement.sql.hasPrefix("SELECT") else { return }
            lock.withLock { _ = texts.insert(statement.sql) }
        }

        var all: Set<String> { lock.withLock { texts } }
    }
}
