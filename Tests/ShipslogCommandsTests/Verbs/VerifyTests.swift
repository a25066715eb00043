import EventLedger
import Foundation
import RolloutModel
import ShipslogTesting
import Testing

@testable import ShipslogCommands

@Suite("Verification")
struct VerifyTests {
    private let folder: TemporaryFolder
    private let ledger: String
    private let environment: [String: String]

    init() throws {
        folder = try TemporaryFolder()
        ledger = folder.file("ledger.db")
        environment = ["XDG_STATE_HOME": folder.file("state")]
    }

    private func run(_ arguments: String...) async -> CommandResult {
        await shipslog(arguments, ledger: ledger, environment: environment)
    }

    private func importStream(_ name: String) async {
        let path = Fixtures.url("kubernetes-1.20/\(name).watch.jsonl").path
        let result = await run("import", "watch", path, "--cluster", "prod")
        #expect(result.status == 0, "\(result)")
    }

    @Test("a sound ledger is said to be so layer by layer")
    func sound() async {
        await importStream("services")
        let result = await run("verify")
        #expect(result.status == 0)
        #expect(result.notices == "")
        let lines = result.output.split(separator: "\n").map { $0.split(separator: " ").prefix(2) }
        #expect(
            lines.prefix(5) == [
                ["LAYER", "RESULT"], ["pages", "ok"], ["events", "ok"], ["head", "ok"], ["projections", "ok"],
            ])
        #expect(result.output.contains("The ledger is sound: "))
    }

    @Test("an older copy in place of the ledger is found by the remembered head, with 6")
    func rolledBack() async throws {
        await importStream("services")
        try FileManager.default.copyItem(atPath: ledger, toPath: folder.file("old.db"))
        await importStream("deployments")
        for suffix in ["", "-wal", "-shm"] where FileManager.default.fileExists(atPath: ledger + suffix) {
            try FileManager.default.removeItem(atPath: ledger + suffix)
        }
        try FileManager.default.copyItem(atPath: folder.file("old.db"), toPath: ledger)

        let verified = await run("verify")
        #expect(verified.status == 6)
        #expect(verified.output.contains("head          FAILED"))
        #expect(verified.output.contains("rolled back"))
        let listed = await run("rollouts")
        #expect(listed.status == 6)
        #expect(listed.notices.hasPrefix("error: The ledger \(ledger) was rolled back"))
    }

    @Test("a changed event is found, with 6")
    func changed() async throws {
        await importStream("services")
        var bytes = try Data(contentsOf: URL(fileURLWithPath: ledger))
        let range = try #require(bytes.range(of: Data("\"color\":\"green\"".utf8)))
        bytes.replaceSubrange(range, with: Data("\"color\":\"greed\"".utf8))
        try bytes.write(to: URL(fileURLWithPath: ledger))

        let result = await run("verify", "-o", "json")
        #expect(result.status == 6)
        let report = try CanonicalJSON.decode(JSONValue.self, from: Data(result.output.utf8))
        #expect(report["sound"] == .bool(false))
    }

    @Test("damage to the header or to the head is told layer by layer, with 6", arguments: [0, 15, 68, 71, nil])
    func damaged(offset: Int?) async throws {
        await importStream("services")
        let open = try Ledger.open(at: ledger, mode: .readOnly)
        let head = try open.head()
        try open.close()
        var bytes = try Data(contentsOf: URL(fileURLWithPath: ledger))
        if let offset {
            bytes[offset] ^= 0xFF
        } else {
            // In the row of the head, the size as a number of one byte stands before the frontier, which begins with it. Only
            // after it, since zeros with such a byte behind them are elsewhere too.
            let size = try #require(Int8(exactly: head.size.rawValue))
            let number = Data([UInt8(size)])
            let row = number + Data(repeating: 0, count: 7) + number
            try #require(bytes.range(of: row) != nil)
            while let range = bytes.range(of: row) {
                bytes.replaceSubrange(range, with: number + Data(repeating: 0xFF, count: 8))
            }
        }
        try bytes.write(to: URL(fileURLWithPath: ledger))

        let verified = await run("verify")
        #expect(verified.status == 6)
        #expect(verified.notices == "")
        let lines = verified.output.split(separator: "\n").map { $0.split(separator: " ").prefix(2) }
        #expect(
            lines.prefix(5) == [
                ["LAYER", "RESULT"], ["pages", offset == nil ? "ok" : "FAILED"],
                ["events", offset == nil ? "ok" : "FAILED"],
                ["head", "FAILED"], ["projections", offset == nil ? "ok" : "FAILED"],
            ], "\(verified)")
        #expect(await run("rollouts").status == 6)
    }

    @Test("a rebuild changes nothing about a sound ledger")
    func rebuild() async throws {
        await importStream("deployments")
        let before = await run("rollouts", "-o", "json")
        let result = await run("rebuild")
        #expect(result.status == 0 && result.output == "")
        #expect(result.notices.hasPrefix("Rebuilt the projections of "))
        #expect(await run("rollouts", "-o", "json") == before)
        #expect(await run("verify").status == 0)
    }
}
