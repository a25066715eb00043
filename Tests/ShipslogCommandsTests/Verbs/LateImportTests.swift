import Foundation
import ShipslogTesting
import Testing

@Suite("Imports of what is older than the ledger")
struct LateImportTests {
    @Test("what is told after what it came before is told of; what is known already is not")
    func order() async throws {
        let folder = try TemporaryFolder()
        let ledger = folder.file("ledger.db")
        let lines = try String(contentsOf: Fixtures.url("kubernetes-1.20/deployments.watch.jsonl"), encoding: .utf8)
            .split(separator: "\n").map(String.init)
        func imported(_ part: some Sequence<String>, as name: String) async throws -> String {
            let path = folder.file(name)
            try Data((part.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: path))
            return await shipslog(["import", "watch", path, "--cluster", "prod"], ledger: ledger).notices
        }
        let half = lines.count / 2
        #expect(try await imported(lines[half...], as: "newer") == "")
        #expect(try await imported(lines[half...], as: "again") == "")
        let warning = try await imported(lines[..<half], as: "older")
        #expect(
            warning.contains(
                #/^warning: \d+ events happened before \S+Z, up to when the ledger knew prod, and are told after what it knew: /#
            ), "\(warning)")
    }
}
