import RolloutModel

/// Numbers the events that somebody makes of what a cluster tells, and names their streams as the recording does.
package actor EventWitness: ReplayWitness {
    private let events: @Sendable ([ClusterChange], Timestamp) async throws -> [Event]
    private let cluster: String
    private let recordedNamespaces: [String: String]
    private var ids: Set<EventID> = []
    private var versions: [StreamName: Int64] = [:]
    private var last: Int64 = 0

    /// - Parameters:
    ///   - cluster: What the recorded cluster is called.
    ///   - namespaces: ``Rehearsal/namespaces``.
    ///   - events: Makes events of changes.
    package init(
        cluster: String, namespaces: [String: String] = [:],
        events: @escaping @Sendable ([ClusterChange], Timestamp) async throws -> [Event]
    ) {
        self.cluster = cluster
        self.events = events
        recordedNamespaces = Dictionary(namespaces.map { ($1, $0) }) { first, _ in first }
    }

    package func take(_ changes: [ClusterChange], at time: Timestamp) async throws -> [RecordedEvent] {
        var recorded: [RecordedEvent] = []
        for var event in try await events(changes, time) where ids.insert(event.id).inserted {
            let stream = event.stream
            event.stream = StreamName(
                cluster: cluster, namespace: recordedNamespaces[stream.namespace] ?? stream.namespace,
                kind: stream.kind, name: stream.name)
            last += 1
            versions[event.stream, default: 0] += 1
            recorded.append(
                RecordedEvent(
                    position: Position(rawValue: last), version: versions[event.stream, default: 1], recordedAt: time,
                    event: event))
        }
        return recorded
    }
}
