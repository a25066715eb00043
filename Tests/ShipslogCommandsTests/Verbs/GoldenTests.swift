import Foundation
import ShipslogTesting
import Testing

@testable import ShipslogCommands

/// Each command's answer about the recording of Kubernetes 1.20, held to a file in `Golden`.
///
/// `SHIPSLOG_RECORD_GOLDEN=1 swift test --filter GoldenTests` writes the files anew and fails, so that nobody takes a
/// recording for a test.
@Suite("Answers")
struct GoldenTests {
    private static let cases: [(file: String, arguments: [String])] = [
        ("rollouts.txt", ["rollouts"]),
        ("rollouts-wide.txt", ["rollouts", "-o", "wide", "-A", "--time", "absolute"]),
        ("rollouts-web-name.txt", ["rollouts", "deploy/web", "-o", "name"]),
        ("rollouts.json", ["rollouts", "-o", "json"]),
        ("rollouts-web-3.jsonl", ["rollouts", "deploy", "web", "--limit", "3", "-o", "jsonl"]),
        ("rollouts-pod.yaml", ["rollouts", "pods", "-o", "yaml"]),
        ("history-web.txt", ["history", "deploy/web"]),
        ("history-cart.txt", ["history", "svc/cart", "-o", "wide"]),
        ("history-web-canary.json", ["history", "deploy/web-canary", "-o", "json"]),
        ("show-web-3.txt", ["show", "deploy/web@3"]),
        ("show-web-5.txt", ["show", "deploy/web@5"]),
        ("show-web-canary-2.txt", ["show", "deploy/web-canary@2"]),
        ("show-web-canary-4-all.txt", ["show", "deploy/web-canary@4", "--all"]),
        ("show-cart-2.txt", ["show", "svc/cart@2"]),
        ("show-batch-2.json", ["show", "pod/batch@2", "-o", "json"]),
        ("state.txt", ["state"]),
        ("state-web-250.txt", ["state", "deploy/web", "--at", "250"]),
        ("state-web-canary.json", ["state", "deploy/web-canary", "-o", "json"]),
        ("state-cart.yaml", ["state", "svc/cart", "-o", "yaml"]),
        ("state-batch.txt", ["state", "pod/batch"]),
        ("diff-web-2-5.txt", ["diff", "deploy/web@2", "deploy/web@5"]),
        ("diff-web-canary-3-4.txt", ["diff", "deploy/web-canary@3", "deploy/web-canary@4"]),
        ("replay-web-3.txt", ["replay", "deploy/web@3", "--to", "dry-run"]),
        ("replay-cart-1.json", ["replay", "svc/cart@1", "--to", "dry-run", "-o", "json"]),
        ("replay-web-3-simulation.txt", ["replay", "deploy/web@3", "--to", "simulation"]),
        ("replay-web-canary-2-simulation.txt", ["replay", "deploy/web-canary@2", "--to", "simulation"]),
        ("replay-cart-2-simulation.json", ["replay", "svc/cart@2", "--to", "simulation", "-o", "json"]),
        ("what-if-web-2.txt", ["what-if", "deploy/web@2", "--sweep", "max-surge=1,2", "--replicas", "8"]),
        ("help-replay.txt", ["help", "replay"]), ("help-replay-run.txt", ["help", "replay", "run"]),
        ("plan-web-3.txt", ["plan", "deploy/web@3"]),
        ("plan-batch-2.yaml", ["plan", "pod/batch@2", "-o", "yaml"]),
        ("events-web-3.txt", ["events", "--rollout", "deploy/web@3", "--time", "absolute"]),
        ("events-cart.json", ["events", "svc/cart", "--limit", "3", "-o", "json"]),
        ("help.txt", ["--help"]),
        ("help-rollouts.txt", ["help", "rollouts"]),
        ("help-bundle.txt", ["help", "bundle"]),
        ("help-nodes-pretend.txt", ["help", "nodes", "pretend"]),
    ]

    @Test("every answer is as in its file")
    func answers() async throws {
        let ledger = try await recordedLedger()
        let isRecording = ProcessInfo.processInfo.environment["SHIPSLOG_RECORD_GOLDEN"] == "1"
        for (file, arguments) in Self.cases {
            let result = await shipslog(arguments, ledger: ledger.path)
            let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .appendingPathComponent("Golden/\(file)")
            if isRecording {
                try result.output.write(to: url, atomically: true, encoding: .utf8)
            } else {
                let golden = try String(contentsOf: url, encoding: .utf8)
                #expect(result.output == golden, "shipslog \(arguments.joined(separator: " "))")
            }
            #expect(result.notices == "", "shipslog \(arguments.joined(separator: " "))")
        }
        if isRecording { Issue.record("The golden files were recorded, not compared.") }
    }
}
