import ClusterSimulator
import Recording
import RolloutModel
import ShipslogTesting

@testable import Replay

/// The recorded streams that ship with the tests, as a history in memory.
struct FixtureHistory: RecordedHistory {
    let history: FoldedHistory

    /// The fixture `kubernetes-1.20`.
    static func kubernetes() async throws -> FixtureHistory {
        FixtureHistory(history: try await RecordedFixture.history())
    }

    func streams(cluster: String, namespace: String) async throws -> [StreamName] {
        await history.states.keys.filter { $0.cluster == cluster && $0.namespace == namespace }.sorted()
    }

    func state(of stream: StreamName, at position: Position) async throws -> SubjectState {
        try await history.states { $0.event.stream == stream && $0.position <= position }[stream]
            ?? SubjectState(of: stream)
    }

    func rollouts(of stream: StreamName) async throws -> [Rollout] { await history.rollouts(of: stream) }

    func events(of streams: [StreamName], after: Position, through: Position) async throws -> [RecordedEvent] {
        await history.events.filter {
            streams.contains($0.event.stream) && $0.position > after && $0.position <= through
        }
    }

    /// The plan of a rollout: `deployment/web`, 3.
    func plan(_ subject: String, _ number: Int) async throws -> ReplayPlan {
        let stream = StreamName("prod/shop/\(subject)")
        let rollout = await history.rollouts.values.first { $0.stream == stream && $0.number == number }
        guard let rollout else { throw ShipslogError(.notFound, "The fixture has no \(subject)@\(number).") }
        return try await planner.plan(ReplaySpan(of: rollout, head: .init(rawValue: .max)))
    }

    var planner: ReplayPlanner<Self> { ReplayPlanner(self) { $0.type.rawValue } }
}

extension ReplayPlan {
    /// Performs the plan on a simulated cluster.
    func simulated(seed: UInt64 = 0) async throws -> Performance {
        let witness = ClusterWitness(cluster: "replay")
        let rehearsal = Rehearsal(
            self, on: Simulation(SimulatedTheatre.cluster(for: self, seed: seed)),
            witness: EventWitness(cluster: cluster) { try await witness.events(of: $0, at: $1) })
        return try await rehearsal.perform(opening: startsAt)
    }

    /// What came of it, beside what was expected.
    func comparison(with performance: Performance) -> Comparison {
        let replayed = performance.milestones.filter { $0.at >= performance.comparedFrom ?? startsAt }
        return Comparison(expected: expectations, aftermath: aftermath, replayed: replayed, end: performance.endedAt)
    }
}
