import RolloutEngine
import Testing

@testable import RolloutModel

@Suite("What a run decides")
struct DecisionTests {
    private static let stream = StreamName(cluster: "c", namespace: "n", kind: "deployment", name: "web")
    private static let start = Timestamp(microseconds: 1_795_406_400_000_000)
    private static let shape = DeploymentChange.Shape(
        template: ["spec": ["containers": [["name": "web", "image": "nginx:2"]]]],
        strategy: DeploymentStrategy(type: "Recreate"))

    /// A run that sets a template that the Deployment has already.
    private func run(_ plan: RolloutPlan, then facts: [(seconds: Int64, fact: Fact)] = []) throws -> RolloutRun {
        let id = EventID.derived(from: ["run"])
        func event(_ number: Int, _ seconds: Int64, _ fact: Fact) throws -> Event {
            try Event(
                id: number == 0 ? id : .derived(from: ["event", String(number)]), stream: Self.stream, fact: fact,
                occurredAt: Self.start + .seconds(seconds), rollout: id, actor: nil, origin: .engine)
        }
        var run = try #require(try RolloutRun(startedBy: event(0, 0, .rolloutStarted(RolloutStarted(plan: plan)))))
        for (number, item) in facts.enumerated() { try run.apply(event(number + 1, item.seconds, item.fact)) }
        return run
    }

    private func sight(_ seconds: Int64, _ edit: (inout DeploymentState) -> Void = { _ in }) -> Sight {
        var state = DeploymentState(stream: Self.stream)
        state.uid = "d-1"
        state.template = Self.shape.template
        state.strategy = Self.shape.strategy
        state.desired = 4
        edit(&state)
        return Sight(states: [Self.stream: .deployment(state)], now: Self.start + .seconds(seconds))
    }

    private static func change(timeout: Int?, onFailure: RolloutPlan.OnFailure = .rollback) -> RolloutPlan {
        RolloutPlan(
            .deployment(DeploymentChange(uid: "d-1", target: shape, origin: shape)), onFailure: onFailure,
            timeoutSeconds: timeout)
    }

    private static let request = RolloutRequest(run: .derived(from: ["run"]))

    @Test("the time in which a run is paused does not count")
    func pausedTime() throws {
        let plan = Self.change(timeout: 60)
        #expect(try run(plan).decision(sight(61)) == .turnBack(reason: "not done in time"))
        let paused = try run(plan, then: [(30, .rolloutPaused(Self.request))])
        #expect(paused.decision(sight(1000) { $0.paused = true }) == .hold("deploy/web is paused"))
        let resumed = try run(plan, then: [(30, .rolloutPaused(Self.request)), (1000, .rolloutResumed(Self.request))])
        #expect(
            resumed.decision(sight(1001))
                == .wait(until: Self.start + .seconds(1060), "0 of 4 new pods have been made"))
        #expect(resumed.decision(sight(1060)) == .turnBack(reason: "not done in time"))
    }

    @Test("what is to wait when it fails holds until somebody has it go on or back")
    func held() throws {
        let canary = RolloutPlan(
            .canary(
                Canary(
                    stable: Incumbent(name: "web", uid: "d-1", replicas: 4),
                    canary: Candidate(name: "web-canary", manifest: ["spec": [:]]), service: "web",
                    steps: [50, 100],
                    pauseSeconds: 60, restartLimit: 0, check: .command("true"))), onFailure: .pause)
        let begun: (Int64, Fact) = (0, .rolloutStepStarted(RolloutStep(number: 1, weight: 50)))
        var facts = [begun]
        let creation = Decision.act(.create(.deployments, name: "web-canary", manifest: ["spec": ["replicas": 2]]))
        #expect(try run(canary, then: facts).decision(sight(1)) == creation)
        facts.append((2, .rolloutPaused(RolloutRequest(run: Self.request.run, failure: "no room"))))
        #expect(try run(canary, then: facts).decision(sight(3)) == .hold("paused, as it failed: no room"))
        let abort: (Int64, Fact) = (4, .rolloutAbortRequested(Self.request))
        #expect(try run(canary, then: facts + [abort]).decision(sight(4)) == .turnBack(reason: "somebody gave it up"))
        facts.append((5, .rolloutResumed(Self.request)))
        #expect(try run(canary, then: facts).decision(sight(6)) == creation)
    }

    @Test("a canary needs room for as many pods as there are more at its largest step")
    func room() {
        func plan(_ replicas: Int, _ steps: [Int], existing: Int? = nil) -> Canary {
            let shape = Self.shape
            let candidate = existing.map {
                Candidate(name: "c", existing: .init(uid: "d-2", replicas: $0, origin: shape, target: shape))
            }
            return Canary(
                stable: Incumbent(name: "web", uid: "d-1", replicas: replicas),
                canary: candidate ?? Candidate(name: "c", manifest: [:]), service: "web", steps: steps,
                pauseSeconds: 0, restartLimit: 0)
        }
        #expect(plan(4, [100]).mostAdditionalPods == 4)
        #expect(plan(4, [50, 100]).mostAdditionalPods == 2)
        #expect(plan(10, [10, 50, 100]).mostAdditionalPods == 5)
        #expect(plan(10, [10, 50, 100], existing: 2).mostAdditionalPods == 3)
        #expect(plan(1, [5, 100]).mostAdditionalPods == 1)
    }

    @Test("only restarts since a run began speak against its new pods")
    func restarts() throws {
        let shape = Self.shape
        func plan(_ restarts: [String: Int]?) -> RolloutPlan {
            RolloutPlan(
                .canary(
                    Canary(
                        stable: Incumbent(name: "web", uid: "d-1", replicas: 4),
                        canary: Candidate(
                            name: "web-canary",
                            existing: .init(uid: "d-2", replicas: 1, origin: shape, target: shape, restarts: restarts)),
                        service: "web", steps: [25, 100], pauseSeconds: 60, restartLimit: 0)), onFailure: .rollback)
        }
        var seen = sight(1)
        let stream = StreamName(cluster: "c", namespace: "n", kind: "deployment", name: "web-canary")
        var canary = DeploymentState(stream: stream)
        canary.uid = "d-2"
        canary.template = shape.template
        canary.strategy = shape.strategy
        canary.desired = 1
        (canary.status.replicas, canary.status.updated, canary.status.available) = (1, 1, 1)
        var pod = PodState(
            PodCreated(
                object: ObjectVersion(kind: "Pod", namespace: "n", name: "p", uid: "p-1", resourceVersion: "1"),
                createdAt: Self.start, labels: [:], containers: []))
        pod.restartCounts = ["web": 3]
        canary.pods = ["p-1": pod]
        seen.states[stream] = .deployment(canary)
        let begun: (Int64, Fact) = (0, .rolloutStepStarted(RolloutStep(number: 1, weight: 25)))
        #expect(
            try run(plan(nil), then: [begun]).decision(seen)
                == .turnBack(reason: "the containers of the new pods were started again 3 times"))
        #expect(
            try run(plan(["p-1": 3]), then: [begun]).decision(seen)
                == .act(.scale(deployment: "web", uid: "d-1", replicas: 3)))
    }
}
