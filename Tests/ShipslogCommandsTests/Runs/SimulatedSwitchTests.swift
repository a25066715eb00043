import EventLedger
import Foundation
import RolloutEngine
import RolloutModel
import ShipslogTesting
import Synchronization
import Testing

@testable import ShipslogCommands

@Suite("Blue-green and canary on a cluster in memory")
struct SimulatedSwitchTests {
    private let colors = ["cart-blue", "cart-green"]
    private let tracks = ["web", "web-canary"]

    @Test("a Service is switched to a second Deployment that was made for it, and back")
    func blueGreen() async throws {
        let stage = try SimulatedStage()
        let forward = await stage.shipslog(
            ["rollout", "blue-green", "--service", "cart", "--image", "cart:2.1", "--keep", "5m"],
            scenario: SimulatedStage.scenario)
        #expect(forward.status == 0)
        #expect(forward.output == "svc/cart@1 succeeded: version=blue → version=green\n")
        #expect(
            try await stage.ending(colors, service: "cart") == [
                "cart-blue: 0 of cart:2.0", "cart-green: 3 of cart:2.1", "cart selects app=cart,version=green",
            ])
        let back = await stage.shipslog(["rollout", "blue-green", "--service", "cart", "--back"])
        #expect(back.status == 0)
        #expect(back.output == "svc/cart@2 succeeded: version=green → version=blue\n")
        #expect(
            try await stage.ending(colors, service: "cart") == [
                "cart-blue: 3 of cart:2.0", "cart-green: 0 of cart:2.1", "cart selects app=cart,version=blue",
            ])
        let again = await stage.shipslog(["rollout", "rollback", "svc/cart"])
        #expect(again.status == 0)
        #expect(again.output == "svc/cart@3 succeeded: version=blue → version=green\n")
        let once = await stage.shipslog(["rollout", "rollback", "svc/cart"])
        #expect(once.output == "svc/cart@4 succeeded: version=green → version=blue\n")
        let rollouts = try stage.ledger.ledger.rollouts(RolloutQuery(stream: stage.stream("service", "cart")))
        #expect(rollouts.map(\.lowestReady) == [3, 3, 3, 3])
        #expect(rollouts.map(\.actor) == Array(repeating: SimulatedStage.alice, count: 4))
        guard case .service(let service) = try stage.ledger.ledger.state(of: stage.stream("service", "cart")) else {
            Issue.record("no state of the Service")
            return
        }
        #expect(service.outage == nil)
        // The old pods were kept for five minutes after the switch.
        guard case .deployment(let blue) = try stage.ledger.ledger.state(of: stage.stream("deployment", "cart-blue"))
        else {
            Issue.record("no state of the Deployment")
            return
        }
        #expect(blue.pods.count == 3)
    }

    @Test(
        "new pods that fail, or fail their check, are taken away again, and the Service is never switched",
        arguments: [
            (["--image", "cart:bad"], "ImagePullBackOff: cart:bad (3 of 3 new pods)"),
            (["--image", "cart:2.1", "--check", "echo no && false"], "the check failed: no"),
            (["--image", "cart:2.1", "--check", "exit 3"], "the check failed: exit code 3"),
        ])
    func blueGreenFails(arguments: [String], reason: String) async throws {
        let stage = try SimulatedStage()
        let result = await stage.shipslog(
            ["rollout", "blue-green", "--service", "cart"] + arguments, scenario: SimulatedStage.scenario)
        #expect(result.status == 1)
        #expect(result.output == "svc/cart stays as it was\n")
        #expect(result.notices.hasSuffix("error: The rollout of svc/cart failed: \(reason).\n"))
        #expect(
            try await stage.ending(colors, service: "cart") == [
                "cart-blue: 3 of cart:2.0", "cart-green: 0 of none", "cart selects app=cart,version=blue",
            ])
        #expect(try stage.ledger.ledger.rollouts(RolloutQuery(stream: stage.stream("service", "cart"))) == [])
    }

    @Test("a canary takes over step by step, or goes back")
    func canary() async throws {
        let stage = try SimulatedStage()
        let good = await stage.shipslog(
            ["rollout", "canary", "--stable", "deploy/web", "--image", "nginx:2", "--steps", "5%,25%,50%,100%"],
            scenario: SimulatedStage.scenario)
        #expect(good.status == 0)
        #expect(good.output == "deploy/web has handed over to deploy/web-canary\n")
        #expect(
            try await stage.ending(tracks, service: "web") == [
                "web: 0 of nginx:1.25", "web-canary: 4 of nginx:2", "web selects app=web",
            ])
        var steps: [String] = []
        for try await event in stage.ledger.ledger.events(EventQuery(streams: [stage.stream("deployment", "web")])) {
            switch try event.event.fact() {
            case .rolloutStepCompleted(let step): steps.append("step \(step.number): \(step.weight)%")
            case .deploymentScaled(let fact): steps.append("\(fact.replicas) old pods")
            default: break
            }
        }
        // One of four pods is as near as one can get to 5%, and is 25% too.
        #expect(
            steps == [
                "3 old pods", "step 1: 5%", "step 2: 25%", "2 old pods", "step 3: 50%", "0 old pods", "step 4: 100%",
            ])
        guard case .service(let service) = try stage.ledger.ledger.state(of: stage.stream("service", "web")) else {
            Issue.record("no state of the Service")
            return
        }
        #expect(service.outage == nil)
        #expect(service.endpoints.count(where: \.ready) == 4)

        let bad = await stage.shipslog(
            ["rollout", "canary", "--stable", "deploy/web-canary", "--image", "nginx:crash"])
        #expect(bad.status == 1)
        #expect(bad.output == "deploy/web-canary serves alone again\n")
        #expect(
            bad.notices.hasSuffix(
                "error: The rollout of deploy/web-canary failed: the containers of the new pods were started again 1 time.\n"
            ))
        #expect(
            try await stage.ending(tracks, service: "web") == [
                "web: 0 of nginx:1.25", "web-canary: 4 of nginx:2", "web selects app=web",
            ])
        #expect(try stage.ledger.ledger.verify().isSound)
    }

    @Test("as many ready pods as are asked for are enough for the switch")
    func readyPods() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("narrow.yaml")
        let text =
            try String(contentsOfFile: SimulatedStage.scenario, encoding: .utf8) + """
                ---
                kind: Node
                metadata: {name: a}
                status: {allocatable: {cpu: "1", memory: 1Gi, pods: 10}}
                """
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        let stage = try SimulatedStage()
        let verb = ["rollout", "blue-green", "--service", "cart", "--image", "cart:2.1", "--keep", "0s", "--force"]
        let result = await stage.shipslog(verb + ["--ready-pods", "2", "--timeout", "1m"], scenario: path)
        #expect(result.status == 0, "\(result)")
        #expect(
            try await stage.ending(colors, service: "cart") == [
                "cart-blue: 0 of cart:2.0", "cart-green: 3 of cart:2.1", "cart selects app=cart,version=green",
            ])
        let other = try SimulatedStage()
        let all = await other.shipslog(verb + ["--timeout", "1m"], scenario: path)
        #expect(all.status == 1)
        #expect(all.output == "svc/cart stays as it was\n")
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
                return CheckCompleted(check: check, passed: number == 2, said: "\(number)")
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

    // MARK: Runners that die

    /// Carries a plan out once for each event at which its runner may die.
    ///
    /// - Parameters:
    ///   - ending: What is to be there at the end, each time.
    ///   - events: How many events of the run an undisturbed runner writes.
    private func dieEverywhere(
        _ subject: (kind: String, name: String), isBefore: Bool, ending: [String], of deployments: [String],
        service: String, events: Int, _ plan: (SimulatedStage, RunPlace) async throws -> RolloutPlan
    ) async throws {
        var number = 0
        var hasDied = true
        while hasDied, number < 60 {
            number += 1
            let stage = try SimulatedStage()
            let stream = stage.stream(subject.kind, subject.name)
            hasDied = try await stage.disturbed(of: stream, at: number, isBefore: isBefore) {
                try await plan(stage, $0)
            }
            let found = try await stage.ending(deployments, service: service)
            #expect(found == ending, "died at event \(number)")
            #expect(try await RunCatalog(ledger: stage.ledger.ledger).open().isEmpty)
            #expect(try await stage.repeatedCalls(of: stream) == [], "died at event \(number)")
        }
        #expect(number == events + 1)
    }

    @Test("wherever the runner dies, a Service is switched once", arguments: [true, false])
    func blueGreenResumed(isBefore: Bool) async throws {
        // Started, three calls of two events each, succeeded.
        try await dieEverywhere(
            ("service", "cart"), isBefore: isBefore,
            ending: ["cart-blue: 0 of cart:2.0", "cart-green: 3 of cart:2.1", "cart selects app=cart,version=green"],
            of: colors, service: "cart", events: 8
        ) { try await $0.blueGreen(["--service", "cart", "--image", "cart:2.1", "--keep", "10s"], on: $1) }
    }

    @Test("wherever the runner dies, what fails is taken away once", arguments: [true, false])
    func failedBlueGreenResumed(isBefore: Bool) async throws {
        // Started, two calls of two events each, turned back, restored, failed.
        try await dieEverywhere(
            ("service", "cart"), isBefore: isBefore,
            ending: ["cart-blue: 3 of cart:2.0", "cart-green: 0 of none", "cart selects app=cart,version=blue"],
            of: colors, service: "cart", events: 8
        ) { try await $0.blueGreen(["--service", "cart", "--image", "cart:bad"], on: $1) }
    }

    @Test("wherever the runner dies, a canary comes to its end", arguments: [true, false])
    func canaryResumed(isBefore: Bool) async throws {
        // Started, two steps of two events and two calls of two events each, succeeded.
        try await dieEverywhere(
            ("deployment", "web"), isBefore: isBefore,
            ending: ["web: 0 of nginx:1.25", "web-canary: 4 of nginx:2", "web selects app=web"],
            of: tracks, service: "web", events: 14
        ) {
            try await $0.canary(
                ["--stable", "deploy/web", "--image", "nginx:2", "--steps", "50%", "--pause", "5s"], on: $1)
        }
    }

    // MARK: What people ask meanwhile

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

    @Test("what cannot be done is said in a sentence, and nothing is changed")
    func refusals() async throws {
        let folder = try TemporaryFolder()
        let small = folder.file("small.yaml")
        try Data(
            """
            kind: Node
            metadata: {name: a}
            status: {allocatable: {cpu: "1", memory: 1Gi, pods: 110}}
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: big-blue}
            spec:
              replicas: 3
              selector: {matchLabels: {app: big, version: blue}}
              template:
                metadata: {labels: {app: big, version: blue}}
                spec:
                  containers: [{name: big, image: "big:1", resources: {requests: {cpu: 200m, memory: 64Mi}}}]
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: big}
            spec: {selector: {app: big, version: blue}}
            ---
            apiVersion: autoscaling/v2
            kind: HorizontalPodAutoscaler
            metadata: {name: scaler}
            spec: {scaleTargetRef: {kind: Deployment, name: scaled}}
            """.utf8
        ).write(to: URL(fileURLWithPath: small))
        let blueGreen = ["blue-green", "--service"]
        let cases: [([String], String, Int32, String)] = [
            (
                blueGreen + ["nothing", "--image", "a:1"], SimulatedStage.scenario, 1,
                "There is no Service nothing in the namespace default of simulation.\nThere are cart, web."
            ),
            (
                blueGreen + ["web", "--image", "nginx:2"], SimulatedStage.scenario, 2,
                "It is not said which Deployment is to serve instead of deploy/web.\nName it with --to"
            ),
            (
                blueGreen + ["web", "--to", "deploy/web-2", "--image", "nginx:2"], SimulatedStage.scenario, 2,
                "It is not said by which label the pods of deploy/web-2 are to differ from those of deploy/web."
            ),
            (
                blueGreen + ["web", "--to", "deploy/web-2", "--image", "nginx:2", "--label", "track=new"],
                SimulatedStage.scenario, 2,
                "svc/web selects app=web, which the pods of deploy/web-2 would have too: both would serve."
            ),
            (
                blueGreen + ["cart", "--from", "deploy/web", "--image", "nginx:2"], SimulatedStage.scenario, 2,
                "svc/cart selects app=cart,version=blue, which the pods of deploy/web have not."
            ),
            (
                blueGreen + ["cart", "--image", "web=nginx:2"], SimulatedStage.scenario, 1,
                "There is no container web.\nThe containers are cart."
            ),
            (
                blueGreen + ["cart", "--back"], SimulatedStage.scenario, 1,
                "The ledger knows of no selector that svc/cart was switched from."
            ),
            (blueGreen + ["cart"], SimulatedStage.scenario, 2, "Nothing is to change: give --image CONTAINER=IMAGE."),
            (
                blueGreen + ["cart", "--back", "--image", "a:1"], SimulatedStage.scenario, 2,
                "--back goes to what was there before: give nothing else to go to."
            ),
            (
                blueGreen + ["big", "--image", "big:2"], small, 1,
                "There is room for 2 of the 3 pods that are needed beside the old ones."
            ),
            (
                ["canary", "--stable", "deploy/cart-blue", "--image", "cart:2", "--service", "web"],
                SimulatedStage.scenario, 2, "svc/web does not select the pods of deploy/cart-blue."
            ),
            (
                ["canary", "--stable", "deploy/web", "--image", "nginx:2", "--steps", "50%,101%"],
                SimulatedStage.scenario, 2, "The value '50%,101%' is invalid for '--steps <percents>'"
            ),
            (
                ["canary", "--stable", "deploy/web", "--image", "nginx:2", "--label", "app=web-2"],
                SimulatedStage.scenario, 2, "svc/web does not select the pods of deploy/web-canary."
            ),
        ]
        for (arguments, scenario, status, words) in cases {
            let stage = try SimulatedStage()
            let result = await stage.shipslog(["rollout"] + arguments, scenario: scenario)
            #expect(result.status == status, "\(arguments): \(result.notices)")
            #expect(result.notices.contains(words), "\(arguments): \(result.notices)")
            #expect(try stage.ledger.ledger.head().size == 0, "\(arguments)")
        }
    }
}

extension SimulatedStage {
    /// The calls of a run that were carried out more than once, though nothing came between.
    func repeatedCalls(of stream: StreamName) async throws -> [String] {
        var seen: Set<String> = []
        var repeated: [String] = []
        var intended: [EventID: CallIntended] = [:]
        for try await event in ledger.ledger.events(EventQuery(streams: [stream])) {
            switch try event.event.fact() {
            case .callIntended(let call): intended[event.event.id] = call
            case .callCompleted(let completed):
                guard var call = intended[completed.call] else { continue }
                call.body["metadata"]?["resourceVersion"] = nil
                let text =
                    "\(call.method) \(call.path) \(String(decoding: try CanonicalJSON.encode(call.body), as: UTF8.self))"
                if !seen.insert(text).inserted { repeated.append(text) }
            default: break
            }
        }
        return repeated
    }
}
