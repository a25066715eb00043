import RolloutModel

/// A history in memory: what a ledger does with events, in the simplest way that could be right.
///
/// Tests compare the real thing with it.
public actor FoldedHistory {
    /// The events, each id once, in the order in which they came.
    public private(set) var events: [RecordedEvent] = []
    /// The state of each stream.
    public private(set) var states: [StreamName: SubjectState] = [:]
    /// The projections, by stream and number.
    public private(set) var rollouts: [Key: Rollout] = [:]
    public private(set) var revisions: [Key: Revision] = [:]
    public private(set) var outages: [Key: Outage] = [:]
    private var ids: Set<EventID> = []
    private var versions: [StreamName: Int64] = [:]

    /// A row of a projection.
    public struct Key: Hashable, Sendable {
        public var stream: StreamName
        public var number: Int

        public init(stream: StreamName, number: Int) {
            self.stream = stream
            self.number = number
        }
    }

    /// An empty history.
    public init() {}

    /// Appends events, but for those whose ids are known.
    public func append(_ new: [Event]) throws {
        for event in new where ids.insert(event.id).inserted {
            versions[event.stream, default: 0] += 1
            let recorded = RecordedEvent(
                position: Position(rawValue: Int64(events.count + 1)), version: versions[event.stream] ?? 0,
                recordedAt: event.occurredAt, event: event
            )
            events.append(recorded)
            let changes = try states[event.stream, default: SubjectState(of: event.stream)].apply(recorded)
            for row in changes.rollouts { rollouts[Key(stream: row.stream, number: row.number)] = row }
            for row in changes.revisions { revisions[Key(stream: row.stream, number: row.number)] = row }
            for row in changes.outages { outages[Key(stream: row.stream, number: row.number)] = row }
        }
    }

    /// The rollouts of a stream, the oldest first.
    public func rollouts(of stream: StreamName) -> [Rollout] {
        rollouts.values.filter { $0.stream == stream }.sorted { $0.number < $1.number }
    }

    /// The state of every stream after the events that satisfy a condition, and no other.
    public func states(where isIncluded: (RecordedEvent) throws -> Bool) throws -> [StreamName: SubjectState] {
        var states: [StreamName: SubjectState] = [:]
        for event in events where try isIncluded(event) {
            _ = try states[event.event.stream, default: SubjectState(of: event.event.stream)].apply(event)
        }
        return states
    }
}
