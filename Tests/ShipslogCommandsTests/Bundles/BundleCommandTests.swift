import EventLedger
import Foundation
import RolloutModel
import ShipslogTesting
import Testing

@testable import ShipslogCommands

@Suite("Bundles on the command line")
struct BundleCommandTests {
    /// An answer without what became of the pods after the rollout: a bundle ends with it.
    private func upToTheEnd(_ result: CommandResult) -> CommandResult {
        var result = result
        result.output = result.output.replacing(#/"aftermath": (\{[^}]*\}|null)/#, with: "")
        return result
    }

    @Test("of every rollout `show` tells from the bundle what it tells from the ledger, and no bundle holds the secret")
    func shown() async throws {
        let stage = try await BundleStage()
        let rollouts = await stage.rollouts()
        #expect(rollouts.count == 17)
        for rollout in rollouts {
            let file = await stage.bundle(rollout)
            #expect(try stage.bytes(file).range(of: Data("hunter2".utf8)) == nil, "\(rollout)")
            let json = await stage.run(["show", rollout, "-n", "shop", "-o", "json"])
            let elsewhere = await stage.runElsewhere(["show", rollout, "--bundle", file, "-o", "json"])
            #expect(upToTheEnd(elsewhere) == upToTheEnd(json), "\(rollout)")
            let text = await stage.run(["show", rollout, "-n", "shop", "--all"])
            #expect(await stage.runElsewhere(["show", "--all", "--bundle", file]) == text, "\(rollout)")
            #expect(json.status == 0 && text.status == 0, "\(rollout)")
        }
    }

    @Test("the other commands that read find in the bundle what the ledger has up to the end of the rollout")
    func read() async throws {
        let stage = try await BundleStage()
        let file = await stage.bundle("deploy/web@3")
        let end = try #require(
            try CanonicalJSON.decode(
                JSONValue.self,
                from: Data(
                    await stage.run(["events", "--rollout", "deploy/web@3", "-n", "shop", "-o", "json"]).output.utf8)
            ).array?.last?["position"]?.integer)
        for arguments in [
            ["history", "deploy/web", "-o", "name"], ["diff", "deploy/web@2", "deploy/web@3"],
            ["events", "--rollout", "deploy/web@3"], ["replay", "deploy/web@3", "--to", "dry-run"],
            ["state", "deploy/web", "--at", "\(end)"], ["rollouts", "deploy/web", "-o", "jsonl"],
        ] {
            let found = await stage.runElsewhere(arguments + ["--bundle", file])
            let whole = await stage.run(arguments + ["-n", "shop"])
            #expect(found.status == whole.status && !found.output.isEmpty, "\(arguments): \(found)")
            // A list goes on in the ledger.
            let isList = ["history", "rollouts"].contains(arguments[0])
            #expect(isList ? whole.output.hasPrefix(found.output) : whole.output == found.output, "\(arguments)")
        }
        let now = await stage.runElsewhere(["state", "deploy/web", "--bundle", file])
        #expect(now.output == (await stage.run(["state", "deploy/web", "--at", "\(end)", "-n", "shop"])).output)
        let later = await stage.runElsewhere(["state", "--at", "\(end + 1)", "--bundle", file])
        #expect(later.notices == "error: There is no position \(end + 1): the ledger ends at \(end).\n")
    }

    @Test("secrets are kept if asked for; else they cannot be shown again")
    func secrets() async throws {
        let stage = try await BundleStage()
        let bundle = await stage.bundle("deploy/web-canary@4")
        let kept = await stage.bundle("deploy/web-canary@4", "--show-secrets")
        #expect(try stage.bytes(kept).range(of: Data("hunter2".utf8)) != nil)
        let shown = await stage.runElsewhere(
            ["history", "deploy/web-canary", "--bundle", kept, "--show-secrets", "-o", "json"])
        #expect(shown.output.contains("hunter2"))
        let masked = await stage.runElsewhere(
            [
                "history", "deploy/web-canary", "--bundle", bundle, "--show-secrets", "-o",
                "json",
            ])
        #expect(masked.output.contains("***1") && !masked.output.contains("hunter2"))
    }

    @Test("templates that differ by a secret only remain two revisions")
    func differentSecrets() throws {
        let secrets = NumberedSecrets()
        func payload(_ password: String) throws -> String {
            let template: JSONValue = ["env": [["name": "PASSWORD", "value": .string(password)]]]
            return String(decoding: try #require(try secrets.masked(CanonicalJSON.encode(template))), as: UTF8.self)
        }
        #expect(
            try ["a", "b", "a"].map(payload) == [
                #"{"env":[{"name":"PASSWORD","value":"***1"}]}"#, #"{"env":[{"name":"PASSWORD","value":"***2"}]}"#,
                #"{"env":[{"name":"PASSWORD","value":"***1"}]}"#,
            ])
        #expect(try secrets.masked(Data(#"{"replicas": 3}"#.utf8)) == nil)
    }

    @Test("what was written is told beside the output, which a pipe can take")
    func output() async throws {
        let stage = try await BundleStage()
        let file = await stage.run(["bundle", "pod/batch@1", "-n", "shop", "-o", "batch.shipslog"])
        #expect(
            file
                == CommandResult(
                    status: 0, output: "",
                    notices: """
                        Bundled pod/batch@1 into batch.shipslog: 12 events, proven against the checkpoint of 1236 events.
                        In 2 events, values that look secret are masked; --show-secrets keeps them.

                        """))
        let piped = await stage.run(["bundle", "pod/batch@1", "-n", "shop", "-o", "-", "-q"])
        #expect(
            piped
                == CommandResult(
                    status: 0, output: String(decoding: try stage.bytes("batch.shipslog"), as: UTF8.self), notices: ""))
        let attributes = try FileManager.default.attributesOfItem(atPath: stage.folder + "/batch.shipslog")
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    @Test("a file that is there is overwritten only with --force, and nothing half-written is left")
    func existing() async throws {
        let stage = try await BundleStage()
        let path = stage.folder + "/web.shipslog"
        try "mine".write(toFile: path, atomically: true, encoding: .utf8)
        let command = ["bundle", "deploy/web@3", "-n", "shop", "-o", "web.shipslog"]
        let refused = await stage.run(command)
        #expect(
            refused
                == CommandResult(
                    status: 2, output: "",
                    notices: "error: There is a file at \(path) already.\n--force overwrites it.\n"))
        #expect(try stage.bytes("web.shipslog") == Data("mine".utf8))
        #expect(await stage.run(command + ["--force"]).status == 0)
        #expect(await stage.runElsewhere(["verify", "--bundle", "web.shipslog"]).status == 0)
        let files = try FileManager.default.contentsOfDirectory(atPath: stage.folder)
        #expect(files.filter { $0.hasSuffix(".new") } == [])
    }

    @Test("what cannot be done is said in one sentence")
    func refused() async throws {
        let stage = try await BundleStage()
        let file = await stage.bundle("pod/batch@1")
        let cases: [([String], Int32, String)] = [
            (
                ["bundle", "pod/batch@1", "-n", "shop", "-o", "/proc/none/x"], 1,
                "error: The file /proc/none/x cannot be written.\nLook at the folder and its permissions.\n"
            ),
            (["bundle", "pod/batch@9", "-n", "shop", "-o", "x"], 1, "error: pod/batch has no rollout 9;"),
            (["bundle", "pod/batch@1", "-o", "x", "--bundle", file], 2, "error: A bundle cannot be made of a bundle:"),
            (["bundle", "pod/batch@1"], 2, "error: Missing expected argument '--output <file>'"),
            (["events", "-f", "--bundle", file], 2, "error: --follow has nothing to wait for:"),
            (
                ["show", "pod/batch@1", "--ledger", "x", "--bundle", file], 2,
                "error: --ledger and --bundle exclude each other."
            ),
            (["show", "deploy/web@1", "--bundle", file], 1, "error: There is no deploy/web in namespace shop."),
            (["show", "pod/batch@1", "--bundle", "none"], 1, "error: There is no file \(stage.folder)/none."),
        ]
        for (arguments, status, notices) in cases {
            let result = await stage.run(arguments)
            #expect(result.status == status && result.output == "", "\(arguments): \(result)")
            #expect(result.notices.hasPrefix(notices), "\(arguments): \(result)")
        }
        let typed = await shipslog(
            ["bundle", "pod/batch@1", "-n", "shop", "-o", "-"], ledger: stage.temporary.path, isTerminal: true)
        #expect(typed.status == 2)
        #expect(typed.notices == "error: A bundle is not for a terminal.\nGive -o FILE, or pipe it: -o - | gzip.\n")
    }

    @Test("what writes refuses a bundle, and touches no ledger")
    func writers() async throws {
        let stage = try await BundleStage()
        let file = await stage.bundle("pod/batch@1")
        let stream = Fixtures.url("kubernetes-1.20/services.watch.jsonl").path
        let before = try stage.temporary.ledger.head()
        for arguments in [
            ["init"], ["rebuild"], ["note", "add", "pod/batch@1", "x"],
            ["import", "watch", stream, "--cluster", "prod"],
            ["import", "audit", stream, "--cluster", "prod"], ["resume"],
            ["rollout", "rolling", "deploy/web", "--image", "x"], ["rollout", "pause", "deploy/web"],
            ["rollout", "blue-green", "--service", "web", "--image", "x"],
        ] {
            let result = await stage.run(arguments + ["--bundle", file])
            #expect(result.status == 2 && result.output == "", "\(arguments): \(result)")
            #expect(result.notices.contains("The bundle \(file) can only be read."), "\(arguments): \(result)")
        }
        #expect(try stage.temporary.ledger.head() == before)
    }
}
