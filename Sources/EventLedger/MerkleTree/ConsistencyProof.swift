/// Shows that one tree is the beginning of another: nothing below the older size was changed, removed or reordered.
///
/// - SeeAlso: <https://www.rfc-editor.org/rfc/rfc9162#section-2.1.4>
public struct ConsistencyProof: Hashable, Sendable {
    /// The number of leaves of the older tree.
    public var oldSize: Int
    /// The number of leaves of the newer tree.
    public var newSize: Int
    /// The roots of the subtrees from which both roots can be computed.
    public var hashes: [Hash256]

    /// Takes a proof as it was handed over; ``verifies(oldRoot:newRoot:)`` judges it.
    public init(oldSize: Int, newSize: Int, hashes: [Hash256]) {
        self.oldSize = oldSize
        self.newSize = newSize
        self.hashes = hashes
    }

    /// Makes the proof between two sizes of a tree.
    ///
    /// - Parameters:
    ///   - oldSize: The number of leaves then.
    ///   - newSize: The number of leaves later.
    ///   - source: Gives the root of a perfect subtree within the newer size.
    /// - Throws: What the source throws.
    /// - Precondition: `1 ≤ oldSize ≤ newSize`: the empty tree is the beginning of any, and nothing proves it.
    public init(oldSize: Int, newSize: Int, from source: SubtreeHashes) rethrows {
        precondition(1 <= oldSize && oldSize <= newSize, "the older tree must be a beginning of the newer one")
        var hashes: [Hash256] = []
        var leaves = 0..<newSize
        while leaves.upperBound != oldSize {
            let (left, right) = MerkleTree.split(leaves)
            let isLeft = oldSize <= left.upperBound
            try hashes.append(MerkleTree.root(of: isLeft ? right : left, from: source))
            leaves = isLeft ? left : right
        }
        // A verifier has the older root itself; any other subtree that the sizes share must be given.
        if leaves.lowerBound != 0 { try hashes.append(MerkleTree.root(of: leaves, from: source)) }
        self.init(oldSize: oldSize, newSize: newSize, hashes: hashes.reversed())
    }

    /// Whether the proof holds between two roots.
    ///
    /// Any proof may be asked, also one made up by an attacker.
    public func verifies(oldRoot: Hash256, newRoot: Hash256) -> Bool {
        guard 1 <= oldSize, oldSize <= newSize else { return false }
        if oldSize == newSize { return hashes.isEmpty && oldRoot == newRoot }
        let path = (oldSize.nonzeroBitCount == 1 && !hashes.isEmpty ? [oldRoot] : []) + hashes
        guard let first = path.first else { return false }
        var node = oldSize - 1
        var last = newSize - 1
        while node & 1 == 1 {
            node >>= 1
            last >>= 1
        }
        var old = first
        var new = first
        for hash in path.dropFirst() {
            guard last != 0 else { return false }
            if node & 1 == 1 || node == last {
                old = MerkleTree.nodeHash(hash, old)
                new = MerkleTree.nodeHash(hash, new)
                while node != 0, node & 1 == 0 {
                    node >>= 1
                    last >>= 1
                }
            } else {
                new = MerkleTree.nodeHash(new, hash)
            }
            node >>= 1
            last >>= 1
        }
        return last == 0 && old == oldRoot && new == newRoot
    }
}
