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

    @Test(
        "the new pods are checked through a Service of their own, which goes before the switch",
        arguments: [
            ("true", Int32(0), ["cart-green: 3 of cart:2.1", "cart selects app=cart,version=green"]),
            ("false", 1, ["cart-green: 0 of none", "cart selects app=cart,version=blue"]),
        ])
    func preview(check: String, status: Int32, ending: [String]) async throws {
        let stage = try SimulatedStage()
        let verb = ["rollout", "blue-green", "--service", "cart", "--image", "cart:2.1", "--keep", "0s"]
        let result = await stage.shipslog(
            verb + ["--preview", "cart-preview", "--check", "test $SHIPSLOG_PREVIEW = cart-preview && \(check)"],
            scenario: SimulatedStage.scenario)
        #expect(result.status == status, "\(result.notices)")
        #expect(try await stage.ending(["cart-green"], service: "cart") == ending)
        #expect(
            try await stage.place(isNew: false).cluster.get(.services, "cart-preview", namespace: "default") == nil)
        var told: [String] = []
        for try await event in stage.ledger.ledger.events() {
            switch try event.event.fact() {
            case .serviceCreated(let fact) where fact.object.name == "cart-preview":
                told.append("made, selects \(ImageText.labels(fact.selector))")
            case .endpointsChanged(let fact) where fact.service == "cart-preview" && !fact.endpoints.isEmpty:
                told.append("reaches \(fact.endpoints.count(where: \.ready))")
            case .checkCompleted(let fact): told.append("checked: \(fact.passed)")
            case .callIntended(let fact) where fact.path.contains("/services/"):
                told.append("\(fact.method) \(fact.path.split(separator: "/").last ?? "")")
            default: break
            }
        }
        #expect(
            told == [
                "made, selects app=cart,version=green", "reaches 3", "checked: \(check)", "DELETE cart-preview",
            ] + (check == "true" ? ["PATCH cart"] : []))
    }

    @Test("a Service that is there is a preview if it selects the new pods alone")
    func previewThatIsThere() async throws {
        let folder = try TemporaryFolder()
        let path = try SimulatedStage.scenario(
            with: """
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: green-only}
                spec: {selector: {app: cart, version: green}}
                """, in: folder)
        let stage = try SimulatedStage()
        let verb = ["rollout", "blue-green", "--service", "cart", "--image", "cart:2.1", "--keep", "0s", "--preview"]
        let wrong = await stage.shipslog(verb + ["web"], scenario: path)
        #expect(wrong.status == 2)
        #expect(wrong.notices.hasPrefix("error: svc/web is there, and does not select the new pods alone.\n"))
        let right = await stage.shipslog(verb + ["green-only", "--check", "true"], scenario: path)
        #expect(right.status == 0, "\(right.notices)")
        #expect(
            try await stage.place(isNew: false).cluster.get(.services, "green-only", namespace: "default") != nil)
    }

    @Test("a canary is checked when the pods of a step are up, and again before the next")
    func canaryChecks() async throws {
        let stage = try SimulatedStage()
        let result = await stage.shipslog(
            [
                "rollout", "canary", "--stable", "deploy/web", "--image", "nginx:2", "--steps", "50%", "--pause", "1m",
                "--check", "true",
            ], scenario: SimulatedStage.scenario)
        #expect(result.status == 0)
        var told: [String] = []
        for try await event in stage.ledger.ledger.events() {
            switch event.event.type.rawValue {
            case "check.completed", "rollout.step_started", "rollout.step_completed":
                told.append(event.event.type.rawValue)
            default: break
            }
        }
        #expect(
            told == [
                "rollout.step_started", "check.completed", "rollout.step_completed", "check.completed",
                "rollout.step_started", "check.completed", "rollout.step_completed",
            ])
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
        let path = try SimulatedStage.scenario(
            with: """
                ---
                kind: Node
                metadata: {name: a}
                status: {allocatable: {cpu: "1", memory: 1Gi, pods: 10}}
                """, in: folder)
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
