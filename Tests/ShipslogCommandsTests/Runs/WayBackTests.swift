import Testing

@testable import RolloutEngine
@testable import RolloutModel

@Suite("What a run decides that is taken on late, or must go back")
struct WayBackTests {
    private static let start = Timestamp(microseconds: 1_795_406_400_000_000)
    private static let shape = DeploymentChange.Shape(
        template: ["spec": ["containers": [["name": "shop", "image": "shop:2"]]]],
        strategy: DeploymentStrategy(type: "Recreate"))
    private static let origin = ["version": "blue"]
    private static let target = ["version": "green"]

    private static func at(_ seconds: Int64) -> Timestamp { start + .seconds(seconds) }

    private static func stream(_ kind: String, _ name: String) -> StreamName {
        StreamName(cluster: "c", namespace: "n", kind: kind, name: name)
    }

    private static func run(
        _ procedure: RolloutPlan.Procedure, of stream: StreamName, timeout: Int? = nil,
        then facts: [(seconds: Int64, fact: Fact)] = []
    ) throws -> RolloutRun {
        let id = EventID.derived(from: ["run"])
        let plan = RolloutPlan(procedure, onFailure: .rollback, timeoutSeconds: timeout)
        func event(_ id: EventID, _ seconds: Int64, _ fact: Fact) throws -> Event {
            try Event(
                id: id, stream: stream, fact: fact, occurredAt: at(seconds), rollout: .derived(from: ["run"]),
                actor: nil, origin: .engine)
        }
        var run = try #require(try RolloutRun(startedBy: event(id, 0, .rolloutStarted(RolloutStarted(plan: plan)))))
        for (number, item) in facts.enumerated() {
            try run.apply(event(.derived(from: ["event", String(number)]), item.seconds, item.fact))
        }
        return run
    }

    private static let blueGreen = RolloutPlan.Procedure.blueGreen(
        BlueGreen(
            service: "s-1", blue: Incumbent(name: "blue", uid: "b-1", replicas: 3),
            green: Candidate(
                name: "green", existing: .init(uid: "g-1", replicas: 0, origin: shape, target: shape)),
            replicas: 3, origin: origin, target: target, readyPods: 3, keepSeconds: 600))

    private static func deployment(
        _ name: String, _ uid: String, desired: Int, _ edit: (inout DeploymentState) -> Void
    ) -> SubjectState {
        var state = DeploymentState(stream: stream("deployment", name))
        state.uid = uid
        state.template = shape.template
        state.strategy = shape.strategy
        state.desired = desired
        edit(&state)
        return .deployment(state)
    }

    /// A Service over two Deployments, of which nothing is reached.
    private static func sight(
        _ seconds: Int64, attendedSince: Int64? = nil, selector: [String: String] = target, available: Int
    ) -> Sight {
        var service = ServiceState(stream: stream("service", "shop"))
        service.uid = "s-1"
        service.selector = selector
        return Sight(
            states: [
                stream("service", "shop"): .service(service),
                stream("deployment", "blue"): deployment("blue", "b-1", desired: 3) {
                    ($0.status.replicas, $0.status.updated, $0.status.available) = (3, 3, available)
                },
                stream("deployment", "green"): deployment("green", "g-1", desired: 0) { _ in },
            ], now: at(seconds), attendedSince: attendedSince.map(at))
    }

    private static let turned: [(seconds: Int64, fact: Fact)] = [(10, .rollbackStarted(RolloutTurn(reason: "no")))]

    @Test("the time in which nobody was at work on a run does not count")
    func takenOnLate() throws {
        let web = Self.stream("deployment", "web")
        let run = try Self.run(
            .deployment(DeploymentChange(uid: "d-1", target: Self.shape, origin: Self.shape)), of: web, timeout: 60)
        func decision(_ seconds: Int64, attendedSince: Int64?) -> Decision {
            run.decision(
                Sight(
                    states: [web: Self.deployment("web", "d-1", desired: 4) { _ in }], now: Self.at(seconds),
                    attendedSince: attendedSince.map(Self.at)))
        }
        #expect(decision(40_000, attendedSince: nil) == .turnBack(reason: "not done in time"))
        #expect(
            decision(40_000, attendedSince: 40_000)
                == .wait(until: Self.at(40_060), "0 of 4 new pods have been made"))
        #expect(decision(40_060, attendedSince: 40_000) == .turnBack(reason: "not done in time"))
    }

    @Test("old pods that do not come keep the traffic from the others for a minute and no longer")
    func oneBadOldPod() throws {
        let shop = Self.stream("service", "shop")
        let run = try Self.run(Self.blueGreen, of: shop, then: Self.turned)
        let words = "deploy/blue: 2 of 3 old pods are available"
        let back = Decision.act(.select(service: "shop", uid: "s-1", labels: Self.origin))
        #expect(run.decision(Self.sight(11, available: 2)) == .wait(until: Self.at(70), words))
        #expect(run.decision(Self.sight(70, available: 2)) == back)
        #expect(run.decision(Self.sight(11, available: 3)) == back)
        #expect(
            run.decision(Self.sight(101, attendedSince: 100, available: 2)) == .wait(until: Self.at(160), words))
        #expect(
            run.decision(Self.sight(70, available: 0))
                == .wait(until: Self.at(3_610), "deploy/blue: 0 of 3 old pods are available"))
    }

    @Test("where the traffic has stayed with the old pods, it does not matter how they are")
    func neverSwitched() throws {
        let run = try Self.run(Self.blueGreen, of: Self.stream("service", "shop"), then: Self.turned)
        #expect(
            run.decision(Self.sight(11, selector: Self.origin, available: 0))
                == .restored("svc/shop reaches 0 pods of deploy/blue"))
    }

    @Test("a pod that has done its work is not made again")
    func doneAtOnce() throws {
        let batch = Self.stream("pod", "batch")
        let call = ClusterCall(.create, .pods, "batch", namespace: "n", body: ["metadata": ["name": "batch"]])
        let created = CallIntended(method: call.method, path: call.path, body: call.body)
        let run = try Self.run(
            .pod(PodReplacement(uid: "p-1", target: [:], origin: [:])), of: batch,
            then: [
                (1, .callIntended(created)),
                (
                    2,
                    .callCompleted(CallCompleted(call: .derived(from: ["event", "0"]), status: 201, uid: "p-2"))
                ),
            ])
        var pod = PodState(
            PodCreated(
                object: ObjectVersion(kind: "Pod", namespace: "n", name: "batch", uid: "p-2", resourceVersion: "1"),
                createdAt: Self.start, labels: [:], containers: []))
        pod.phase = "Succeeded"
        var state = BarePodState(stream: batch)
        state.pod = pod
        #expect(
            run.decision(Sight(states: [batch: .pod(state)], now: Self.at(40_000)))
                == .end(RolloutRun.End(outcome: .succeeded, reason: "the new pod has done its work")))
    }

    @Test("no old pod goes before the gateways have taken the rules on")
    func gateways() throws {
        let route = Canary.Route(name: "web", uid: "r-1", rules: [], canaryService: "web-canary")
        let run = try Self.run(Self.blueGreen, of: Self.stream("service", "shop"))
        func decision(_ seconds: Int64, _ conditions: JSONValue) -> Decision? {
            var sight = Sight(states: [:], now: Self.at(seconds))
            sight.route = [
                "metadata": ["generation": 3],
                "status": ["parents": [["parentRef": ["name": "edge"], "conditions": conditions]]],
            ]
            return route.awaitGateways(in: run, sight, until: Self.at(60))
        }
        func condition(_ type: String, _ status: String, _ generation: Int64) -> JSONValue {
            [
                "type": .string(type), "status": .string(status), "observedGeneration": .integer(generation),
                "reason": "BackendNotFound", "message": "no svc/web-canary",
            ]
        }
        let late = "gateway edge has not taken on the rules of httproute/web"
        #expect(decision(1, [condition("Accepted", "True", 2)]) == .wait(until: Self.at(60), late))
        #expect(decision(60, [condition("Accepted", "True", 2)]) == .turnBack(reason: late))
        #expect(
            decision(1, [condition("Accepted", "True", 3), condition("ResolvedRefs", "False", 3)])
                == .turnBack(
                    reason: "gateway edge does not take httproute/web: BackendNotFound: no svc/web-canary"))
        #expect(decision(1, [condition("Accepted", "True", 3), condition("ResolvedRefs", "True", 3)]) == nil)
        #expect(decision(1, []) == nil)
    }
}
