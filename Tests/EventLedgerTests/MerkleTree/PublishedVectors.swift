import EventLedger
import Foundation
import Testing

/// The reference leaves of RFC 6962 implementations, with every root and proof of the trees of one to eight of them.
struct PublishedVectors: Decodable {
    var leavesHex: [String]
    var leafHashes: [String]
    var roots: [String]
    var inclusion: [Inclusion]
    var consistency: [Consistency]

    struct Inclusion: Decodable {
        var index: Int
        var size: Int
        var proof: [String]
    }

    struct Consistency: Decodable {
        var from: Int
        var to: Int
        var proof: [String]
    }

    enum CodingKeys: String, CodingKey {
        case leavesHex = "leaves_hex"
        case leafHashes = "leaf_hashes"
        case roots, inclusion, consistency
    }

    static func load() throws -> PublishedVectors {
        let file = try #require(Bundle.module.url(forResource: "rfc6962-vectors", withExtension: "json"))
        return try JSONDecoder().decode(PublishedVectors.self, from: Data(contentsOf: file))
    }

    /// The bytes of the eight leaves.
    static let leaves: [[UInt8]] = [
        [], [0x00], [0x10], Array(0x20...0x21), Array(0x30...0x31), Array(0x40...0x43), Array(0x50...0x57),
        Array(0x60...0x6f),
    ]
}

/// The root as RFC 6962 section 2.1 defines it, word for word: slow, and written independently of what is tested.
func definedRoot(_ leafHashes: ArraySlice<Hash256>) -> Hash256 {
    if leafHashes.isEmpty { return MerkleTree.emptyRoot }
    if leafHashes.count == 1 { return leafHashes[leafHashes.startIndex] }
    var half = 1
    while half * 2 < leafHashes.count { half *= 2 }
    let middle = leafHashes.startIndex + half
    return MerkleTree.nodeHash(definedRoot(leafHashes[..<middle]), definedRoot(leafHashes[middle...]))
}

/// Leaf hashes that differ from one another.
func numberedLeafHashes(_ count: Int) -> [Hash256] {
    (0..<count).map { MerkleTree.leafHash(of: Array("leaf \($0)".utf8)) }
}

/// The subtree hashes of a list of leaf hashes, by the definition.
func definedHashes(of leafHashes: [Hash256]) -> (Subtree) -> Hash256 {
    { definedRoot(leafHashes[$0.leaves]) }
}
