import Foundation
import GRDB
import RolloutModel

/// The full tiles of the Merkle tree, as the file keeps them.
struct TileStore {
    let database: Database

    init(_ database: Database) {
        self.database = database
    }

    /// Makes a tile from what is below it, and stores it.
    ///
    /// - Precondition: Its 256 hashes are complete.
    func insert(_ tile: Tile) throws {
        let hashes = try hashesBelow(tile)
        guard hashes.count == Tile.width else {
            throw ShipslogError(
                .tampered, "The hashes below tile \(tile.index) of level \(tile.level) are not all there.")
        }
        try database.query(
            "INSERT INTO tile (level, number, root, hashes) VALUES (?, ?, ?, ?)",
            .integer(Int64(tile.level)), .integer(Int64(tile.index)), .hash(MerkleTree.root(ofPerfect: hashes)),
            .blob(hashes.flatMap(\.bytes))
        ).run()
    }

    /// The 256 hashes of a tile as leaves or lower tiles give them.
    private func hashesBelow(_ tile: Tile) throws -> [Hash256] {
        let first = Int64(tile.index * Tile.width)
        let last = first + Int64(Tile.width)
        let query =
            tile.level == 0
            ? try database.query(
                "SELECT leaf FROM event WHERE position > ? AND position <= ? ORDER BY position",
                .integer(first), .integer(last)
            )
            : try database.query(
                "SELECT root FROM tile WHERE level = ? AND number >= ? AND number < ? ORDER BY number",
                .integer(Int64(tile.level - 1)), .integer(first), .integer(last)
            )
        var hashes: [Hash256] = []
        hashes.reserveCapacity(Tile.width)
        try query.forEach { if let hash = $0.hash(0) { hashes.append(hash) } }
        return hashes
    }
}

extension TileStore {
    /// Whether a tile is stored as it must be.
    func matches(_ tile: Tile, root: Hash256, hashes: [Hash256]) throws -> Bool {
        try row(of: tile) { $0.hash(0) == root && $0.bytes(1) == hashes.flatMap(\.bytes) } ?? false
    }

    /// The root that the tree had when it was of a size, from the hashes that are kept.
    ///
    /// - Precondition: The tree is at least of that size now.
    func root(atSize size: Int) throws -> Hash256 {
        guard size > 0 else { return MerkleTree.emptyRoot }
        return try MerkleTree.root(of: 0..<size, from: tree(ofSize: size).hash(of:))
    }

    /// The tree as it was when it was of a size.
    ///
    /// - Precondition: The tree is at least of that size now.
    func tree(ofSize size: Int) -> TiledTree { TiledTree(size: size, leafHashes: leaves, tileHashes: hashes) }

    private func hashes(of tile: Tile) throws -> [Hash256] {
        let hashes = try row(of: tile) { row in
            row.withBytes(1) { bytes in
                stride(from: 0, to: bytes.count, by: Hash256.byteCount)
                    .compactMap { Hash256(bytes: bytes[$0..<min($0 + Hash256.byteCount, bytes.count)]) }
            }
        }
        guard let hashes, hashes.count == Tile.width else {
            throw ShipslogError(.tampered, "Tile \(tile.index) of level \(tile.level) is missing or damaged.")
        }
        return hashes
    }

    private func leaves(_ range: Range<Int>) throws -> [Hash256] {
        var leaves: [Hash256] = []
        try database.query(
            "SELECT leaf FROM event WHERE position > ? AND position <= ? ORDER BY position",
            .integer(Int64(range.lowerBound)), .integer(Int64(range.upperBound))
        ).forEach { if let leaf = $0.hash(0) { leaves.append(leaf) } }
        guard leaves.count == range.count else {
            throw ShipslogError(.tampered, "The events after position \(range.lowerBound) are not all there.")
        }
        return leaves
    }

    private func row<Value>(of tile: Tile, _ body: (Query.Row) throws -> Value) throws -> Value? {
        try database.query(
            "SELECT root, hashes FROM tile WHERE level = ? AND number = ?",
            .integer(Int64(tile.level)), .integer(Int64(tile.index))
        ).first(body)
    }
}
