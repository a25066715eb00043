import RolloutModel

/// Where a run is written down, and what is known from there.
package protocol RolloutJournal: Sendable {
    /// Appends the start of a run unless another run goes on that is about one of its subjects too.
    ///
    /// - Throws: ``ShipslogError`` with code `conflict` if one does.
    func begin(_ start: Event) async throws

    /// Takes on a run that another runner left.
    func resume(_ run: RolloutRun) async throws

    /// Appends events of the run that was begun or resumed; returns once they are on disk.
    ///
    /// - Throws: ``ShipslogError`` with code `conflict` if another runner has taken the run on since.
    func append(_ events: [Event]) async throws

    /// Records what a cluster tells; returns once it is on disk.
    ///
    /// - Parameter time: By the cluster's clock.
    func record(_ changes: [ClusterChange], at time: Timestamp) async throws

    /// Takes in that the cluster has told of all that there is: what is known of these subjects beyond that is gone, though
    /// nobody saw it go.
    ///
    /// - Parameter time: By the cluster's clock.
    func noteMissing(of streams: [StreamName], at time: Timestamp) async throws

    /// Notes whose doing it was that a call's object was changed, created or deleted; once, however often it is told.
    func attribute(_ done: RolloutRun.Done, of run: RolloutRun) async throws

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
    /// What it decides by.
    case seeing(Sight)
    case acting(String)
    case waiting(String)
    case turnedBack(String)
    /// It failed, and waits for somebody.
    case held(String)
    case restored
    /// It has come to its end; how is in the run.
    case ended
}
