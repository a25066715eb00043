import PretendNodes
import RolloutModel

@testable import ClusterSimulator

/// A scenario on the simulated cluster.
struct SimulatedSide {
    private(set) var sight = DeploymentSight()
    private var cluster: SimulatedCluster
    private let scenario: RolloutScenario
    private let namespace: String
    private var stepCount = 0
    private var overlooksProgress = false
    private var lastAct = (text: "", at: Timestamp(microseconds: 0))

    init(_ scenario: RolloutScenario, at time: Timestamp, namespace: String) throws {
        self.scenario = scenario
        self.namespace = namespace
        cluster = SimulatedCluster(
            at: time, behaviours: try Play.behaviours(scenario.pods),
            nodes: [.init(name: "only", milliCPU: 1_000_000, memoryBytes: 1 << 42, podLimit: 10_000)],
            namespaces: [namespace])
        _ = cluster.takeObjectChanges()
    }

    /// Something that happens to the Deployment or in the lives of its pods, with all that becomes of it at once.
    struct Step: Sendable {
        /// Which it is, for people.
        var text: String
        /// What is done; `nil` if only time passes.
        var act: RolloutScenario.Act?
        /// When it happens.
        var time: Timestamp
        /// Whether progress may be overlooked after it, as it may from any act on until a pod gets ready.
        var overlooksProgress: Bool
    }

    /// Goes through the scenario, one step after the other.
    ///
    /// - Parameter look: What to do after each step.
    mutating func play(_ look: (Step, inout SimulatedSide) async throws -> Void) async throws {
        for act in [.create, .settle] + scenario.acts {
            switch act {
            case .wait(let seconds):
                let limit = cluster.now + .seconds(seconds)
                while let due = cluster.nextDue, due <= limit { try await live(until: due, look) }
                try await live(until: limit, look)
            case .settle:
                while !sight.isSettled, let due = cluster.nextDue, due <= cluster.now + .seconds(120) {
                    try await live(until: due, look)
                }
            default:
                lastAct = ("\(act)", cluster.now)
                guard let call = act.call(on: scenario, in: namespace, sight) else {
                    throw ShipslogError(.invalidArgument, "\(scenario.name): there is nothing for \(act) to act on.")
                }
                _ = try cluster.perform(call)
                try await advance(to: cluster.now, act, look)
            }
        }
    }

    private mutating func live(
        until time: Timestamp, _ look: (Step, inout SimulatedSide) async throws -> Void
    ) async throws {
        try await advance(to: time, nil, look)
    }

    private mutating func advance(
        to time: Timestamp, _ act: RolloutScenario.Act?, _ look: (Step, inout SimulatedSide) async throws -> Void
    ) async throws {
        let (before, readyBefore) = (readiness, sight.readyCount)
        cluster.advance(to: time)
        let selections = [Resource.deployments, .replicaSets, .pods].map { ClusterSelection($0, namespace: namespace) }
        for change in try cluster.takeChanges(selections) { sight.take(change) }
        stepCount += 1
        let text =
            "step \(stepCount), \(lastAct.text)"
            + (act == nil ? " and \(time.seconds(since: lastAct.at)) s later" : "")
        let changed = readiness.filter { pod, isReady in before[pod].map { $0 != isReady } ?? false }
        guard changed.count <= 1 else {
            throw ShipslogError(
                .invalidArgument, "\(changed.count) pods change at \(text), and no two must.",
                hint: "Give their readiness more jitter.")
        }
        overlooksProgress = act != nil || (overlooksProgress && sight.readyCount <= readyBefore)
        try await look(Step(text: text, act: act, time: time, overlooksProgress: overlooksProgress), &self)
    }

    mutating func takePath() -> DeploymentSight.Path { sight.takePath() }

    /// What whoever plays the pods must have seen of them.
    var podCounts: PodPlayer.Counts {
        cluster.pods.values.reduce(into: PodPlayer.Counts()) { counts, pod in
            if pod.node == nil { counts.unbound += 1 } else { counts.bound += 1 }
            if pod.moment.isReady { counts.ready += 1 }
            if pod.metadata.deletion != nil { counts.terminating += 1 }
        }
    }

    /// Whether it is ready, of each pod that is not going.
    private var readiness: [Int: Bool] {
        cluster.pods.filter { $0.value.metadata.deletion == nil }.mapValues(\.moment.isReady)
    }
}
