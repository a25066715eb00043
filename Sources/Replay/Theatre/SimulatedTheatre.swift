import ClusterSimulator
import RolloutModel

/// A simulated cluster on which a plan is performed: its pods live as their recorded twins did, and its clock shows the time
/// of the recording.
package enum SimulatedTheatre {
    /// The cluster, empty, some time before the plan begins.
    ///
    /// - Parameters:
    ///   - seed: From which names are drawn, and how pods live that have no twin.
    package static func cluster(for plan: ReplayPlan, seed: UInt64 = 0) -> SimulatedCluster {
        var behaviours = plan.behaviours
        behaviours.seed = seed
        return SimulatedCluster(
            at: Timestamp(microseconds: plan.startsAt.microseconds - PlanDraft.lead.wholeMicroseconds), seed: seed,
            behaviours: behaviours, namespaces: plan.namespaces.filter { $0 != "default" && $0 != "kube-system" })
    }
}
