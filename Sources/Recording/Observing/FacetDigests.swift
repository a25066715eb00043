/// The values of an object's facets as they were last seen, in 16 bytes each whatever they say.
///
/// Only whether a value differs is ever asked, so digests do: SipHash, keyed anew in each process, takes two different
/// values for the same once in 2⁶⁴ comparisons, and nobody outside of the process can look for such a pair.
struct FacetDigests: Sendable {
    private var digests: [(key: Int, value: Int)]

    init(_ facets: [Facet]) {
        digests = facets.map { ($0.key.hashValue, $0.value.hashValue) }
    }

    /// Whether a facet is new, the same as before, or another.
    enum Comparison { case new, same, changed }

    func compare(_ facet: Facet) -> Comparison {
        let key = facet.key.hashValue
        guard let known = digests.last(where: { $0.key == key }) else { return .new }
        return known.value == facet.value.hashValue ? .same : .changed
    }
}
