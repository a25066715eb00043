extension [String: String] {
    /// Whether this, as the selector of a Service, chooses what has these labels; an empty one chooses nothing.
    ///
    /// - SeeAlso: <https://kubernetes.io/docs/concepts/services-networking/service/#services-without-selectors>
    package func selects(_ labels: [String: String]) -> Bool { !isEmpty && allSatisfy { labels[$0.key] == $0.value } }
}
