import EventLedger
import Testing

@Suite("The hashes and roots of RFC 6962")
struct MerkleTreeTests {
    @Test("the published leaves have the published hashes")
    func leafHashes() throws {
        let vectors = try PublishedVectors.load()
        #expect(
            vectors.leavesHex
                == PublishedVectors.leaves.map { $0.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() })
        #expect(PublishedVectors.leaves.map { MerkleTree.leafHash(of: $0).hex } == vectors.leafHashes)
    }

    @Test("the published trees have the published roots")
    func roots() throws {
        let hashes = PublishedVectors.leaves.map { MerkleTree.leafHash(of: $0) }
        var frontier = Frontier()
        var roots = [frontier.root.hex]
        for hash in hashes {
            frontier.append(hash)
            roots.append(frontier.root.hex)
        }
        #expect(try roots == PublishedVectors.load().roots)
        #expect(roots == (0...8).map { definedRoot(hashes[..<$0]).hex })
    }

    @Test("leaf and node of text have the hashes that Certificate Transparency logs give")
    func transparencyLogVectors() throws {
        #expect(
            MerkleTree.leafHash(of: Array("L123456".utf8)).hex
                == "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56"
        )
        #expect(MerkleTree.emptyRoot.hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    }

    @Test("the frontier's root is the defined root, and survives encoding, for all sizes to 600")
    func frontierAgreesWithDefinition() throws {
        let hashes = numberedLeafHashes(600)
        var frontier = Frontier()
        for size in 0...600 {
            #expect(frontier.size == size)
            #expect(frontier.root == definedRoot(hashes[..<size]))
            #expect(frontier.subtreeRoots.count == size.nonzeroBitCount)
            #expect(Frontier(encoded: frontier.encoded) == frontier)
            if size < 600 { frontier.append(hashes[size]) }
        }
    }

    @Test("bytes that are no frontier are not read as one")
    func malformedFrontier() {
        var frontier = Frontier()
        for hash in numberedLeafHashes(5) { frontier.append(hash) }
        let encoded = frontier.encoded
        #expect(encoded.count == 8 + 2 * 32)
        for length in 0..<encoded.count { #expect(Frontier(encoded: encoded.prefix(length)) == nil) }
        #expect(Frontier(encoded: encoded + [0]) == nil)
        #expect(Frontier(encoded: encoded + encoded.suffix(32)) == nil)
        #expect(Frontier(encoded: [0xFF] + encoded.dropFirst()) == nil)
        #expect(Frontier(encoded: encoded.prefix(7) + [7] + encoded.dropFirst(8)) == nil)
    }

    @Test("a hash reads and writes 32 bytes or 64 digits, and nothing else")
    func hashForms() throws {
        let bytes = (0..<32).map { UInt8($0 * 8 + 7) }
        let hash = try #require(Hash256(bytes: bytes))
        #expect(hash.bytes == bytes)
        #expect(hash.hex.hasPrefix("070f171f") && hash.hex.hasSuffix("eff7ff"))
        #expect(Hash256(hex: hash.hex) == hash)
        #expect(Hash256(hex: hash.hex.uppercased()) == hash)
        #expect("\(hash)" == hash.hex)
        for malformed in [
            "", String(hash.hex.dropLast()), hash.hex + "0", "g" + hash.hex.dropFirst(), "é" + hash.hex.dropFirst(2),
        ] {
            #expect(Hash256(hex: malformed) == nil)
        }
        #expect(Hash256(bytes: bytes.dropLast()) == nil)
        #expect(Hash256(bytes: bytes + [0]) == nil)
    }
}
