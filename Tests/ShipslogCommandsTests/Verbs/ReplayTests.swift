import EventLedger
import Foundation
import RolloutModel
import ShipslogTesting
import Testing

@testable import Replay
@testable import ShipslogCommands

@Suite("Replays from the command line")
struct ReplayTests {
    private func plan(in ledger: TemporaryLedger, _ change: (String) -> String = { $0 }) async throws -> String {
        let printed = await shipslog(["plan", "deploy/web@3", "-o", "yaml", "--show-secrets"], ledger: ledger.path)
        #expect(printed.status == 0)
        let path = ledger.folder.file("plan.yaml")
        try Data(change(printed.output).utf8).write(to: URL(fileURLWithPath: path))
        return path
    }

    @Test("a printed plan reads as the plan, and replays the same")
    func roundTrip() async throws {
        let ledger = try await recordedLedger()
        for name in ["deploy/web@3", "deploy/web-canary@4", "pod/batch@2", "svc/cart@1"] {
            let printed = await shipslog(["plan", name, "-o", "yaml", "--show-secrets"], ledger: ledger.path)
            let read = try YAMLInput.document(printed.output, name: name, kind: "ReplayPlan") { try ReplayPlan($0) }
            let stream = try #require(read.actions.first?.subject)
            let number = Int(name.split(separator: "@")[1])
            let rollout = try #require(
                try ledger.ledger.rollouts().first {
                    $0.stream.shortName == name.split(separator: "@")[0] && $0.number == number
                })
            let plan = try await LedgerHistory(ledger: ledger.ledger).plan(
                ReplaySpan(of: rollout, head: try ledger.ledger.head().size))
            #expect(read.objects == plan.objects && read.actions == plan.actions)
            #expect(read.behaviours == plan.behaviours && read.revisions == plan.revisions)
            #expect(read.expectations == plan.expectations && read.aftermath == plan.aftermath)
            #expect(stream.cluster == "prod")
        }
    }

    @Test("a printed plan without its secrets replays as the recording does")
    func withoutSecrets() async throws {
        let ledger = try await recordedLedger()
        let printed = await shipslog(["plan", "deploy/web-canary@4", "-o", "yaml"], ledger: ledger.path)
        #expect(printed.output.contains("value: '***1'"))
        #expect(printed.output.contains("Values that look secret are masked"))
        let path = ledger.folder.file("masked.yaml")
        try Data(printed.output.utf8).write(to: URL(fileURLWithPath: path))
        let result = await shipslog(["replay", "--plan", path, "--to", "simulation"], ledger: ledger.path)
        #expect(result.status == 0, "\(result)")
        #expect(result.output.contains("Reproduced"))
    }

    @Test("a person at a terminal has a replay wait, go on and stop by a key")
    func keys() async throws {
        let ledger = try await recordedLedger()
        let arguments = ["replay", "deploy/web@3", "--to", "simulation", "--ledger", ledger.path, "--speed"]
        let hint = "Space pauses it and goes on, q stops it."
        let stopped = try await playOnTerminal(
            arguments + ["0.001"], "\(hint)=> ;paused=> ;going on=>q")
        #expect(stopped.contains("deploy/web@3 on a simulated cluster"), "\(stopped)")
        #expect(stopped.contains("Stopped before its end."), "\(stopped)")
        #expect(stopped.hasSuffix("exit 3\n"), "\(stopped)")
        let whole = try await playOnTerminal(arguments + ["100"], "\(hint)=> ;paused=> ")
        #expect(whole.contains("Reproduced. 1 action, 14 expectations: 14 matched"), "\(whole)")
        #expect(whole.hasSuffix("exit 0\n"), "\(whole)")
    }

    @Test("what differs from the recording ends with 3, and the first of it is explained")
    func diverged() async throws {
        let ledger = try await recordedLedger()
        let path = try await plan(in: ledger) {
            $0.replacing("waiting: ErrImagePull", with: "running: true")
                .replacing("waiting: ImagePullBackOff", with: "ready: true")
        }
        let result = await shipslog(["replay", "--plan", path, "--to", "simulation"], ledger: ledger.path)
        #expect(result.status == 3)
        #expect(result.output.contains("First divergence at"))
        #expect(result.output.contains("Diverged. 1 action, 14 expectations"))
    }

    @Test("a mistake in a plan is told with its line")
    func mistakes() async throws {
        let ledger = try await recordedLedger()
        let cases: [(String, String, String)] = [
            ("method: PATCH", "method: STEER", "must be POST, PATCH or DELETE."),
            ("at: 0s", "at: soon", "must be a length of time such as 500ms, 2s or 1m30s."),
            ("kind: ReplayPlan", "kind: Plan", "The document must have apiVersion: shipslog/v1 and kind: ReplayPlan."),
            ("owner: web", "owner: shop", "names shop, of which the plan has no pods."),
            ("remarks: []", "remark: []", "There is no key \"remark\" at the top."),
            (
                "namespaces/shop/deployments/web", "namespaces/prod/deployments/web",
                "is not of shop/deployment/web."
            ),
            ("namespaces/shop/deployments\n", "namespaces/prod/deployments\n", "is not of shop/deployment/web."),
        ]
        for (text, other, words) in cases {
            let path = try await plan(in: ledger) { plan in
                plan.replacing(text, with: other, maxReplacements: 1)
            }
            let result = await shipslog(["replay", "--plan", path, "--to", "simulation"], ledger: ledger.path)
            #expect(result.status == 2)
            #expect(result.notices.contains(words), "\(result.notices)")
            #expect(result.notices.contains(#/plan\.yaml(, line \d+)?: /#), "\(result.notices)")
        }
        let none = await shipslog(
            ["replay", "--plan", "/nowhere/plan.yaml", "--to", "simulation"], ledger: ledger.path)
        #expect(none.status == 1 && none.notices.hasPrefix("error: The file /nowhere/plan.yaml cannot be read"))
        let empty = await shipslog(["replay", "--plan", "/dev/null", "--to", "simulation"], ledger: ledger.path)
        #expect(
            empty.notices == "error: /dev/null holds 0 documents where one ReplayPlan is expected.\n"
                && empty.status == 2)
    }

    @Test("a replay that is written down can be asked about, compared, and replayed itself")
    func recorded() async throws {
        let ledger = try await recordedLedger()
        let record = ledger.folder.file("replays.db")
        for _ in 1...2 {
            let result = await shipslog(
                ["replay", "deploy/web@3", "--to", "simulation", "--record", record], ledger: ledger.path)
            #expect(result.status == 0)
        }
        let rollouts = await shipslog(["rollouts", "--cluster", "replay-2", "-o", "name"], ledger: record)
        #expect(rollouts.output == "deploy/web@1\ndeploy/web@2\n")
        let again = await shipslog(
            ["replay", "deploy/web@2", "--cluster", "replay-2", "--to", "simulation"], ledger: record)
        #expect(again.status == 0, "\(again)")
        #expect(again.output.contains("Reproduced. 1 action"))
        let marks = await shipslog(["events", "--type", "replay.started", "-A", "-o", "json"], ledger: record)
        let events = try CanonicalJSON.decode(JSONValue.self, from: Data(marks.output.utf8))
        let payload = events.array?.first?["payload"]
        #expect(payload?["name"] == "deploy/web@3" && payload?["cluster"] == "prod")
        #expect(payload?["firstPosition"] == .integer(148))
        #expect(await shipslog(["verify"], ledger: record).status == 0)
    }

    @Test("all that happened in a span is replayed in one go, and for pipelines told as JUnit XML")
    func span() async throws {
        let ledger = try await recordedLedger()
        let junit = ledger.folder.file("replay.xml")
        let result = await shipslog(
            ["replay", "--from", "2026-11-23", "-n", "shop", "--to", "simulation", "--junit", junit],
            ledger: ledger.path)
        #expect(result.status == 0, "\(result)")
        #expect(result.output.contains("Reproduced. 34 actions"))
        let xml = try String(contentsOfFile: junit, encoding: .utf8)
        #expect(xml.contains("failures=\"0\""))
        #expect(xml.components(separatedBy: "<testcase ").count > 300)
        let dry = await shipslog(["replay", "--from", "2026-11-23", "-n", "shop"], ledger: ledger.path)
        #expect(dry.status == 0)
        let nothing = await shipslog(
            ["replay", "--from", "2020-01-01", "--to-time", "2020-01-02"], ledger: ledger.path)
        #expect(nothing.status == 1)
        #expect(nothing.notices.hasPrefix("error: Nothing happened from 2020-01-01 00:00:00Z to 2020-01-02 00:00:00Z."))
    }

    @Test("it stops before the action that is named, and ends with 3")
    func until() async throws {
        let ledger = try await recordedLedger()
        let result = await shipslog(
            ["replay", "deploy/web@4", "--to", "simulation", "--until", "181"], ledger: ledger.path)
        #expect(result.status == 3)
        #expect(result.output.contains("Stopped before its end."))
        let junit = ledger.folder.file("stopped.xml")
        let none = await shipslog(
            ["replay", "deploy/web@4", "--to", "simulation", "--until", "1", "--junit", junit, "-o", "json"],
            ledger: ledger.path)
        let document = try CanonicalJSON.decode(JSONValue.self, from: Data(none.output.utf8))
        #expect(document["actions"]?.array?.map { $0["done"] } == [false, false])
        #expect(
            try String(contentsOfFile: junit, encoding: .utf8).contains(
                "<failure message=\"stopped before its end\"/>"))
    }

    @Test("twice with the same seed gives the same report, to the last byte")
    func deterministic() async throws {
        let ledger = try await recordedLedger()
        let command = ["replay", "deploy/web-canary@2", "--to", "simulation", "--seed", "7", "--all", "-o", "json"]
        #expect(await shipslog(command, ledger: ledger.path) == shipslog(command, ledger: ledger.path))
    }

    @Test("options that do not go together are refused in a sentence")
    func refused() async throws {
        let cases: [([String], String)] = [
            (["replay"], "Name a rollout, such as deploy/web@3, or a span with --from."),
            (
                ["replay", "deploy/web@3", "--step"],
                "--step is for what is performed: give --to simulation or --to cluster."
            ),
            (["replay", "deploy/web@3", "--reenact"], "--reenact is for a real cluster: give --to cluster."),
            (
                ["replay", "deploy/web@3", "--to", "cluster", "--map-image", "nginx"],
                "--map-image must be OLD=NEW, each OLD once; nginx is not."
            ),
            (
                ["replay", "deploy/web@3", "--to", "cluster", "--namespace-prefix", "Re play"],
                "--namespace-prefix must be of lower-case letters, digits and -"
            ),
            (["replay", "deploy/web@3", "--plan", "x", "--to", "simulation"], "exclude each other."),
            (["replay", "deploy/web@3", "--from", "2h"], "A rollout and --from exclude each other."),
            (["replay", "deploy/web@3", "--to", "simulation", "--times", "0"], "--times must be from 1 to 10000."),
            (
                ["replay", "deploy/web@3", "--to", "simulation", "--speed", "0"],
                "The value '0' is invalid for '--speed"
            ),
            (
                ["replay", "deploy/web@3", "--to", "simulation", "--speed", "1e-300"],
                "The value '1e-300' is invalid for '--speed"
            ),
            (["replay", "deploy/web@3", "--to-time", "1h"], "--to-time is the end of a span: give --from, too."),
        ]
        for (arguments, words) in cases {
            let result = await shipslog(arguments)
            #expect(result.status == 2)
            #expect(result.notices.contains(words), "\(result.notices)")
        }
    }
}
