import ClusterSimulator
import EventLedger
import Recording
import Replay
import RolloutModel

/// One performance of a plan: what came of it, and how that stands to what was recorded.
struct ReplayRun: Sendable {
    var plan: ReplayPlan
    var performance: Performance
    var comparison: Comparison

    init(_ plan: ReplayPlan, _ performance: Performance) {
        self.plan = plan
        self.performance = performance
        let replayed = performance.milestones.filter { $0.at >= performance.comparedFrom ?? plan.startsAt }
        comparison = Comparison(
            expected: plan.expectations, aftermath: plan.aftermath, replayed: replayed, end: performance.endedAt)
    }

    /// Whether it came as it had come.
    var isReproduced: Bool {
        comparison.isReproduced && performance.refusals.isEmpty && performance.problems.isEmpty
            && !performance.isStopped
    }

    /// Performs a plan on a simulated cluster.
    ///
    /// - Parameter record: Takes the events of the replay; `nil` if they are not kept.
    static func simulated(
        _ plan: ReplayPlan, seed: UInt64, record: ReplayRecord? = nil, stage: any ReplayStage = SilentStage()
    ) async throws -> ReplayRun {
        try await record?.begin(plan, backend: "simulation", at: plan.startsAt)
        let rehearsal = Rehearsal(
            plan, on: Simulation(SimulatedTheatre.cluster(for: plan, seed: seed)),
            witness: EventWitness.of(plan, writingTo: record), stage: stage)
        let run = ReplayRun(plan, try await rehearsal.perform(opening: plan.startsAt))
        try await record?.end(run, at: run.performance.endedAt ?? plan.endsAt)
        return run
    }
}

extension ReplayRun {
    /// How much did not come as it had come.
    var diverged: Int {
        comparison.divergences.count + performance.refusals.count + performance.problems.count
    }
}

extension EventWitness {
    /// A witness of a performance, by the eyes of the recorder.
    ///
    /// - Parameters:
    ///   - namespaces: ``Rehearsal/namespaces``.
    ///   - record: Takes the events, under the names that they have on the cluster; `nil` if they are not kept.
    static func of(
        _ plan: ReplayPlan, in namespaces: [String: String] = [:], writingTo record: ReplayRecord?
    ) -> EventWitness {
        let witness = ClusterWitness(cluster: record?.cluster ?? plan.cluster)
        return EventWitness(cluster: plan.cluster, namespaces: namespaces) { changes, time in
            let events = try await witness.events(of: changes, at: time)
            try await record?.append(events)
            return events
        }
    }
}
