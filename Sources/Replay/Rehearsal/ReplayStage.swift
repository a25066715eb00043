import RolloutModel

/// Makes events of what a cluster tells.
package protocol ReplayWitness: Sendable {
    /// Takes in what has changed.
    ///
    /// - Returns: The events, in order; their streams are named as in the recording.
    func take(_ changes: [ClusterChange], at time: Timestamp) async throws -> [RecordedEvent]
}

/// Who looks on, and may have a word.
package protocol ReplayStage: Sendable {
    /// Whether to do an action, or to stop before it.
    ///
    /// - Parameter number: From 1.
    func shouldPerform(_ action: ReplayPlan.Action, number: Int, of count: Int) async throws -> Bool

    /// Told what came of an action; `refusal` is the cluster's reason if it was not done.
    func performed(_ action: ReplayPlan.Action, refusal: String?) async throws

    /// Told what came to pass.
    func saw(_ milestone: Milestone) async throws
}

/// Nobody looks on.
package struct SilentStage: ReplayStage {
    package init() {}
    package func shouldPerform(_ action: ReplayPlan.Action, number: Int, of count: Int) -> Bool { true }
    package func performed(_ action: ReplayPlan.Action, refusal: String?) {}
    package func saw(_ milestone: Milestone) {}
}
