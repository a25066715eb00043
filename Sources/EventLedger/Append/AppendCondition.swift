import Foundation
import RolloutModel

/// What must be true of the log for an append to take place; judged in the transaction of the append.
public enum AppendCondition: Hashable, Sendable {
    /// The stream has no events.
    case noStream(StreamName)
    /// The stream has at least one event.
    case streamExists(StreamName)
    /// The stream's newest event has this version; 0 for a stream without events.
    case version(StreamName, Int64)
    /// No event after a position matches the filter: nothing that the caller would have decided differently about.
    case noEvents(matching: EventFilter, after: Position)
    /// A recorder remembers this value under a key, or nothing yet.
    case remembers(recorder: String, key: String, value: Data)
}

/// Which events are meant; a filter that is empty in all parts means every event.
public struct EventFilter: Hashable, Sendable {
    /// Of this cluster; `nil` for any.
    public var cluster: String?
    /// Of this namespace; `nil` for any.
    public var namespace: String?
    /// Of one of these streams; empty for any.
    public var streams: [StreamName]
    /// Of one of these types; empty for any.
    public var types: [EventType]
    /// Of this run of an engine; `nil` for any.
    public var rollout: EventID?
    /// By this actor, by name; `nil` for any.
    public var actor: String?
    /// Occurred at this moment or later.
    public var since: Timestamp?
    /// Occurred at this moment or earlier.
    public var until: Timestamp?

    /// Makes a filter; all its parts must match.
    public init(
        cluster: String? = nil, namespace: String? = nil, streams: [StreamName] = [], types: [EventType] = [],
        rollout: EventID? = nil, actor: String? = nil, since: Timestamp? = nil, until: Timestamp? = nil
    ) {
        self.cluster = cluster
        self.namespace = namespace
        self.streams = streams
        self.types = types
        self.rollout = rollout
        self.actor = actor
        self.since = since
        self.until = until
    }
}
