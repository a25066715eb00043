/// The right edge of a Merkle tree: all that is needed to append to it and to know its root.
///
/// It holds the roots of the perfect subtrees that the leaves fall into from the left, at most 63. Appending costs less
/// than one node hash on average, whatever the size.
public struct Frontier: Hashable, Sendable {
    /// The number of leaves.
    public private(set) var size: Int
    /// The roots of the perfect subtrees, the largest first: one for each bit that is set in the size.
    public private(set) var subtreeRoots: [Hash256]

    /// The frontier of the empty tree.
    public init() {
        size = 0
        subtreeRoots = []
    }

    /// Appends a leaf by its hash.
    public mutating func append(_ leafHash: Hash256) {
        var merged = leafHash
        for _ in 0..<(~size).trailingZeroBitCount {
            merged = MerkleTree.nodeHash(subtreeRoots.removeLast(), merged)
        }
        subtreeRoots.append(merged)
        size += 1
    }

    /// The root of the tree.
    public var root: Hash256 {
        guard var root = subtreeRoots.last else { return MerkleTree.emptyRoot }
        for left in subtreeRoots.dropLast().reversed() { root = MerkleTree.nodeHash(left, root) }
        return root
    }

    /// The stored form: the size as eight bytes, the highest first, then the subtree roots.
    public var encoded: [UInt8] {
        withUnsafeBytes(of: UInt64(size).bigEndian) { Array($0) } + subtreeRoots.flatMap(\.bytes)
    }

    /// Reads the stored form; `nil` if the number of roots does not fit the size.
    public init?(encoded bytes: some Collection<UInt8>) {
        let bytes = Array(bytes)
        guard bytes.count >= 8, (bytes.count - 8).isMultiple(of: Hash256.byteCount),
            let size = Int(exactly: bytes[..<8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }),
            size.nonzeroBitCount == (bytes.count - 8) / Hash256.byteCount
        else { return nil }
        self.size = size
        subtreeRoots = stride(from: 8, to: bytes.count, by: Hash256.byteCount)
            .compactMap { Hash256(bytes: bytes[$0..<$0 + Hash256.byteCount]) }
    }
}
