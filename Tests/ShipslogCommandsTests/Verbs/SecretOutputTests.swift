import RolloutModel
import ShipslogTesting
import Testing

@testable import ShipslogCommands

@Suite("The planted secret")
struct SecretOutputTests {
    private static let commands: [[String]] = [
        ["rollouts"], ["history", "deploy/web-canary"], ["show", "deploy/web-canary@4"],
        ["show", "deploy/web-canary@4", "--all"], ["events"], ["events", "deploy/web-canary"], ["state"],
        ["state", "deploy/web-canary"], ["diff", "deploy/web-canary@1", "deploy/web-canary@4"],
        ["replay", "deploy/web-canary@4", "--to", "dry-run"],
        ["replay", "deploy/web-canary@4", "--to", "dry-run", "--all"],
        ["replay", "deploy/web-canary@4", "--to", "simulation", "--all"],
        ["plan", "deploy/web-canary@4"], ["plan", "deploy/web-canary@4", "-o", "yaml"],
    ]

    @Test("stands in no output of any command in any format")
    func masked() async throws {
        let ledger = try await recordedLedger()
        for command in Self.commands {
            for format in OutputFormat.allCases {
                let result = await shipslog(command + ["-o", format.rawValue], ledger: ledger.path)
                #expect(!result.description.contains("hunter2"), "\(command) \(format)")
                #expect(!result.output.isEmpty, "\(command) \(format)")
            }
        }
    }

    @Test("is shown if asked for")
    func shown() async throws {
        let ledger = try await recordedLedger()
        for command in [
            ["events", "-o", "json"], ["history", "deploy/web-canary", "-o", "yaml"], Self.commands[8],
            Self.commands[10],
        ] {
            #expect(
                await shipslog(command + ["--show-secrets"], ledger: ledger.path).output.contains("hunter2"),
                "\(command)")
        }
    }

    @Test("templates that differ only in a masked value differ all the same")
    func differentSecrets() throws {
        func template(_ password: String) -> TemplateDiff {
            TemplateDiff(
                first: "a", second: "b", namespace: "shop", old: ["env": [["name": "PASSWORD", "value": "x"]]],
                new: ["env": [["name": "PASSWORD", "value": .string(password)]]])
        }
        #expect(template("y").isDifferent)
        #expect(try template("y").lines(masked: true) == [])
        #expect(!template("x").isDifferent)
    }
}
