import Foundation
import RolloutModel

/// The first line of a bundle: which rollout it is of, and which log it was taken from.
public struct BundleHeader: Hashable, Sendable, Codable {
    /// The version of the format that this build writes and reads.
    public static let currentFormat = 1

    /// The version of the format.
    public var format = BundleHeader.currentFormat
    /// The subject of the rollout.
    public var stream: StreamName
    /// The number of the rollout.
    public var number: Int
    /// The position up to which the bundle tells all that belongs to the rollout.
    public var end: Position
    /// Whether values that look secret were masked.
    public var isMasked: Bool
    /// When it was made.
    public var madeAt: Timestamp
    /// The version of Shipslog that made it.
    public var madeBy: String
    /// The identity of the ledger.
    public var ledger: EventID
    /// The number of events of the ledger when the bundle was made.
    public var size: Int
    /// The root of the tree over those events.
    public var root: Hash256
    /// The roots of the perfect subtrees of that tree, the largest first, which give the root.
    public var frontier: [Hash256]

    private enum CodingKeys: String, CodingKey {
        // Sorted by these names, the first member of a bundle is the one that tells it from other files.
        case format = "bundle"
        case stream, number, end, madeAt, madeBy, ledger, size, root, frontier
        case isMasked = "masked"
    }

    /// Where the log stood: what every event of the bundle is proven against.
    public var checkpoint: Checkpoint {
        Checkpoint(size: Position(rawValue: Int64(size)), root: root, logID: ledger.uuid)
    }

    /// The right edge of the tree; `nil` if it does not have the root.
    var edge: Frontier? {
        guard size >= 0 else { return nil }
        let length = withUnsafeBytes(of: UInt64(size).bigEndian) { Array($0) }
        guard let edge = Frontier(encoded: length + frontier.flatMap(\.bytes)), edge.root == root else { return nil }
        return edge
    }
}

/// The last line of a bundle, by which a bundle that was cut or changed shows.
struct BundleEnd {
    /// What the line begins with; that of no event does.
    static let mark = Data(#"{"end":"#.utf8)

    var events: Int
    var masked: Int
    /// The SHA-256 of all lines before it, with their newlines.
    var digest: Hash256

    /// The line, without its newline.
    var line: Data { Self.mark + Data(#"{"events":\#(events),"masked":\#(masked),"sha256":"\#(digest)"}}"#.utf8) }
}
