/// Versions of objects of one resource.
enum ResourceVersion {
    /// Whether one version is older than another; not if either is not a number.
    ///
    /// - SeeAlso: <https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions>
    static func isOlder(_ one: String, than other: String) -> Bool {
        guard isNumber(one), isNumber(other) else { return false }
        return one.utf8.count == other.utf8.count ? one < other : one.utf8.count < other.utf8.count
    }

    private static func isNumber(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.first != UInt8(ascii: "0")
            && text.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
    }
}
