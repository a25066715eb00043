import RolloutModel

/// The values of an object's facets as they were last seen, in 16 bytes each whatever they say.
///
/// Only whether a value differs is ever asked, so digests do: the first 8 bytes of SHA-256, the same in every process, so
/// that a recorder can go on where another stopped.
struct FacetDigests: Codable, Sendable {
    /// Pairs of digests: of the key, and of the value.
    private var digests: [Int64]

    init(_ facets: [Facet]) {
        digests = facets.flatMap { [ShortDigest.of([$0.key]), ShortDigest.of($0.value)] }
    }

    init(from decoder: any Decoder) throws {
        digests = try decoder.singleValueContainer().decode([Int64].self)
        guard digests.count.isMultiple(of: 2) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "a digest is missing"))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(digests)
    }

    /// Whether a facet is new, the same as before, or another.
    enum Comparison { case new, same, changed }

    func compare(_ facet: Facet) -> Comparison {
        let key = ShortDigest.of([facet.key])
        let known = stride(from: 0, to: digests.count, by: 2).first { digests[$0] == key }
        guard let known else { return .new }
        return digests[known + 1] == ShortDigest.of(facet.value) ? .same : .changed
    }
}
