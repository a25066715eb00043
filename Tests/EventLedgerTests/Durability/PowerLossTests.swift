import EventLedger
import Foundation
import RolloutModel
import ShipslogTesting
import Testing

@Suite("A machine that loses power while it appends", .serialized)
struct PowerLossTests {
    private static let batches = 30
    private static let workload = Workload(name: "power")
    /// Part of every failure's message; with the same number the same states are tried.
    private static let seed: UInt64 = 20_261_123

    @Test("nothing acknowledged is lost and nothing is half there, in a thousand states of the disk")
    func replay() async throws {
        try await withTemporaryFolder(isInMemory: true) { folder in
            let recorded = folder.appending(path: "recorded")
            try FileManager.default.createDirectory(at: recorded, withIntermediateDirectories: true)
            let file = recorded.appending(path: "ledger.db")
            let calls = try record(file)
            let states = isLongForm ? 20_000 : 1_000
            var generator = SeededGenerator(seed: Self.seed)
            let cuts = (0..<states).map { _ in Int.random(in: 0...calls.count, using: &generator) }.sorted()
            var disk = SimulatedDisk()
            var printed = ""
            var done = 0
            for (number, cut) in cuts.enumerated() {
                for call in calls[done..<cut] {
                    disk.apply(call)
                    if case .print(let text) = call { printed += text }
                }
                done = cut
                let luck = SimulatedDisk.Luck.allCases[number % SimulatedDisk.Luck.allCases.count]
                let found = disk.afterPowerCut(luck, using: &generator)
                let after = folder.appending(path: "after")
                try restore(found, of: recorded, to: after)
                let aftermath = Aftermath(
                    file: after.appending(path: "ledger.db"), workload: Self.workload, batches: Self.batches,
                    acknowledged: try Aftermath.acknowledgements(in: printed.split(separator: "\n").map(String.init)),
                    verifiesRetry: false
                )
                await aftermath.check("state \(number) of seed \(Self.seed): \(luck) after call \(cut)")
                try FileManager.default.removeItem(at: after)
            }
        }
    }

    /// Runs the workload and gives all that it did to the disk.
    private func record(_ file: URL) throws -> [RecordedCall] {
        let command = [workloadProgram, file.path, Self.workload.name, String(Self.batches), "11"]
        let outcome = try Strace(command: command).recording()
        #expect(outcome.run.status == 0)
        let calls = try RecordedCall.parse(outcome.trace)
        let acknowledged = try Aftermath.acknowledgements(in: outcome.run.lines)
        #expect(acknowledged.count == Self.workload.ids(ofBatches: Self.batches).joined().count)
        #expect(try replayed(calls)[file.path] == Array(Data(contentsOf: file)), "the recording is not complete")
        return calls
    }

    /// The files as they are when all calls reach the disk.
    private func replayed(_ calls: [RecordedCall]) throws -> [String: [UInt8]] {
        var disk = SimulatedDisk()
        for call in calls { disk.apply(call) }
        var generator = SeededGenerator(seed: 0)
        return disk.afterPowerCut(.everything, using: &generator)
    }

    /// Puts files where a ledger can be opened.
    ///
    /// The shared-memory index does not survive a power cut and is left out.
    private func restore(_ files: [String: [UInt8]], of recorded: URL, to folder: URL) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (path, bytes) in files where path.hasPrefix(recorded.path + "/") && !path.hasSuffix("-shm") {
            try Data(bytes).write(to: folder.appending(path: URL(filePath: path).lastPathComponent))
        }
    }
}
