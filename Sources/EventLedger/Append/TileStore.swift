import Foundation
import GRDB
import RolloutModel

/// The full tiles of the Merkle tree, as the file keeps them.
struct TileStore {
    private let database: Database

    init(_ database: Database) {
        self.database = database
    }

    /// Makes a tile from what is below it, and stores it.
    ///
    /// - Precondition: Its 256 hashes are complete.
    func insert(_ tile: Tile) throws {
        let hashes = try hashesBelow(tile)
        guard hashes.count == Tile.width else {
            throw ShipslogError(.tampered, "The hashes below tile \(tile.index) of level \(tile.level) are not all there.")
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
