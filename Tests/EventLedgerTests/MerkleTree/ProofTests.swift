import EventLedger
import Testing

@Suite("Inclusion and consistency proofs")
struct ProofTests {
    @Test("the published inclusion proofs are made and accepted")
    func publishedInclusion() throws {
        let vectors = try PublishedVectors.load()
        let leaves = PublishedVectors.leaves.map { MerkleTree.leafHash(of: $0) }
        #expect(vectors.inclusion.count == 36)
        for vector in vectors.inclusion {
            let proof = InclusionProof(index: vector.index, size: vector.size, from: definedHashes(of: leaves))
            #expect(proof.hashes.map(\.hex) == vector.proof)
            let root = try #require(Hash256(hex: vectors.roots[vector.size]))
            #expect(proof.verifies(leafHash: leaves[vector.index], root: root))
        }
    }

    @Test("the published consistency proofs are made and accepted")
    func publishedConsistency() throws {
        let vectors = try PublishedVectors.load()
        let leaves = PublishedVectors.leaves.map { MerkleTree.leafHash(of: $0) }
        #expect(vectors.consistency.count == 36)
        for vector in vectors.consistency {
            let proof = ConsistencyProof(oldSize: vector.from, newSize: vector.to, from: definedHashes(of: leaves))
            #expect(proof.hashes.map(\.hex) == vector.proof)
            let roots = try [vector.from, vector.to].map { try #require(Hash256(hex: vectors.roots[$0])) }
            #expect(proof.verifies(oldRoot: roots[0], newRoot: roots[1]))
        }
    }

    @Test(
        "the published shapes of proofs",
        arguments: [
            (InclusionShape(0, 7), "96a296d224f285c6 5f083f0a1a33ca07 837dbb152e9b0790"),
            (InclusionShape(6, 7), "0ebc5d3437fbe2db d37ee418976dd957"),
        ])
    func inclusionShape(shape: InclusionShape, expected: String) {
        let leaves = PublishedVectors.leaves.map { MerkleTree.leafHash(of: $0) }
        let proof = InclusionProof(index: shape.index, size: shape.size, from: definedHashes(of: leaves))
        #expect(proof.hashes.map { String($0.hex.prefix(16)) }.joined(separator: " ") == expected)
    }

    struct InclusionShape {
        var index: Int
        var size: Int
        init(_ index: Int, _ size: Int) { (self.index, self.size) = (index, size) }
    }

    @Test(
        "the published shapes of consistency proofs",
        arguments: [
            (3, 7, "0298d122906dcfc1 07506a85fd9dd2f1 fac54203e7cc696c 837dbb152e9b0790"),
            (4, 7, "837dbb152e9b0790"),
            (6, 8, "0ebc5d3437fbe2db ca854ea128ed050b d37ee418976dd957"),
        ])
    func consistencyShape(old: Int, new: Int, expected: String) {
        let leaves = PublishedVectors.leaves.map { MerkleTree.leafHash(of: $0) }
        let proof = ConsistencyProof(oldSize: old, newSize: new, from: definedHashes(of: leaves))
        #expect(proof.hashes.map { String($0.hex.prefix(16)) }.joined(separator: " ") == expected)
    }

    @Test("every inclusion proof of every size to 70 holds, and no altered one does")
    func inclusion() {
        let leaves = numberedLeafHashes(70)
        let roots = (0...70).map { definedRoot(leaves[..<$0]) }
        for size in 1...70 {
            for index in 0..<size {
                let proof = InclusionProof(index: index, size: size, from: definedHashes(of: leaves))
                #expect(proof.verifies(leafHash: leaves[index], root: roots[size]))
                for (kind, hashes) in Hostile.variants(of: proof.hashes, root: roots[size]) {
                    var altered = proof
                    altered.hashes = hashes
                    #expect(
                        !altered.verifies(leafHash: leaves[index], root: roots[size]), "\(kind) \(index) of \(size)")
                }
                for wrong in [index - 1, index + 1, index ^ 2, size, -1, .max] where wrong != index {
                    var altered = proof
                    altered.index = wrong
                    #expect(
                        !altered.verifies(leafHash: leaves[index], root: roots[size]), "index \(wrong) for \(index)")
                }
                for leaf in [Hostile.unrelated, MerkleTree.emptyRoot, roots[size]] where leaf != leaves[index] {
                    #expect(!proof.verifies(leafHash: leaf, root: roots[size]))
                }
                for root in [Hostile.unrelated, MerkleTree.emptyRoot, roots[size - 1]] {
                    #expect(!proof.verifies(leafHash: leaves[index], root: root))
                }
            }
        }
    }

    @Test("every consistency proof of every size to 70 holds, and no altered one does")
    func consistency() {
        let leaves = numberedLeafHashes(70)
        let roots = (0...70).map { definedRoot(leaves[..<$0]) }
        for new in 1...70 {
            for old in 1...new {
                let proof = ConsistencyProof(oldSize: old, newSize: new, from: definedHashes(of: leaves))
                #expect(proof.verifies(oldRoot: roots[old], newRoot: roots[new]))
                for (kind, hashes) in Hostile.variants(of: proof.hashes, root: roots[new]) {
                    var altered = proof
                    altered.hashes = hashes
                    #expect(!altered.verifies(oldRoot: roots[old], newRoot: roots[new]), "\(kind) \(old) to \(new)")
                }
                for root in [Hostile.unrelated, MerkleTree.emptyRoot] {
                    #expect(!proof.verifies(oldRoot: root, newRoot: roots[new]))
                    #expect(!proof.verifies(oldRoot: roots[old], newRoot: root))
                }
                if old != new { #expect(!proof.verifies(oldRoot: roots[new], newRoot: roots[old])) }
                for wrong in [old - 1, old + 1, old ^ 2, old * 2, old / 2, 0, -1, new + 1] where wrong != old {
                    var altered = proof
                    altered.oldSize = wrong
                    #expect(
                        !altered.verifies(oldRoot: roots[old], newRoot: roots[new]), "\(wrong) for \(old) to \(new)")
                }
            }
        }
    }

    @Test("a proof does not hold for a size at which it would have another shape")
    func wrongSizes() {
        let leaves = numberedLeafHashes(70)
        for size in [2, 3, 7, 8, 33, 64] {
            let root = definedRoot(leaves[..<size])
            let inclusion = InclusionProof(index: 1, size: size, from: definedHashes(of: leaves))
            for wrong in [0, -1, 1, size * 2, size / 2] {
                let moved = InclusionProof(index: 1, size: wrong, hashes: inclusion.hashes)
                #expect(!moved.verifies(leafHash: leaves[1], root: root))
            }
            let consistency = ConsistencyProof(oldSize: size, newSize: 70, from: definedHashes(of: leaves))
            for wrong in [0, -1, 1, size - 1, size, 140] {
                let moved = ConsistencyProof(oldSize: size, newSize: wrong, hashes: consistency.hashes)
                #expect(!moved.verifies(oldRoot: root, newRoot: definedRoot(leaves[...])), "\(size) to \(wrong)")
            }
        }
    }
}

/// What an attacker might hand over in place of a proof.
enum Hostile {
    /// A hash that occurs in no tree here.
    static let unrelated = MerkleTree.leafHash(of: Array("unrelated".utf8))

    /// Proofs that differ from the given one: shorter, longer, or with one hash changed.
    static func variants(of hashes: [Hash256], root: Hash256) -> [(kind: String, hashes: [Hash256])] {
        var variants: [(kind: String, hashes: [Hash256])] = [
            ("unrelated appended", hashes + [unrelated]),
            ("unrelated prepended", [unrelated] + hashes),
            ("root appended", hashes + [root]),
            ("root prepended", [root] + hashes),
            ("empty leaf appended", hashes + [MerkleTree.leafHash(of: [UInt8]())]),
        ]
        if !hashes.isEmpty {
            variants.append(("emptied", []))
            variants.append(("first removed", Array(hashes.dropFirst())))
            variants.append(("last removed", hashes.dropLast()))
            variants.append(("last repeated", hashes + hashes.suffix(1)))
        }
        for index in hashes.indices {
            var changed = hashes
            var bytes = changed[index].bytes
            bytes[index % 32] ^= 1 << UInt8(index % 8)
            changed[index] = Hash256(bytes: bytes) ?? unrelated
            variants.append(("bit flipped in \(index)", changed))
            changed = hashes
            changed.remove(at: index)
            variants.append(("removed \(index)", changed))
            changed = hashes
            changed.insert(unrelated, at: index)
            variants.append(("inserted at \(index)", changed))
            if index > 0, hashes[index] != hashes[index - 1] {
                changed = hashes
                changed.swapAt(index, index - 1)
                variants.append(("swapped \(index)", changed))
            }
        }
        return variants
    }
}
