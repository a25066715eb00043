import EventLedger
import Foundation
import RolloutModel
import ShipslogTesting
import Testing

@testable import ShipslogCommands

@Suite("Bad input")
struct BadInputTests {
    @Test("wrong usage ends with 2 and says what is wrong, beside the output")
    func usage() async throws {
        let cases: [([String], String)] = [
            (["frobnicate"], "error: Unexpected argument 'frobnicate'"),
            (["rollouts", "-o", "xml"], "error: The value 'xml' is invalid for '-o <format>'"),
            (["rollouts", "rs/web"], "error: \"rs\" is not a type that has rollouts. Name it TYPE/NAME"),
            (["rollouts", "--limit", "0"], "error: --limit must be at least 1."),
            (["rollouts", "-n", "a", "-A"], "error: --namespace and --all-namespaces exclude each other."),
            (["show", "deploy/web"], "error: \"deploy/web\" does not name a rollout."),
            (["show"], "error: Missing expected argument"),
            (["state", "deploy/web", "--at", "yesterday"], "error: The value 'yesterday' is invalid for '--at"),
            (["events", "--type", "pod.exploded"], "error: There is no event type \"pod.exploded\"."),
            (["replay", "deploy/web@1", "--to", "moon"], "error: The value 'moon' is invalid for '--to"),
            (["import", "watch", "x", "--cluster", "a/b"], "error: --cluster must be a name"),
            (["completion", "tcsh"], "error: The value 'tcsh' is invalid"),
        ]
        for (arguments, message) in cases {
            let result = await shipslog(arguments)
            #expect(result.status == 2, "\(arguments)")
            #expect(result.output == "", "\(arguments)")
            #expect(result.notices.hasPrefix(message), "\(arguments): \(result.notices)")
        }
    }

    @Test("what is not in the ledger ends with 1 and names what is")
    func unknown() async throws {
        let ledger = try await recordedLedger()
        let cases: [([String], Int32, String)] = [
            (
                ["show", "deploy/web@9"], 1,
                "error: deploy/web has no rollout 9; its rollouts are 1 to 5.\n"
            ),
            (
                ["history", "deploy/nope"], 1,
                """
                error: There is no deploy/nope in namespace shop.
                There are deploy/cart-blue, deploy/cart-green, deploy/web, deploy/web-canary, pod/batch, svc/cart, svc/web.

                """
            ),
            (
                ["state", "deploy/web", "-n", "other"], 1,
                "error: There is no deploy/web in namespace other, nor anything else.\nThe ledger knows the namespaces shop.\n"
            ),
            (["state", "deploy/web", "--at", "0"], 1, "error: There was no deploy/web at that moment.\n"),
            (["state", "--at", "99999"], 2, "error: There is no position 99999: the ledger ends at 1071.\n"),
            (
                ["diff", "deploy/web@1", "deploy/web@9"], 2,
                "error: deploy/web has no rollout 9; its rollouts are 1 to 5.\n"
            ),
            (
                ["schema", "nope"], 1,
                "error: There is no schema \"nope\".\n`shipslog schema` lists the names there are.\n"
            ),
        ]
        for (arguments, status, notices) in cases {
            let result = await shipslog(arguments, ledger: ledger.path)
            #expect(result == CommandResult(status: status, output: "", notices: notices), "\(arguments)")
        }
    }

    @Test("an empty list is said beside the output as kubectl says it, and is no failure")
    func empty() async throws {
        let ledger = try await recordedLedger()
        let nothing = CommandResult(status: 0, output: "", notices: "No resources found in other namespace.\n")
        for verb in ["rollouts", "state", "events"] {
            #expect(await shipslog([verb, "-n", "other"], ledger: ledger.path) == nothing, "\(verb)")
            let quiet = await shipslog([verb, "-n", "other", "-q"], ledger: ledger.path)
            #expect(quiet == CommandResult(status: 0, output: "", notices: ""), "\(verb)")
            let json = await shipslog([verb, "-n", "other", "-o", "json"], ledger: ledger.path)
            #expect(json == CommandResult(status: 0, output: "[]\n", notices: ""), "\(verb)")
        }
    }

    @Test("a subject that two clusters have must be told apart")
    func ambiguous() async throws {
        let temporary = try TemporaryLedger()
        let folder = temporary.folder
        let stream = Fixtures.url("kubernetes-1.20/deployments.watch.jsonl").path
        for cluster in ["prod", "staging"] {
            let result = await shipslog(
                ["import", "watch", stream, "--cluster", cluster, "-q"], ledger: temporary.path)
            #expect(result.status == 0, "\(result)")
        }
        let result = await shipslog(["history", "deploy/web"], ledger: temporary.path, folder: folder.path)
        #expect(
            result
                == CommandResult(
                    status: 2, output: "",
                    notices: """
                        error: deploy/web is ambiguous: it is in the namespaces shop of cluster prod, shop of cluster staging.
                        Say which with --cluster or --namespace.

                        """))
        #expect(await shipslog(["history", "deploy/web", "--cluster", "staging"], ledger: temporary.path).status == 0)
    }

    @Test("a file that is no ledger, or none at all, is told in one sentence")
    func noLedger() async throws {
        let folder = try TemporaryFolder()
        let missing = await shipslog(["rollouts"], ledger: folder.file("none.db"))
        #expect(missing.status == 1)
        #expect(missing.notices.hasPrefix("error: "))
        #expect(missing.notices.contains("none.db"))
        for bytes in [Data(), Data("hello".utf8), Data((0..<8192).map { UInt8(truncatingIfNeeded: $0 &* 31) })] {
            try bytes.write(to: URL(fileURLWithPath: folder.file("odd.db")))
            let result = await shipslog(["rollouts"], ledger: folder.file("odd.db"))
            #expect(result.status != 0 && result.output == "", "\(bytes.count) bytes: \(result)")
            #expect(
                result.notices.hasPrefix("error: ") && result.notices.contains("odd.db"),
                "\(bytes.count) bytes: \(result)")
        }
    }

    @Test("a folder that cannot be written to is told in one sentence")
    func unwritableFolder() async throws {
        let result = await shipslog(["init", "--ledger", "/proc/shipslog/ledger.db"])
        #expect(
            result
                == CommandResult(
                    status: 1, output: "",
                    notices: "error: The folder /proc/shipslog for the ledger cannot be made.\n"))
    }

    @Test("an import reports broken lines by file and line, takes in the rest, and with --strict nothing")
    func brokenLines() async throws {
        let folder = try TemporaryFolder()
        let stream = try String(contentsOf: Fixtures.url("kubernetes-1.20/services.watch.jsonl"), encoding: .utf8)
        let path = folder.file("services.watch.jsonl")
        try ("{\"type\":\n" + stream).write(toFile: path, atomically: true, encoding: .utf8)
        let ledger = folder.file("ledger.db")

        let strict = await shipslog(
            ["import", "watch", "services.watch.jsonl", "--cluster", "prod", "--strict"], ledger: ledger,
            folder: folder.path)
        #expect(strict.status == 2)
        #expect(strict.notices.hasPrefix("error: \(path):1: "))
        #expect(await shipslog(["events", "-o", "jsonl"], ledger: ledger).output == "")

        let lenient = await shipslog(
            ["import", "watch", "services.watch.jsonl", "--cluster", "prod"], ledger: ledger, folder: folder.path)
        #expect(lenient.status == 0)
        #expect(lenient.notices.hasPrefix("warning: \(path):1: "))
        #expect(lenient.output.hasPrefix("Imported "))
    }

    @Test("files that hold no watch event are refused in one sentence")
    func nothingToImport() async throws {
        let folder = try TemporaryFolder()
        let contents: [Data] = [
            Data(), Data("\n\n".utf8), Data((0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 37) }),
            Data("{\"type\":\"ADDED\",\"object\":{\"kind\":\"Depl".utf8), Data("[]\n42\nnull\n".utf8),
            Data("{\"type\":\"ADDED\",\"object\":{\"kind\":\"Widget\",\"metadata\":{}}}\n".utf8),
        ]
        for content in contents {
            try content.write(to: URL(fileURLWithPath: folder.file("stream.jsonl")))
            let result = await shipslog(
                ["import", "watch", "stream.jsonl", "--cluster", "prod"], ledger: folder.file("ledger.db"),
                folder: folder.path
            )
            #expect(result.status == 2 && result.output == "", "\(content.count) bytes: \(result)")
            #expect(result.notices.hasPrefix("error: There is no watch event in "), "\(content.count) bytes: \(result)")
        }
        let missing = await shipslog(
            ["import", "watch", "none.jsonl", "--cluster", "prod"], ledger: folder.file("ledger.db"),
            folder: folder.path)
        #expect(missing.status == 1 && missing.notices.contains("none.jsonl"), "\(missing)")
    }

    @Test("what the cluster names cannot give orders to the terminal")
    func controlCharacters() async throws {
        let folder = try TemporaryFolder()
        let line = """
            {"type":"ADDED","object":{"kind":"Service","apiVersion":"v1","metadata":{"name":"cart","namespace":"shop",\
            "uid":"u1","resourceVersion":"1","creationTimestamp":"2026-01-01T00:00:00Z"},\
            "spec":{"selector":{"app":"\\u001b[2Jcart"}}}}

            """
        try line.write(toFile: folder.file("stream.jsonl"), atomically: true, encoding: .utf8)
        let imported = await shipslog(
            ["import", "watch", folder.file("stream.jsonl"), "--cluster", "prod", "-q"],
            ledger: folder.file("ledger.db"))
        #expect(imported.status == 0, "\(imported)")
        for arguments in [
            ["state"], ["state", "svc/cart"], ["events"], ["events", "-o", "json"], ["state", "-o", "yaml"],
        ] {
            let result = await shipslog(arguments, ledger: folder.file("ledger.db"))
            #expect(result.status == 0 && result.output.contains("[2Jcart"), "\(arguments): \(result)")
            #expect(!result.output.contains("\u{1B}"), "\(arguments)")
        }
    }
}
