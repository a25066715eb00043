import Foundation

/// `replay.started`: what follows in the streams of its cluster is a replay, of these events.
public struct ReplayStarted: Hashable, Sendable, Codable {
    /// What is replayed: `deploy/web@3`.
    public var name: String
    /// The cluster that was recorded.
    public var cluster: String
    /// The uid of the ledger that the plan was read from; `nil` for a plan from a file.
    public var ledger: UUID?
    /// The positions of the first and the last action, in that ledger.
    public var firstPosition: Int64
    public var lastPosition: Int64
    /// What it is performed on: `simulation` or `cluster`.
    public var backend: String

    public init(
        name: String, cluster: String, ledger: UUID?, firstPosition: Int64, lastPosition: Int64, backend: String
    ) {
        self.name = name
        self.cluster = cluster
        self.ledger = ledger
        self.firstPosition = firstPosition
        self.lastPosition = lastPosition
        self.backend = backend
    }
}

/// `replay.completed`: how a replay ended.
public struct ReplayCompleted: Hashable, Sendable, Codable {
    /// The `replay.started` that it ends.
    public var replay: EventID
    /// Whether everything came as it had come.
    public var reproduced: Bool
    public var matched: Int
    public var diverged: Int

    public init(replay: EventID, reproduced: Bool, matched: Int, diverged: Int) {
        self.replay = replay
        self.reproduced = reproduced
        self.matched = matched
        self.diverged = diverged
    }
}
