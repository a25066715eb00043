import Crypto
import Foundation

/// The hashes of an RFC 6962 Merkle tree over SHA-256.
///
/// A leaf and an inner node are hashed with different prefixes, so that neither can be passed off as the other.
///
/// - SeeAlso: <https://www.rfc-editor.org/rfc/rfc6962#section-2.1>
public enum MerkleTree {
    /// The root of the tree without leaves: the hash of nothing.
    public static let emptyRoot = Hash256(SHA256().finalize())

    /// The hash of a leaf: SHA-256 of a zero byte and the leaf's bytes.
    public static func leafHash(of bytes: some ContiguousBytes) -> Hash256 {
        var hash = SHA256()
        withUnsafeBytes(of: UInt8(0)) { hash.update(bufferPointer: $0) }
        bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
        return Hash256(hash.finalize())
    }

    /// The hash of an inner node: SHA-256 of a one byte and the hashes of its two children.
    public static func nodeHash(_ left: Hash256, _ right: Hash256) -> Hash256 {
        withUnsafeTemporaryAllocation(byteCount: 1 + 2 * Hash256.byteCount, alignment: 1) { buffer in
            buffer[0] = 1
            left.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: buffer[1..<33]).copyMemory(from: $0) }
            right.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: buffer[33...]).copyMemory(from: $0) }
            var hash = SHA256()
            hash.update(bufferPointer: UnsafeRawBufferPointer(buffer))
            return Hash256(hash.finalize())
        }
    }

    /// The root of a perfect subtree, from all its hashes at one level, left to right.
    ///
    /// - Precondition: There are 1, 2, 4, 8, … hashes.
    public static func root(ofPerfect hashes: some Collection<Hash256>) -> Hash256 {
        precondition(hashes.count.nonzeroBitCount == 1, "a perfect subtree has a power of two of hashes")
        var level = Array(hashes)
        while level.count > 1 {
            level = stride(from: 0, to: level.count, by: 2).map { nodeHash(level[$0], level[$0 + 1]) }
        }
        return level[0]
    }
}
