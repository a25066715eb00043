import Crypto
import Foundation
import RolloutModel

/// What a ledger takes from its surroundings.
public struct LedgerOptions: Sendable {
    /// How long to wait for a lock that another process holds before giving up with code `unavailable`.
    public var lockTimeout: Duration
    /// The clock that events are stamped with when they are appended.
    public var now: @Sendable () -> Timestamp
    /// The source of a new ledger's identity and of what salts are made of: gives that many unpredictable bytes.
    public var randomBytes: @Sendable (_ count: Int) -> [UInt8]
    /// Where the head of the ledger is remembered when it is closed, and looked up when it is opened; `nil` for nowhere.
    public var checkpoints: CheckpointStore?

    /// The real clock and the system's random numbers, unless others are given.
    public init(
        lockTimeout: Duration = .seconds(10), checkpoints: CheckpointStore? = nil,
        now: @escaping @Sendable () -> Timestamp = { Timestamp(Date()) },
        randomBytes: @escaping @Sendable (Int) -> [UInt8] = LedgerOptions.secureRandomBytes
    ) {
        self.lockTimeout = lockTimeout
        self.checkpoints = checkpoints
        self.now = now
        self.randomBytes = randomBytes
    }

    /// Bytes of a cryptographically secure generator, which asks the system for a seed now and then.
    public static let secureRandomBytes: @Sendable (Int) -> [UInt8] = { count in
        SymmetricKey(size: SymmetricKeySize(bitCount: 8 * count)).withUnsafeBytes { Array($0) }
    }
}

/// Whether a ledger is opened to append or only to read.
public enum OpenMode: Sendable {
    /// Appending is refused; works beside a process that writes, and on a medium that nobody can write to.
    case readOnly
    /// Reading and appending; brings an older schema up to date.
    case readWrite
}

/// A moment in the history of a ledger.
public enum Moment: Hashable, Sendable {
    /// After the newest event.
    case now
    /// After the event at a position.
    case position(Position)
    /// After all that had occurred by then, in the order of the log.
    case time(Timestamp)
}

/// Where the log stands: all of its history in one hash.
public struct Head: Hashable, Sendable {
    /// The position of the newest event; 0 if there is none.
    public var size: Position
    /// The root of the Merkle tree over all events.
    public var root: Hash256
    /// The identity of the ledger, drawn when it was created.
    public var logID: UUID

    /// Makes a head of its parts.
    public init(size: Position, root: Hash256, logID: UUID) {
        self.size = size
        self.root = root
        self.logID = logID
    }
}
