/// A full tile: 256 neighbouring hashes of the tree, kept so that no proof has to read more than a few of them.
///
/// Tile n of level l holds the roots of the perfect subtrees of 256^l leaves, from number 256·n on; at level 0 these
/// are leaf hashes.
///
/// - SeeAlso: <https://c2sp.org/tlog-tiles>
public struct Tile: Hashable, Sendable {
    /// The number of hashes in a full tile.
    public static let width = 256
    /// The base-2 logarithm of ``width``: how many levels of the tree one tile spans.
    static let height = 8
    /// The highest level at which a tile can be full: a size is less than 2^63.
    static let highestLevel = 6

    /// The level of the tile, from 0.
    public var level: Int
    /// Its place among the tiles of its level, from 0 at the left.
    public var index: Int

    /// Names a tile.
    public init(level: Int, index: Int) {
        self.level = level
        self.index = index
    }

    /// The hash at a place in the tile, as the subtree whose root it is.
    ///
    /// - Parameter offset: 0…255.
    public func subtree(at offset: Int) -> Subtree {
        Subtree(level: level * Self.height, index: index * Self.width + offset)
    }

    /// The subtree that the tile's 256 hashes make up; its root is a hash in a tile of the next level.
    public var subtree: Subtree { Subtree(level: (level + 1) * Self.height, index: index) }

    /// The size of the tree from which on the tile is full.
    public var fullFromSize: Int { subtree.leaves.upperBound }

    /// The tiles that become full when a tree reaches a size by one more leaf, the lowest level first.
    ///
    /// - Parameter size: The number of leaves after the append; 0 or more.
    public static func completed(atSize size: Int) -> [Tile] {
        guard size > 0 else { return [] }
        return (0..<min(size.trailingZeroBitCount / height, highestLevel + 1)).map {
            Tile(level: $0, index: size >> (($0 + 1) * height) - 1)
        }
    }

    /// How many full tiles a level has in a tree of a size.
    public static func fullCount(level: Int, size: Int) -> Int {
        level > highestLevel ? 0 : size >> ((level + 1) * height)
    }

    /// How many hashes follow the last full tile of a level in a tree of a size: 0…255.
    public static func partialWidth(level: Int, size: Int) -> Int {
        level > highestLevel + 1 ? 0 : (size >> (level * height)) % width
    }
}

/// The hashes of a tree of which all leaf hashes and all full tiles are kept.
public struct TiledTree {
    /// The number of leaves.
    public var size: Int
    /// Gives the leaf hashes of a range, in order.
    public var leafHashes: (Range<Int>) throws -> [Hash256]
    /// Gives the 256 hashes of a full tile.
    public var tileHashes: (Tile) throws -> [Hash256]

    /// Puts a tree together from its parts.
    public init(
        size: Int, leafHashes: @escaping (Range<Int>) throws -> [Hash256],
        tileHashes: @escaping (Tile) throws -> [Hash256]
    ) {
        self.size = size
        self.leafHashes = leafHashes
        self.tileHashes = tileHashes
    }

    /// The root of a perfect subtree: from one tile if it is full, else from what is below.
    ///
    /// - Throws: What the sources throw.
    public func hash(of subtree: Subtree) throws -> Hash256 {
        let level = subtree.level / Tile.height
        if level == 0 { return try MerkleTree.root(ofPerfect: leafHashes(subtree.leaves)) }
        let count = 1 << (subtree.level % Tile.height)
        let first = subtree.index * count
        let tile = Tile(level: level, index: first / Tile.width)
        if level <= Tile.highestLevel, tile.fullFromSize <= size {
            let hashes = try tileHashes(tile)
            return MerkleTree.root(ofPerfect: hashes[first % Tile.width..<first % Tile.width + count])
        }
        if count == 1 {
            return try MerkleTree.root(ofPerfect: tileHashes(Tile(level: level - 1, index: subtree.index)))
        }
        let (left, right) = subtree.children
        return try MerkleTree.nodeHash(hash(of: left), hash(of: right))
    }
}
