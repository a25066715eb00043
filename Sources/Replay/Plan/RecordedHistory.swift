import RolloutModel

/// Where a plan is read from: a ledger, or a history in memory.
package protocol RecordedHistory: Sendable {
    /// The streams of a namespace.
    func streams(cluster: String, namespace: String) async throws -> [StreamName]

    /// The state of a subject after the event at a position.
    func state(of stream: StreamName, at position: Position) async throws -> SubjectState

    /// The rollouts of a subject, the oldest first.
    func rollouts(of stream: StreamName) async throws -> [Rollout]

    /// The events of some streams after one position and up to another, in order.
    func events(of streams: [StreamName], after: Position, through: Position) async throws -> [RecordedEvent]
}

/// Which part of a history is replayed: everything that happened to some subjects between two positions.
package struct ReplaySpan: Hashable, Sendable {
    /// What it is called: `deploy/web@3`.
    package var name: String
    /// Deployments, Services and bare pods of one cluster; at least one.
    package var subjects: [StreamName]
    /// The position before its first event.
    package var after: Position
    /// The position of its last event.
    package var through: Position

    package init(name: String, subjects: [StreamName], after: Position, through: Position) {
        self.name = name
        self.subjects = subjects
        self.after = after
        self.through = through
    }

    /// The span of a rollout: from its first event to its last or, while it runs, to the end of the history.
    package init(of rollout: Rollout, head: Position) {
        self.init(
            name: "\(rollout.stream.shortName)@\(rollout.number)", subjects: [rollout.stream],
            after: Position(rawValue: rollout.firstPosition.rawValue - 1), through: rollout.endPosition ?? head)
    }
}
