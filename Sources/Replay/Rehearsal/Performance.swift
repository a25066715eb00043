import RolloutModel

/// What came of a plan on a cluster.
package struct Performance: Hashable, Sendable {
    /// In the order of time, by the clock of the recording.
    package var milestones: [Milestone] = []
    /// How many actions were done.
    package var done = 0
    /// The actions that the cluster refused.
    package var refusals: [Refusal] = []
    /// What was waited for in vain: a sentence each.
    package var problems: [String] = []
    /// Why pods could not be made, in the cluster's words; `nil` if they could.
    package var failure: String?
    /// Whether somebody stopped it before its end.
    package var isStopped = false
    /// From when it is compared; `nil` if it did not get there.
    package var comparedFrom: Timestamp?
    /// When all that was expected to end had ended, or it was waited for in vain.
    package var endedAt: Timestamp?

    /// How many actions it came to: those that were done, and those that the cluster refused.
    package var reached: Int { done + refusals.count }

    /// An action that a cluster refused.
    package struct Refusal: Hashable, Sendable {
        package var action: ReplayPlan.Action
        /// In the cluster's words.
        package var reason: String
    }
}
