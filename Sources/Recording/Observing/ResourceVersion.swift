/// A resource version that can be compared with others of the same resource: a decimal number of any length.
///
/// - SeeAlso: <https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions>
package struct ResourceVersion: Comparable, Sendable {
    private let digits: String

    /// `nil` if the text is not a number; such versions can only be told apart.
    package init?(_ text: String) {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        let significant = text.drop { $0 == "0" }
        digits = String(significant)
    }

    package static func < (left: ResourceVersion, right: ResourceVersion) -> Bool {
        (left.digits.utf8.count, left.digits) < (right.digits.utf8.count, right.digits)
    }
}
