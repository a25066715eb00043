import EventLedger
import RolloutEngine
import RolloutModel
import ShipslogTesting
import Testing

@testable import ShipslogCommands

@Suite("Dry runs")
struct DryRunTests {
    /// The first lines of the calls that were printed.
    private func calls(_ result: CommandResult) -> [String] {
        result.output.split(separator: "\n").map(String.init).filter { line in
            ["POST ", "PATCH ", "DELETE "].contains { line.hasPrefix($0) }
        }
    }

    private static let deployments = "/apis/apps/v1/namespaces/default/deployments"

    @Test(
        "all calls of a run are shown, and nothing is done",
        arguments: [
            (["rolling", "deploy/web", "--image", "nginx:2"], ["PATCH \(deployments)/web"]),
            (
                ["replace", "pod/batch", "--image", "busybox:2"],
                ["DELETE /api/v1/namespaces/default/pods/batch", "POST /api/v1/namespaces/default/pods"]
            ),
            (
                ["blue-green", "--service", "cart", "--image", "cart:2.1"],
                [
                    "POST \(deployments)", "PATCH /api/v1/namespaces/default/services/cart",
                    "PATCH \(deployments)/cart-blue",
                ]
            ),
            (
                ["canary", "--stable", "deploy/web", "--image", "nginx:2", "--steps", "50%", "--check", "false"],
                [
                    "POST \(deployments)", "PATCH \(deployments)/web", "PATCH \(deployments)/web-canary",
                    "PATCH \(deployments)/web",
                ]
            ),
        ])
    func calls(arguments: [String], expected: [String]) async throws {
        for mode in ["client", "server", "simulation"] {
            let stage = try SimulatedStage()
            let result = await stage.shipslog(
                ["rollout"] + arguments + ["--dry-run", mode], scenario: SimulatedStage.scenario)
            #expect(result.status == 0, "\(result)")
            #expect(calls(result) == expected, "\(mode): \(result)")
            #expect(try stage.ledger.ledger.head().size == 0)
        }
    }

    @Test("a simulated run tells how it ends, and is said to fail if it would")
    func endings() async throws {
        let stage = try SimulatedStage()
        let good = await stage.shipslog(
            ["rollout", "rolling", "deploy/web", "--image", "nginx:2", "--dry-run", "simulation"],
            scenario: SimulatedStage.scenario)
        #expect(good.status == 0)
        #expect(good.output.contains("\ndeploy/web would succeed after "))
        #expect(good.output.hasSuffix("s: 4 of 4 new pods are available\n"))
        let bad = await stage.shipslog(
            ["rollout", "rolling", "deploy/web", "--image", "nginx:bad", "--dry-run", "simulation"],
            scenario: SimulatedStage.scenario)
        #expect(bad.status == 1)
        #expect(calls(bad).count == 2)
        #expect(
            bad.notices.hasSuffix(
                "error: The rollout of deploy/web would fail: ImagePullBackOff: nginx:bad (2 of 2 new pods).\n"))
        #expect(try stage.ledger.ledger.head().size == 0)
    }

    @Test("a retry, a resumption and the way back of a run that goes on are not carried out either")
    func others() async throws {
        let stage = try SimulatedStage()
        _ = await stage.shipslog(
            ["rollout", "rolling", "deploy/web", "--image", "nginx:bad"], scenario: SimulatedStage.scenario)
        var head = try stage.ledger.ledger.head().size
        let retried = await stage.shipslog(["rollout", "retry", "deploy/web", "--dry-run", "client"])
        #expect(retried.status == 1)
        #expect(calls(retried).count == 2)
        #expect(try stage.ledger.ledger.head().size == head)

        let place = try await stage.place(isNew: true)
        let stream = stage.stream("service", "cart")
        let dying = DyingJournal(try stage.journal(place, stream), at: 1, isBefore: false)
        await #expect(throws: DyingJournal.Death.self) {
            _ = try await stage.runner(place, dying).run(
                try await stage.blueGreen(["--service", "cart", "--image", "cart:2.1"], on: place), of: stream,
                reason: nil, by: SimulatedStage.alice, scenario: place.scenario)
        }
        head = try stage.ledger.ledger.head().size
        let back = await stage.shipslog(["rollout", "blue-green", "--service", "cart", "--back", "--dry-run", "client"])
        #expect(back.status == 0)
        #expect(back.notices == "svc/cart would be asked to go back (client dry run)\n")
        let rolledBack = await stage.shipslog(["rollout", "rollback", "svc/cart", "--dry-run", "server"])
        #expect(rolledBack.notices == "svc/cart would be asked to go back (server dry run)\n")
        let resumed = await stage.shipslog(["resume", "--dry-run", "client"])
        #expect(resumed.status == 2)
        #expect(resumed.notices.contains("What has begun cannot be tried out"))
        #expect(try stage.ledger.ledger.head().size == head)
    }
}
