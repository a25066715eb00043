import Crypto

/// Digests of 8 bytes, for telling whether something is as it was.
package enum ShortDigest {
    /// The beginning of SHA-256 over texts, each preceded by its length.
    package static func of(_ texts: [String]) -> Int64 {
        var hash = SHA256()
        for text in texts { hash.update(data: Array("\(text.utf8.count):\(text)".utf8)) }
        return hash.finalize().prefix(8).reduce(0) { $0 << 8 | Int64($1) }
    }
}
