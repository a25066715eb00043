import RolloutModel

/// Which events to read, and in which order.
public struct EventQuery: Hashable, Sendable {
    /// Only events after this position.
    public var after: Position
    /// Only events up to this position; `nil` for all there are when reading begins.
    public var through: Position?
    /// Only events that match.
    public var filter: EventFilter
    /// Whether the newest come first.
    public var isBackwards: Bool
    /// At most so many events; `nil` for all.
    public var limit: Int?

    /// Asks for events; by default for all, the oldest first.
    ///
    /// The parameters of the filter are as in ``EventFilter``.
    public init(
        after: Position = 0, through: Position? = nil, cluster: String? = nil, namespace: String? = nil,
        streams: [StreamName] = [], types: [EventType] = [],
        rollout: EventID? = nil, actor: String? = nil, since: Timestamp? = nil, until: Timestamp? = nil,
        isBackwards: Bool = false, limit: Int? = nil
    ) {
        self.after = after
        self.through = through
        filter = EventFilter(
            cluster: cluster, namespace: namespace, streams: streams, types: types, rollout: rollout, actor: actor,
            since: since, until: until
        )
        self.isBackwards = isBackwards
        self.limit = limit
    }
}

/// Which rollouts to read.
public struct RolloutQuery: Hashable, Sendable {
    /// Only of this cluster.
    public var cluster: String?
    /// Only of this namespace.
    public var namespace: String?
    /// Only of this subject.
    public var stream: StreamName?
    /// Only the one of this number in its stream.
    public var number: Int?
    /// Only those that began at this moment or later.
    public var since: Timestamp?
    /// Only so many, the newest.
    public var limit: Int?

    /// Asks for rollouts; by default for all.
    public init(
        cluster: String? = nil, namespace: String? = nil, stream: StreamName? = nil, number: Int? = nil,
        since: Timestamp? = nil, limit: Int? = nil
    ) {
        self.cluster = cluster
        self.namespace = namespace
        self.stream = stream
        self.number = number
        self.since = since
        self.limit = limit
    }
}
