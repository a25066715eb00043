/// Lengths of time as Kubernetes and Go write them: `500ms`, `2s`, `1m30s`, `2h`.
///
/// - SeeAlso: <https://pkg.go.dev/time#ParseDuration>
package enum DurationText {
    private static let units: [(name: String, microseconds: Int64)] = [
        ("h", 3_600_000_000), ("m", 60_000_000), ("s", 1_000_000), ("ms", 1000), ("us", 1),
    ]

    /// Reads whole numbers with units, the largest first, each at most once.
    ///
    /// - Returns: `nil` if the text is not so written, or is longer than 10,000 hours.
    package static func parse(_ text: some StringProtocol) -> Duration? {
        var rest = Substring(text)
        var total: Int64 = 0
        var unitsLeft = units[...]
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            let name = rest.dropFirst(digits.count).prefix { $0.isASCII && $0.isLetter }
            guard digits.count <= 12, let number = Int64(digits),
                let unit = unitsLeft.firstIndex(where: { $0.name == name })
            else { return nil }
            let (product, overflows) = number.multipliedReportingOverflow(by: units[unit].microseconds)
            guard !overflows, product <= limit - total else { return nil }
            total += product
            unitsLeft = units[(unit + 1)...]
            rest = rest.dropFirst(digits.count + name.count)
        }
        return .microseconds(total)
    }

    /// The shortest text that reads as the duration; what is below a microsecond is cut off.
    package static func format(_ duration: Duration) -> String {
        var rest = duration.wholeMicroseconds
        var text = ""
        for unit in units where rest >= unit.microseconds {
            text += "\(rest / unit.microseconds)\(unit.name)"
            rest %= unit.microseconds
        }
        return text.isEmpty ? "0s" : text
    }

    private static let limit: Int64 = 10_000 * 3_600_000_000
}

extension Duration {
    /// The duration in microseconds; what is below one is cut off.
    package var wholeMicroseconds: Int64 {
        components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
    }
}

extension Timestamp {
    /// The moment that much later.
    package static func + (time: Timestamp, duration: Duration) -> Timestamp {
        Timestamp(microseconds: time.microseconds + duration.wholeMicroseconds)
    }
}
