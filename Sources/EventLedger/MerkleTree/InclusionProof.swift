/// Shows that a leaf stands at its place in a tree of known root: the siblings on the way from the leaf to the root.
///
/// - SeeAlso: <https://www.rfc-editor.org/rfc/rfc9162#section-2.1.3>
public struct InclusionProof: Hashable, Sendable {
    /// The place of the leaf, from 0.
    public var index: Int
    /// The number of leaves of the tree.
    public var size: Int
    /// The siblings, the leaf's first.
    public var hashes: [Hash256]

    /// Takes a proof as it was handed over; ``verifies(leafHash:root:)`` judges it.
    public init(index: Int, size: Int, hashes: [Hash256]) {
        self.index = index
        self.size = size
        self.hashes = hashes
    }

    /// Makes the proof for a leaf.
    ///
    /// - Parameters:
    ///   - index: The place of the leaf, from 0.
    ///   - size: The number of leaves of the tree, which may have grown since.
    ///   - source: Gives the root of a perfect subtree within the size.
    /// - Throws: What the source throws.
    /// - Precondition: `0 ≤ index < size`.
    public init(index: Int, size: Int, from source: SubtreeHashes) rethrows {
        precondition(0 <= index && index < size, "the leaf must be in the tree")
        var hashes: [Hash256] = []
        var leaves = 0..<size
        while leaves.count > 1 {
            let (left, right) = MerkleTree.split(leaves)
            let isLeft = left.contains(index)
            try hashes.append(MerkleTree.root(of: isLeft ? right : left, from: source))
            leaves = isLeft ? left : right
        }
        self.init(index: index, size: size, hashes: hashes.reversed())
    }

    /// Whether the proof holds for a leaf and a root.
    ///
    /// Any proof may be asked, also one made up by an attacker.
    public func verifies(leafHash: Hash256, root: Hash256) -> Bool {
        guard 0 <= index, index < size else { return false }
        var node = index
        var last = size - 1
        var hash = leafHash
        for sibling in hashes {
            guard last != 0 else { return false }
            if node & 1 == 1 || node == last {
                hash = MerkleTree.nodeHash(sibling, hash)
                while node != 0, node & 1 == 0 {
                    node >>= 1
                    last >>= 1
                }
            } else {
                hash = MerkleTree.nodeHash(hash, sibling)
            }
            node >>= 1
            last >>= 1
        }
        return last == 0 && hash == root
    }
}
