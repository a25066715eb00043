import Foundation

/// Amounts as the API writes them: `500m`, `2`, `128Mi`.
///
/// - SeeAlso: <https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/>
package enum Quantity {
    private static let suffixes: [(String, Decimal)] = [
        ("Ki", Decimal(1 << 10)), ("Mi", Decimal(1 << 20)), ("Gi", Decimal(1 << 30)), ("Ti", Decimal(1 << 40)),
        ("Pi", Decimal(1 << 50)),
        ("m", Decimal(sign: .plus, exponent: -3, significand: 1)), ("k", 1000), ("M", 1_000_000),
        ("G", 1_000_000_000), ("T", 1_000_000_000_000), ("P", 1_000_000_000_000_000),
    ]

    /// Thousandths, rounded up; `nil` if it is no amount, or a negative one, or too large to be one of a node.
    package static func thousandths(_ value: JSONValue) -> Int64? { rounded(value, by: 1000) }

    /// Units, rounded up; `nil` as for ``thousandths(_:)``.
    package static func units(_ value: JSONValue) -> Int64? { rounded(value, by: 1) }

    private static func rounded(_ value: JSONValue, by factor: Decimal) -> Int64? {
        let text: String
        switch value {
        case .integer(let number): text = String(number)
        case .number(let number): text = String(number)
        case .string(let string): text = string
        default: return nil
        }
        let suffix = suffixes.first { text.hasSuffix($0.0) }
        let digits = text.dropLast(suffix?.0.count ?? 0)
        guard digits.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }),
            let number = Decimal(string: String(digits))
        else { return nil }
        var scaled = number * (suffix?.1 ?? 1) * factor
        var rounded = Decimal()
        NSDecimalRound(&rounded, &scaled, 0, .up)
        // Many of them can be added up.
        guard rounded < Decimal(Int64.max / 1000) else { return nil }
        return NSDecimalNumber(decimal: rounded).int64Value
    }
}
