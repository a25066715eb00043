import Foundation
import RolloutModel
import ShipslogTesting
import Testing

/// Holds the simulated controllers against those of Kubernetes: the same things are done to a Deployment on both, and the
/// pods of both live alike.
///
/// After each thing that is done, and after each moment in the life of a pod, both clusters come to rest. Then all must be
/// equal: the Deployment's counts, revision and conditions, the sizes, counts and annotations of its ReplicaSets, and how
/// many pods are how. And both must have come there in the same way: through the same sizes of ReplicaSets, the same
/// revisions and, condition by condition, the same conditions.
///
/// What cannot be equal is not compared, or not asked for:
/// - How long controllers take. They take no time in the simulated cluster, and the clock of the real pods stands still
///   until the real ones are through; so how many steps they make of one does not hang on how fast the machine is.
/// - What a real controller makes of two things that happen before it is through with the first. So in no scenario two
///   pods get ready, or cease to be, in the same moment.
/// - When minReadySeconds and the progress deadline are over: the real controllers go by the machine's clock, to the
///   second. It is waited for them.
/// - Which of several pods goes that are equally dispensable, and the names of all.
/// - How the counts in a status got to where they are: the real ReplicaSet controller makes and deletes pods by and by.
/// - Therefore, whether the Deployment controller finds progress in them, and says `ReplicaSetUpdated`, before a pod gets
///   ready: after a change of the template, pods that are made before it looks are none to it, and while old pods go it
///   may see some of them. So from an act until the next pod gets ready `ReplicaSetUpdated` may be missing, or be there;
///   all else that `Progressing` says must be equal. As soon as a pod gets ready, both must have found progress.
/// - What it says if template and size change in one call: it writes a status first, and if it makes the ReplicaSet
///   before it has seen that itself, it is refused to say so, and never says `NewReplicaSetCreated`. There is no such
///   scenario.
@Suite("The simulated controllers do what the real ones do") struct DifferentialTests {
    @Test("there are enough scenarios, each with a name of its own")
    func scenarios() {
        #expect(RolloutScenario.all.count >= 60)
        #expect(Set(RolloutScenario.all.map(\.name)).count == RolloutScenario.all.count)
    }

    #if Network
        @Test(
            "step by step", .enabled(if: ControlPlane.isWanted, "SHIPSLOG_SKIP_CLUSTER is set."),
            arguments: RolloutScenario.all)
        func alike(_ scenario: RolloutScenario) async throws {
            try await Self.berths.with {
                let namespace = "rollouts-\(UUID().uuidString.prefix(8).lowercased())"
                try await LiveSide.with(scenario, namespace: namespace) { live in
                    var simulated = try SimulatedSide(scenario, at: live.now, namespace: namespace)
                    var last: SimulatedSide.Step?
                    try await simulated.play { step, simulated in
                        try await live.follow(step, &simulated)
                        last = step
                    }
                    if let last { try await live.expectQuiet(after: last) }
                }
            }
        }

        /// The more scenarios at once, the longer the controllers take for each, and the deadlines go by the clock.
        private static let berths = Berths(16)
    #endif
}
