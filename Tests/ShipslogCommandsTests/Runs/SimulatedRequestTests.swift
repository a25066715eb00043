import EventLedger
import Foundation
import RolloutEngine
import RolloutModel
import ShipslogTesting
import Synchronization
import Testing

@testable import ShipslogCommands

@Suite("What people ask of runs on a cluster in memory")
struct SimulatedRequestTests {
    private let colors = ["cart-blue", "cart-green"]
    private let tracks = ["web", "web-canary"]

    private func run(
        _ stage: SimulatedStage, _ stream: StreamName, after requests: [Int: AskingJournal.Request],
        whenItWaits: AskingJournal.Request? = nil,
        _ plan: (RunPlace) async throws -> RolloutPlan
    ) async throws -> (run: RolloutRun, waits: Int) {
        let place = try await stage.place(isNew: true, scenario: SimulatedStage.scenario)
        let journal = AskingJournal(
            try stage.journal(place, stream), stage.ledger.ledger, after: requests, whenItWaits: whenItWaits)
        let run = try await stage.runner(place, journal).run(
            try await plan(place), of: stream, reason: nil, by: SimulatedStage.alice, scenario: place.scenario)
        return (run, journal.waits.withLock(\.self))
    }

    @Test("a canary waits when it is asked to, and goes on when it is asked to")
    func pauses() async throws {
        let stage = try SimulatedStage()
        let (run, waits) = try await run(
            stage, stage.stream("deployment", "web"), after: [3: .pause],
            whenItWaits: .resume
        ) { try await stage.canary(["--stable", "deploy/web", "--image", "nginx:2", "--steps", "50%"], on: $0) }
        #expect(waits == 1)
        #expect(run.end?.outcome == .succeeded)
        #expect(run.lastEventAt.seconds(since: run.startedAt) > 120)
    }

    @Test("a promoted canary does not wait, and a fully promoted one leaves steps out")
    func promotions() async throws {
        for (isFull, steps) in [(false, 4), (true, 2)] {
            let stage = try SimulatedStage()
            let stream = stage.stream("deployment", "web")
            let (run, _) = try await run(
                stage, stream, after: [3: .promote(isFull: isFull)]
            ) {
                try await stage.canary(
                    ["--stable", "deploy/web", "--image", "nginx:2", "--steps", "10%,50%,75%", "--pause", "1h"], on: $0)
            }
            #expect(run.end?.outcome == .succeeded)
            var completed = 0
            for try await event in stage.ledger.ledger.events(EventQuery(rollout: run.id)) {
                if case .rolloutStepCompleted = try event.event.fact() { completed += 1 }
            }
            #expect(completed == steps)
            // Of three pauses of an hour one is left out, or all are.
            #expect((run.lastEventAt.seconds(since: run.startedAt) / 3600).rounded(.down) == (isFull ? 0 : 2))
        }
    }

    @Test("who has a switch go on does not speak of the old pods that are kept after it")
    func promotedBeforeTheSwitch() async throws {
        let stage = try SimulatedStage()
        let (run, _) = try await run(stage, stage.stream("service", "cart"), after: [3: .promote(isFull: false)]) {
            try await stage.blueGreen(["--service", "cart", "--image", "cart:2.1", "--keep", "1h"], on: $0)
        }
        #expect(run.end?.outcome == .succeeded)
        #expect(run.lastEventAt.seconds(since: run.startedAt) > 3600)
    }

    @Test("who asks something of a run on which nobody is at work is told so, and what cannot wait is not asked to")
    func unattended() async throws {
        let stage = try SimulatedStage()
        let begun = await stage.shipslog(
            ["rollout", "replace", "pod/batch", "--image", "busybox:2", "--no-wait"],
            scenario: SimulatedStage.scenario)
        #expect(begun.status == 0, "\(begun)")
        func ask(_ verb: String) async -> CommandResult {
            await ShipslogCommandsTests.shipslog(
                ["rollout", verb, "pod/batch"], ledger: stage.ledger.path, environment: ["USER": "alice"])
        }
        let paused = await ask("pause")
        #expect(paused.status == 2)
        #expect(
            paused.notices == """
                error: The rollout of pod/batch has nothing before which it could wait.
                `shipslog rollout abort pod/batch` has it bring back what was there before.

                """)
        let aborted = await ask("abort")
        #expect(aborted.status == 0)
        #expect(
            aborted.notices == """
                pod/batch is to go back
                No runner has taken that up. If none is at work, `shipslog resume pod/batch --simulation` brings it about.

                """)
        let resumed = await stage.shipslog(["resume", "pod/batch"])
        #expect(resumed.status == 1)
        #expect(resumed.notices.hasSuffix("error: The rollout of pod/batch was given up: alice gave it up.\n"))
    }

    @Test(
        "what is given up goes back, wherever it is, and is not said to have failed",
        arguments: [1, 2, 3, 5, 7])
    func aborts(after number: Int) async throws {
        let stage = try SimulatedStage()
        let (run, _) = try await run(
            stage, stage.stream("service", "cart"),
            after: [number: .abort("no")]
        ) { try await stage.blueGreen(["--service", "cart", "--image", "cart:2.1"], on: $0) }
        #expect(run.end == RolloutRun.End(outcome: .aborted, reason: "bob gave it up: no"))
        #expect(
            try await stage.ending(colors, service: "cart") == [
                "cart-blue: 3 of cart:2.0", "cart-green: 0 of none", "cart selects app=cart,version=blue",
            ])
    }

    @Test("a rolling update is paused by pausing its Deployment, and given up by bringing back what was there")
    func rollingRequests() async throws {
        func plan(_ place: RunPlace) async throws -> RolloutPlan {
            let object = try #require(await place.cluster.get(.deployments, "web", namespace: "default"))
            let origin = try #require(DeploymentChange.Shape(of: object))
            var target = origin
            target.template = origin.template.withImage("nginx:2")
            let uid = object["metadata"]?["uid"]?.string ?? ""
            return RolloutPlan(
                .deployment(DeploymentChange(uid: uid, target: target, origin: origin)), onFailure: .rollback)
        }
        let paused = try SimulatedStage()
        let stream = paused.stream("deployment", "web")
        let (run, _) = try await run(
            paused, stream,
            after: [3: .pause, 5: .resume], plan)
        #expect(run.end?.outcome == .succeeded)
        var marks: [String] = []
        for try await event in paused.ledger.ledger.events(EventQuery(streams: [stream])) {
            if ["deployment.paused", "deployment.resumed"].contains(event.event.type.rawValue) {
                marks.append(event.event.type.rawValue)
            }
        }
        #expect(marks == ["deployment.paused", "deployment.resumed"])

        let cases: [[Int: AskingJournal.Request]] = [[3: .abort(nil)], [3: .pause, 5: .abort(nil)]]
        for requests in cases {
            let aborted = try SimulatedStage()
            let (given, _) = try await self.run(aborted, stream, after: requests, plan)
            #expect(given.end == RolloutRun.End(outcome: .aborted, reason: "bob gave it up"))
            #expect(
                try aborted.ledger.ledger.story(of: stream) == [
                    "rollout →1.25 succeeded", "rollout 1.25→2 rolledBack", "rollback 2→1.25 succeeded",
                ])
        }
    }

    @Test("a request for a run that does not go on is refused; what failed can be tried once more")
    func requestsAndRetries() async throws {
        let stage = try SimulatedStage()
        _ = await stage.shipslog(
            ["rollout", "rolling", "deploy/web", "--image", "nginx:bad"], scenario: SimulatedStage.scenario)
        for verb in ["pause", "resume", "promote", "abort"] {
            let result = await ShipslogCommandsTests.shipslog(
                ["rollout", verb, "deploy/web"], ledger: stage.ledger.path)
            #expect(result.status == 1)
            #expect(result.notices.hasPrefix("error: No rollout of deploy/web goes on.\n"))
        }
        let retried = await stage.shipslog(["rollout", "retry", "deploy/web"])
        #expect(retried.status == 1)
        #expect(
            retried.notices.hasPrefix("Once more: it ended because ImagePullBackOff: nginx:bad (2 of 2 new pods)\n"))
        #expect(retried.output == "deploy/web@5 is back at nginx:1.25\n")
        let none = await stage.shipslog(["rollout", "retry", "svc/web"])
        #expect(none.status == 1)
        #expect(none.notices == "error: The ledger knows of no rollout of svc/web by shipslog.\n")
    }

    @Test("what fails waits for somebody, if that is wanted, who has it go back or try again")
    func failuresAwaited() async throws {
        let stage = try SimulatedStage()
        let stream = stage.stream("deployment", "web")
        let (run, waits) = try await run(stage, stream, after: [:], whenItWaits: .abort("no use")) { place in
            var plan = try await stage.canary(["--stable", "deploy/web", "--image", "nginx:bad"], on: place)
            plan.onFailure = .pause
            return plan
        }
        #expect(waits == 1)
        #expect(run.end == RolloutRun.End(outcome: .aborted, reason: "bob gave it up: no use"))
        #expect(
            try await stage.ending(tracks, service: "web") == [
                "web: 4 of nginx:1.25", "web-canary: 0 of none", "web selects app=web",
            ])

        let other = try SimulatedStage()
        let place = try await other.place(isNew: true, scenario: SimulatedStage.scenario)
        let subject = other.stream("service", "cart")
        let journal = AskingJournal(
            try other.journal(place, subject), other.ledger.ledger, after: [:], whenItWaits: .resume)
        let checks = Mutex(0)
        let runner = RolloutRunner(
            cluster: place.cluster, journal: journal, namespace: "default", attention: nil,
            makeID: { time in
                var generator = SystemRandomNumberGenerator()
                return .timeOrdered(at: time, using: &generator)
            },
            check: { check in
                let number = checks.withLock { checks in
                    checks += 1
                    return checks
                }
                return CheckCompleted(check: check.summary, passed: number == 2, said: "\(number)")
            })
        var plan = try await other.blueGreen(
            ["--service", "cart", "--image", "cart:2.1", "--keep", "0s", "--check", "true"], on: place)
        plan.onFailure = .pause
        let second = try await runner.run(
            plan, of: subject, reason: nil, by: SimulatedStage.alice, scenario: place.scenario)
        #expect(second.end?.outcome == .succeeded)
        #expect(journal.waits.withLock(\.self) == 1)
    }

    @Test("a retry begins from the cluster as it is by then, with what was wanted before")
    func retries() async throws {
        let folder = try TemporaryFolder()
        func behaviours(_ text: String) throws -> String {
            let path = folder.file("behaviours.yaml")
            try Data("apiVersion: shipslog/v1\nkind: PodBehaviours\nrules: [\(text)]\n".utf8)
                .write(to: URL(fileURLWithPath: path))
            return path
        }
        let cases: [([String], String, String, String)] = [
            (
                ["rolling", "deploy/web", "--image", "nginx:bad", "--on-failure", "abort"], "deploy/web",
                "deploy/web@3 is back at nginx:1.25\n", "web: 4 of nginx:1.25"
            ),
            (
                ["blue-green", "--service", "cart", "--image", "cart:bad", "--keep", "0s"], "svc/cart",
                "svc/cart@1 succeeded: version=blue → version=green\n", "cart-green: 3 of cart:bad"
            ),
            (
                ["canary", "--stable", "deploy/web", "--image", "nginx:bad", "--pause", "0s"], "deploy/web",
                "deploy/web has handed over to deploy/web-canary\n", "web-canary: 4 of nginx:bad"
            ),
            (
                ["replace", "pod/batch", "--image", "busybox:bad"], "pod/batch", "pod/batch@4 succeeded: 1.36 → bad\n",
                ""
            ),
        ]
        for (arguments, subject, output, ending) in cases {
            let stage = try SimulatedStage()
            let failed = await stage.shipslog(["rollout"] + arguments, scenario: SimulatedStage.scenario)
            #expect(failed.status == 1, "\(arguments)")
            // From then on every image is there; pods that were made before wait for it as they did.
            let retried = await stage.shipslog(
                ["rollout", "retry", subject], scenario: try behaviours("{ready: {after: 1s}}"))
            #expect(retried.output == output, "\(arguments): \(retried)")
            let endings = try await stage.ending(colors + tracks, service: "cart")
            #expect(ending.isEmpty || endings.contains(ending), "\(endings)")
        }
    }
}
