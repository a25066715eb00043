import EventLedger
import Testing

@Suite("Tiles of 256 hashes")
struct TileTests {
    @Test("a tree of 70,000 leaves has 273 full tiles and a width of 112, then 1 and 17, then width 1")
    func seventyThousand() {
        #expect((0...2).map { Tile.fullCount(level: $0, size: 70_000) } == [273, 1, 0])
        #expect((0...2).map { Tile.partialWidth(level: $0, size: 70_000) } == [112, 17, 1])
    }

    @Test("a tree of 256 leaves has one full tile and a hash above it")
    func twoHundredAndFiftySix() {
        #expect((0...1).map { Tile.fullCount(level: $0, size: 256) } == [1, 0])
        #expect((0...1).map { Tile.partialWidth(level: $0, size: 256) } == [0, 1])
    }

    @Test("the widest tree has its numbers too")
    func largestSize() {
        #expect(Tile.fullCount(level: 6, size: .max) == 127)
        #expect(Tile.partialWidth(level: 7, size: .max) == 127)
        #expect(Tile.fullCount(level: 7, size: .max) == 0)
        #expect(Tile.partialWidth(level: 8, size: .max) == 0)
    }

    @Test("the tiles that fill up one by one are all the full tiles there are")
    func completedAddUp() {
        var full: [Tile] = []
        for size in 0...131_072 {
            let completed = Tile.completed(atSize: size)
            #expect(completed.allSatisfy { $0.fullFromSize == size })
            full += completed
        }
        #expect(full.filter { $0.level == 0 }.map(\.index) == Array(0..<512))
        #expect(full.filter { $0.level == 1 }.map(\.index) == [0, 1])
        #expect(full.count == 514)
        #expect(Tile.completed(atSize: 65_536) == [Tile(level: 0, index: 255), Tile(level: 1, index: 0)])
        #expect(Tile.completed(atSize: 1 << 56).count == 7)
    }

    @Test("a tile knows its hashes and its own place above")
    func subtrees() {
        let tile = Tile(level: 1, index: 2)
        #expect(tile.subtree(at: 3) == Subtree(level: 8, index: 515))
        #expect(tile.subtree(at: 3).leaves == 131_840..<132_096)
        #expect(tile.subtree == Subtree(level: 16, index: 2))
        #expect(tile.fullFromSize == 196_608)
    }

    @Test("hashes read through tiles are those of the definition", arguments: [1, 255, 256, 257, 66_000, 131_072])
    func tiledTree(size: Int) throws {
        let leaves = numberedLeafHashes(size)
        var levels = [leaves]
        while levels[levels.count - 1].count > 1 {
            let below = levels[levels.count - 1]
            levels.append(
                stride(from: 0, to: below.count - 1, by: 2).map { MerkleTree.nodeHash(below[$0], below[$0 + 1]) })
        }
        let tree = TiledTree(size: size) {
            Array(leaves[$0])
        } tileHashes: { tile in
            #expect(tile.fullFromSize <= size)
            return (0..<Tile.width).map { levels[tile.level * 8][tile.index * Tile.width + $0] }
        }
        for (level, hashes) in levels.enumerated() {
            for index in Set([0, 1, 2, 255, 256, hashes.count / 2, hashes.count - 1])
            where hashes.indices.contains(index) {
                #expect(try tree.hash(of: Subtree(level: level, index: index)) == hashes[index])
            }
        }
        var frontier = Frontier()
        for leaf in leaves { frontier.append(leaf) }
        let proof = try InclusionProof(index: size / 3, size: size, from: tree.hash)
        #expect(proof.verifies(leafHash: leaves[size / 3], root: frontier.root))
    }
}
