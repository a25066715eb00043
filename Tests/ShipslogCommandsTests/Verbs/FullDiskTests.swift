import EventLedger
import Foundation
import RolloutModel
import ShipslogTesting
import Testing

@testable import ShipslogCommands

@Suite("A full disk")
struct FullDiskTests {
    private let folder: TemporaryFolder
    private var path: String { folder.file("ledger.db") }
    private let importing: [String]

    init() throws {
        folder = try TemporaryFolder()
        let streams = Fixtures.watchStreams(of: "kubernetes-1.20")
        importing = ["import", "watch"] + streams + ["--cluster", "prod", "--ledger", folder.file("ledger.db")]
    }

    /// Runs the program as if nothing more could be written to the log of the ledger, as strace makes it believe.
    private func runOnFullDisk(_ arguments: [String]) throws -> Program.Run {
        try Program.run(
            "/usr/bin/env",
            [
                "HOME=\(folder.path)", "strace", "-f", "-o", "/dev/null", "-e", "signal=none", "-e", "trace=pwrite64",
                "-P", path + "-wal", "-e", "inject=pwrite64:error=ENOSPC", builtProgram,
            ] + arguments)
    }

    @Test("an import into it is told so, keeps what was written before, and is done when it is tried again")
    func importingAgain() async throws {
        let stream = Fixtures.url("kubernetes-1.20/deployments.watch.jsonl").path
        let first = try Program.run(
            builtProgram, ["import", "watch", stream, "--cluster", "prod", "--ledger", path])
        #expect(first.status == 0, "\(first.errors)")
        let ledger = try Ledger.open(at: path)
        let written = try ledger.head()

        let full = try runOnFullDisk(importing)
        #expect(full.status == 1)
        #expect(
            full.errors == """
                error: It is not known whether the events are in the ledger. There is no space left to write to the \
                ledger \(path).
                Free some space and retry. Events that are there already are not appended twice.

                """)
        #expect(full.output == "")
        #expect(try ledger.head() == written)
        #expect(try ledger.verify().isSound)

        let again = try Program.run(builtProgram, importing)
        #expect(again.status == 0, "\(again.errors)")
        let whole = try await recordedLedger()
        #expect(try ledger.head().size == whole.ledger.head().size)
        #expect(again.output.hasSuffix(", \(written.size) known already.\n"))
        #expect(try ledger.verify().isSound)
    }
}
