import EventLedger
import Foundation
import RolloutModel
import ShipslogTesting
import Testing

@Suite("Processes that append at once", .serialized)
struct TwoProcessesTests {
    @Test("two processes share one order of events: no position twice, none left out")
    func positionsAreShared() async throws {
        try await withTemporaryFolder { folder in
            let file = folder.appending(path: "ledger.db")
            let batches = 60
            let workloads = [Workload(name: "port"), Workload(name: "starboard")]
            let runs = try workloads.map {
                try ProcessRun([workloadProgram, file.path, $0.name, String(batches), "7"])
            }
            var acknowledged: [EventID: Position] = [:]
            for run in runs {
                let outcome = run.finish()
                #expect(outcome.status == 0)
                acknowledged.merge(try Aftermath.acknowledgements(in: outcome.lines)) { first, _ in
                    Issue.record("an event of both processes")
                    return first
                }
            }
            let ids = workloads.map { $0.ids(ofBatches: batches) }
            #expect(Set(acknowledged.keys) == Set(ids.joined().joined()))
            #expect(Set(acknowledged.values.map(\.rawValue)) == Set(1...Int64(acknowledged.count)))
            for batch in ids.joined() {
                let positions = batch.compactMap { acknowledged[$0]?.rawValue }
                #expect(positions == Array(positions[0]..<positions[0] + Int64(batch.count)))
            }
            let ledger = try Ledger.open(at: file.path, mode: .readOnly)
            for try await event in ledger.events() {
                #expect(acknowledged[event.event.id] == event.position)
            }
            #expect(try ledger.verify().isSound)
            try ledger.close()
        }
    }

    @Test("a ledger that is opened twice in one process keeps its locks, and sees what others append")
    func twiceInOneProcess() async throws {
        try await withTemporaryFolder { folder in
            let file = folder.appending(path: "ledger.db")
            let first = try Ledger.create(at: file.path)
            let own = Workload(name: "own")
            _ = try await first.append(try own.batch(0))
            // Looks at the file before it opens it, and is gone again.
            try Ledger.open(at: file.path, mode: .readOnly).close()
            let second = try Ledger.open(at: file.path, mode: .readOnly)
            let other = Workload(name: "other")
            // Closes the file after each batch, and were it the last to have it open, would take the log away.
            let outcome = try ProcessRun([workloadProgram, file.path, "other", "4", "1"]).finish()
            #expect(outcome.status == 0)
            _ = try await first.append(try own.batch(1))
            let count = Int64((own.ids(ofBatches: 2) + other.ids(ofBatches: 4)).joined().count)
            #expect(try first.head().size.rawValue == count)
            #expect(try second.head().size.rawValue == count)
            let third = try Ledger.open(at: file.path, mode: .readOnly)
            #expect(try third.verify().isSound)
            #expect(try third.head() == first.head())
        }
    }
}
