/// A perfect subtree: the leaves from `index · 2^level` up to `(index + 1) · 2^level`.
public struct Subtree: Hashable, Sendable {
    /// How many levels it has above its leaves; 0 is a leaf, at most 62.
    public var level: Int
    /// Its place among the subtrees of its level, from 0 at the left.
    public var index: Int

    /// Names a subtree.
    public init(level: Int, index: Int) {
        self.level = level
        self.index = index
    }

    /// The leaves under it, counted from 0.
    public var leaves: Range<Int> { index << level..<(index + 1) << level }

    /// The two subtrees under it.
    ///
    /// - Precondition: It is not a leaf.
    var children: (left: Subtree, right: Subtree) {
        precondition(level > 0, "a leaf has no children")
        return (Subtree(level: level - 1, index: 2 * index), Subtree(level: level - 1, index: 2 * index + 1))
    }
}

/// Gives the hash of a perfect subtree, from wherever the hashes are kept.
public typealias SubtreeHashes = (Subtree) throws -> Hash256

extension MerkleTree {
    /// The root over a range of leaves as RFC 6962 splits it, put together from its perfect subtrees.
    ///
    /// - Parameter leaves: A range that occurs in the split of a tree: not empty, and beginning at a multiple of the
    ///   least power of two that is not less than its length.
    static func root(of leaves: Range<Int>, from hashes: SubtreeHashes) rethrows -> Hash256 {
        if leaves.count.nonzeroBitCount == 1 {
            let level = leaves.count.trailingZeroBitCount
            return try hashes(Subtree(level: level, index: leaves.lowerBound >> level))
        }
        let (left, right) = split(leaves)
        return try nodeHash(root(of: left, from: hashes), root(of: right, from: hashes))
    }

    /// Splits a range of two or more leaves at the largest power of two less than its length.
    static func split(_ leaves: Range<Int>) -> (left: Range<Int>, right: Range<Int>) {
        let middle = leaves.lowerBound + 1 << (Int.bitWidth - 1 - (leaves.count - 1).leadingZeroBitCount)
        return (leaves.lowerBound..<middle, middle..<leaves.upperBound)
    }
}
