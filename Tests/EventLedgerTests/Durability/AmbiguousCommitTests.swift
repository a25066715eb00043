import EventLedger
import Foundation
import RolloutModel
import ShipslogTesting
import Testing

@Suite("A COMMIT of which nobody knows whether it counts", .serialized)
struct AmbiguousCommitTests {
    @Test("a process that dies while it waits for the disk leaves whole batches, which a retry finds where they are")
    func failedButKept() async throws {
        var unacknowledged = 0
        for number in 1...4 {
            let end = try await run("signal=SIGKILL", at: "\(number)")
            #expect(end.status == SIGKILL)
            unacknowledged += end.found - end.acknowledged
        }
        // What was written is seen by the next process, whether or not the disk had it.
        #expect(unacknowledged > 0, "no COMMIT was ambiguous")
    }

    @Test("a disk that is never done leaves what was acknowledged, and the error says that the rest is not known")
    func failedAndLost() async throws {
        for number in 1...4 {
            let end = try await run("error=EIO", at: "\(number)+")
            #expect(end.status == 1)
            #expect(end.message.hasPrefix("It is not known whether the events are in the ledger"))
            #expect(end.found == end.acknowledged)
        }
    }

    private struct End {
        var status: Int32
        var message: String
        var acknowledged: Int
        var found: Int
    }

    /// Lets waiting for the disk fail, looks at what is left, and appends everything again.
    private func run(_ effect: String, at when: String) async throws -> End {
        let workload = Workload(name: "ambiguous")
        let batches = 4
        return try await withTemporaryFolder { folder in
            let file = folder.appending(path: "ledger.db")
            try Ledger.create(at: file.path).close()
            let strace = Strace(command: [workloadProgram, file.path, workload.name, String(batches), "100"])
            let outcome = try strace.injecting(effect, into: "fdatasync", when: when, path: file.path + "-wal")
            #expect(outcome.wasTouched)
            let acknowledged = try Aftermath.acknowledgements(in: outcome.run.lines)

            let ledger = try Ledger.open(at: file.path)
            var found: [EventID: Position] = [:]
            for try await event in ledger.events() { found[event.event.id] = event.position }
            for (id, position) in acknowledged { #expect(found[id] == position) }
            for number in 0..<batches {
                let events = try workload.batch(number)
                let before = events.compactMap { found[$0.id] }
                let positions = try await ledger.append(events)
                #expect(before.isEmpty || before == positions, "batch \(number) was half there, or moved")
            }
            #expect(try ledger.head().size.rawValue == Int64(workload.ids(ofBatches: batches).joined().count))
            #expect(try ledger.verify().isSound)
            try ledger.close()
            return End(
                status: outcome.run.status, message: outcome.run.lines.last { !$0.hasPrefix("ack ") } ?? "",
                acknowledged: acknowledged.count, found: found.count
            )
        }
    }
}
