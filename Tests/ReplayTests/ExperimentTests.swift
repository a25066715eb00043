import ClusterSimulator
import Foundation
import Recording
import RolloutModel
import ShipslogTesting
import Testing

@testable import Replay

@Suite("What would have come of a rollout") struct ExperimentTests {
    private static let subject = StreamName(cluster: "prod", namespace: "shop", kind: "deployment", name: "web")

    private static func strategy(_ surge: JSONValue, _ unavailable: JSONValue) -> [String: JSONValue] {
        ["strategy": ["type": "RollingUpdate", "rollingUpdate": ["maxSurge": surge, "maxUnavailable": unavailable]]]
    }

    private static let cases: [(replicas: Int, spec: [String: JSONValue], image: String)] = [
        (1, [:], "nginx:2"), (2, [:], "nginx:2"), (3, [:], "nginx:2"), (4, [:], "nginx:2"), (7, [:], "nginx:2"),
        (10, [:], "nginx:2"), (20, [:], "nginx:2"), (4, strategy(1, 0), "nginx:2"), (4, strategy(0, 1), "nginx:2"),
        (6, strategy(2, 2), "nginx:2"), (6, strategy("50%", 0), "nginx:2"), (6, strategy("100%", "100%"), "nginx:2"),
        (5, strategy("10%", "10%"), "nginx:2"), (8, strategy(3, "25%"), "nginx:2"),
        (4, ["strategy": ["type": "Recreate"]], "nginx:2"), (9, ["strategy": ["type": "Recreate"]], "nginx:2"),
        (4, ["minReadySeconds": 3], "nginx:2"), (5, ["minReadySeconds": 2], "nginx:2"),
        (4, ["progressDeadlineSeconds": 20], "nginx:bad"), (9, ["progressDeadlineSeconds": 20], "nginx:bad"),
        (3, ["progressDeadlineSeconds": 20, "strategy": ["type": "Recreate"]], "nginx:bad"),
    ]

    @Test("its figures are those that a ledger would tell of the same rollout", arguments: cases.indices)
    func figures(index: Int) async throws {
        let (replicas, spec, image) = Self.cases[index]
        let plan = try ReplayPlan(replicas: replicas, spec: spec, image: image)
        let figures = try Experiment(plan, of: Self.subject).figures(of: Variant())

        let history = FoldedHistory()
        let witness = ClusterWitness(cluster: "prod")
        let rehearsal = Rehearsal(
            plan, on: Simulation(SimulatedTheatre.cluster(for: plan)),
            witness: EventWitness(cluster: "prod") { changes, time in
                let events = try await witness.events(of: changes, at: time)
                try await history.append(events)
                return events
            })
        _ = try await rehearsal.perform(opening: plan.startsAt)
        let rollout = try #require(await history.rollouts(of: Self.subject).last)
        #expect(rollout.number == 2)
        #expect(figures.outcome == rollout.outcome)
        #expect(figures.lowestReady == rollout.lowestReady)
        #expect(figures.mostPods == rollout.mostPods)
        #expect(abs(figures.seconds - (rollout.durationSeconds ?? -1)) < 0.001)
    }

    @Test("the best comes first, and what no other beats is marked")
    func ranking() {
        func trial(
            _ name: String, _ seconds: Double, _ ready: Int, _ pods: Int, _ outcome: Rollout.Outcome = .succeeded
        ) -> Trial {
            var variant = Variant()
            variant.maxSurge = name
            return Trial(
                variant,
                [
                    Experiment.Figures(
                        outcome: outcome, trouble: nil, seconds: seconds, lowestReady: ready, mostPods: pods,
                        nothingReadySeconds: 0)
                ])
        }
        let ranked = Trial.ranked([
            trial("failed", 1, 9, 1, .failed), trial("worse", 9, 3, 9), trial("quick", 2, 3, 8), trial("safe", 8, 4, 8),
        ])
        #expect(ranked.map(\.variant.maxSurge) == ["safe", "quick", "worse", "failed"])
        #expect(ranked.map(\.isParetoBest) == [true, true, false, false])
    }
}
