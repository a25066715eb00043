/// Names and values under one another, as by `kubectl describe`.
enum FieldList {
    /// One line for each field, the values in one column.
    static func lines(_ fields: [(String, StyledText)]) -> [StyledText] {
        let width = fields.map { TerminalText.width(of: $0.0) }.max() ?? 0
        return fields.map { name, value in
            "\(name + ":", .faint)\("".padded(to: width + 3 - TerminalText.width(of: name)))\(value)"
        }
    }
}
