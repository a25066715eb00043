import RolloutModel

/// Where a run is written down, and what is known from there.
package protocol RolloutJournal: Sendable {
    /// Appends events; returns once they are on disk.
    func append(_ events: [Event]) async throws

    /// Appends the start of a run unless another run of its subject goes on.
    ///
    /// - Throws: ``ShipslogError`` with code `conflict` if one does.
    func begin(_ start: Event) async throws

    /// Records what a cluster tells; returns once it is on disk.
    ///
    /// - Parameter time: By the cluster's clock.
    func record(_ changes: [ClusterChange], at time: Timestamp) async throws

    /// Notes that somebody brought a version of an object about, by a call that is recorded.
    func attribute(_ object: ObjectVersion, of stream: StreamName, to actor: Actor, auditID: String) async throws

    /// Forgets what only who goes on with a run needs to know: it has ended.
    func finish() async throws

    /// What people asked of a run since this was last called: events that others than its runner wrote.
    func requests(of run: EventID) async throws -> [Event]

    /// Waits until somebody may have asked something, for a second at most.
    func awaitRequest() async throws

    /// A subject as it is known now.
    func state(of stream: StreamName) async throws -> SubjectState
}

/// What a runner tells while it works.
package enum RunProgress: Hashable, Sendable {
    case acting(String)
    case waiting(String)
    case turnedBack(String)
    case restored
}
