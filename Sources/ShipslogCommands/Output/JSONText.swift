import RolloutModel

/// JSON as it is printed: keys sorted, two spaces of indentation or all on one line, control characters as numbers.
enum JSONText {
    /// A document over several lines.
    static func pretty(_ value: JSONValue) -> String {
        var text = ""
        write(value, indentation: 0, to: &text)
        return text
    }

    /// A document on one line.
    static func line(_ value: JSONValue) -> String {
        var text = ""
        write(value, indentation: nil, to: &text)
        return text
    }

    private static func write(_ value: JSONValue, indentation: Int?, to text: inout String) {
        switch value {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .integer(let value): text += String(value)
        case .number(let value): text += number(value)
        case .string(let value): write(value, to: &text)
        case .array(let elements):
            writeGroup(elements, "[", "]", indentation, to: &text) { element, inner, text in
                write(element, indentation: inner, to: &text)
            }
        case .object(let members):
            let sorted = members.sorted { $0.key < $1.key }
            writeGroup(sorted, "{", "}", indentation, to: &text) { member, inner, text in
                write(member.key, to: &text)
                text += inner == nil ? ":" : ": "
                write(member.value, indentation: inner, to: &text)
            }
        }
    }

    private static func writeGroup<Element>(
        _ elements: [Element], _ open: String, _ close: String, _ indentation: Int?, to text: inout String,
        element write: (Element, Int?, inout String) -> Void
    ) {
        text += open
        let inner = indentation.map { $0 + 2 }
        for (index, element) in elements.enumerated() {
            if index > 0 { text += "," }
            if let inner { text += "\n" + String(repeating: " ", count: inner) }
            write(element, inner, &text)
        }
        if let indentation, !elements.isEmpty { text += "\n" + String(repeating: " ", count: indentation) }
        text += close
    }

    /// JSON has no form for infinity and NaN; `null` is what JavaScript writes for them.
    private static func number(_ value: Double) -> String {
        guard value.isFinite else { return "null" }
        return value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : value.description
    }

    private static func write(_ string: String, to text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\t": text += "\\t"
            case "\r": text += "\\r"
            case "\u{0}"..<" ", "\u{7F}"..."\u{9F}", "\u{2028}"..."\u{2029}":
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
