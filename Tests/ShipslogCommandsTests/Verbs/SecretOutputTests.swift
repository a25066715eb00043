import ArgumentParser
import Foundation
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
        ["what-if", "deploy/web-canary@4", "--max-surge", "2"],
        ["what-if", "deploy/web-canary@4", "--strategy", "recreate"],
        ["what-if", "deploy/web-canary@4", "--sweep", "max-surge=1,2"],
        ["note", "add", "deploy/web-canary@4", "DB_PASSWORD=hunter2 was not the reason"],
        ["show", "deploy/web-canary@4", "--time", "absolute"], ["history", "deploy/web-canary"],
        ["events", "--rollout", "deploy/web-canary@4"], ["verify"],
    ]

    /// Those that have no formats, or make a new ledger.
    private static let plainCommands: [[String]] = [
        ["bundle", "deploy/web-canary@4", "-o", "-"], ["schema"], ["schema", "show"], ["version"],
        ["completion", "bash"],
    ]

    /// Those that tell nothing of what a ledger holds, or need a cluster.
    private static let others = [
        "init", "rebuild", "record", "audit-webhook", "nodes pretend", "rollout", "resume", "replay clean",
        "import watch",
        "import audit", "import ledger",
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

    @Test("stands in no bundle, schema or script")
    func maskedWithoutFormat() async throws {
        let ledger = try await recordedLedger()
        for command in Self.plainCommands {
            let result = await shipslog(command, ledger: ledger.path)
            #expect(result.status == 0 && !result.output.isEmpty, "\(command)")
            #expect(!result.description.contains("hunter2"), "\(command)")
        }
    }

    @Test("stands in nothing that an import says, not even of a line that it cannot read")
    func maskedImport() async throws {
        let ledger = try await recordedLedger()
        let folder = try TemporaryFolder()
        let stream = folder.file("deployments.watch.jsonl")
        var lines = try String(contentsOf: Fixtures.url("kubernetes-1.20/deployments.watch.jsonl"), encoding: .utf8)
        lines += #"{"type": "ADDED", "object": {"kind": "Deployment", "env": "DB_PASSWORD=hunter2""# + "\n"
        try lines.write(toFile: stream, atomically: true, encoding: .utf8)
        let audit = Fixtures.url("kubernetes-1.20/audit.jsonl.gz").path
        let imports = [
            ["watch", stream, "--cluster", "prod"], ["audit", audit, "--cluster", "prod"], ["ledger", ledger.path],
        ]
        for arguments in imports {
            for format in OutputFormat.allCases {
                let result = await shipslog(
                    ["import"] + arguments + ["-o", format.rawValue],
                    ledger: folder.file("\(arguments[0])-\(format).db"))
                #expect(result.status == 0 && !result.output.isEmpty, "\(arguments) \(format)")
                #expect(!result.description.contains("hunter2"), "\(arguments) \(format)")
            }
        }
    }

    @Test("every command is looked at, or has nothing to tell of what a ledger holds")
    func complete() {
        func names(_ command: any ParsableCommand.Type, _ path: [String] = []) -> [String] {
            let parts = command.configuration.subcommands
            if parts.isEmpty { return [path.joined(separator: " ")] }
            return parts.flatMap { part in
                let isDefault = part == command.configuration.defaultSubcommand
                return names(part, isDefault ? path : path + [part.configuration.commandName ?? "\(part)"])
            }
        }
        let known = (Self.commands + Self.plainCommands).map { $0.joined(separator: " ") } + Self.others
        for name in names(Shipslog.self) {
            #expect(known.contains { "\(name) ".hasPrefix("\($0) ") || "\($0) ".hasPrefix("\(name) ") }, "\(name)")
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
