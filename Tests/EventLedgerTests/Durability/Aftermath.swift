import EventLedger
import Foundation
import RolloutModel
import ShipslogTesting
import Testing

/// What must be true of a ledger after whatever happened to the process or the machine that wrote it.
struct Aftermath {
    /// The ledger.
    var file: URL
    /// What was being appended.
    var workload: Workload
    /// How many batches of it there are.
    var batches: Int
    /// The positions of acknowledged events.
    var acknowledged: [EventID: Position]
    /// Whether to verify the ledger once more after trying again, which takes the most time.
    var verifiesRetry = true

    /// Reads the acknowledgements out of the lines that a workload printed.
    static func acknowledgements(in lines: some Sequence<String>) throws -> [EventID: Position] {
        var positions: [EventID: Position] = [:]
        for line in lines where line.hasPrefix("ack ") {
            let words = line.split(separator: " ")
            let id = try #require(EventID(String(words[1])))
            let position = Position(rawValue: try #require(Int64(words[2])))
            #expect(positions.updateValue(position, forKey: id) == nil, "acknowledged twice: \(id)")
        }
        return positions
    }

    /// Opens the ledger and checks that nothing acknowledged is lost, nothing is half there and nothing looks tampered
    /// with; then that trying again is exact: the last batches that are there and the first that are not.
    func check(_ situation: String) async {
        do {
            try await tryCheck(situation)
        } catch {
            Issue.record("\(error): \(situation)")
        }
    }

    private func tryCheck(_ situation: String) async throws {
        guard FileManager.default.fileExists(atPath: file.path) else {
            #expect(acknowledged.isEmpty, "the ledger is gone: \(situation)")
            return
        }
        let ledger = try Ledger.open(at: file.path, mode: .readWrite)
        let report = try ledger.verify()
        #expect(report.isSound, "\(situation): \(report)")
        var recorded: [EventID: Position] = [:]
        for try await event in ledger.events() {
            #expect(event.position.rawValue == Int64(recorded.count + 1), "a gap: \(situation)")
            recorded[event.event.id] = event.position
        }
        #expect(try ledger.head().size.rawValue == Int64(recorded.count), "\(situation)")
        for (id, position) in acknowledged {
            #expect(recorded[id] == position, "lost or moved: \(id), acknowledged at \(position): \(situation)")
        }
        let ids = workload.ids(ofBatches: batches)
        for (number, batch) in ids.enumerated() {
            let count = batch.count { recorded[$0] != nil }
            #expect(count == 0 || count == batch.count, "half of batch \(number): \(situation)")
        }
        let present = ids.count { recorded[$0[0]] != nil }
        for number in max(0, present - 3)..<min(present + 3, ids.count) {
            let events = try workload.batch(number)
            let positions = try await ledger.append(events)
            for (event, position) in zip(events, positions) {
                let expected = recorded[event.id] ?? Position(rawValue: Int64(recorded.count + 1))
                #expect(position == expected, "moved by a retry: \(situation)")
                recorded[event.id] = position
            }
        }
        #expect(try ledger.head().size.rawValue == Int64(recorded.count), "a retry appended twice: \(situation)")
        if verifiesRetry { #expect(try ledger.verify().isSound, "after a retry: \(situation)") }
        try ledger.close()
    }
}
