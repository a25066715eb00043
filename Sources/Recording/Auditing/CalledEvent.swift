import RolloutModel

/// An event that a call of Shipslog's own brought about.
public struct CalledEvent: Hashable, Sendable {
    public var id: EventID
    public var stream: StreamName

    /// Names an event and its stream.
    public init(id: EventID, stream: StreamName) {
        self.id = id
        self.stream = stream
    }
}
