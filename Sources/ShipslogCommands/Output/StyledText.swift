/// One line of text whose parts have a meaning: `"\(rollout.outcome.rawValue, .bad) after \(duration)"`.
///
/// What the parts mean becomes colour if colours are wanted, and only then; so the words must say it too.
struct StyledText: Equatable, ExpressibleByStringInterpolation {
    /// What a part means to a person.
    enum Tone: Equatable {
        case plain, good, active, waiting, bad, faint, strong

        /// The parameter of "Select Graphic Rendition".
        fileprivate var code: String? {
            switch self {
            case .plain: nil
            case .good: "32"
            case .active: "34"
            case .waiting: "33"
            case .bad: "31"
            case .faint: "2"
            case .strong: "1"
            }
        }
    }

    struct Part: Equatable {
        var text: String
        var tone: Tone
    }

    var parts: [Part]

    init(_ text: String, _ tone: Tone = .plain) {
        parts = [Part(text: text, tone: tone)]
    }

    init(parts: [Part]) {
        self.parts = parts
    }

    init(stringLiteral value: String) {
        self.init(value)
    }

    init(stringInterpolation: StringInterpolation) {
        parts = stringInterpolation.parts
    }

    struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var parts: [Part] = []

        init(literalCapacity: Int, interpolationCount: Int) {}

        mutating func appendLiteral(_ literal: String) {
            if !literal.isEmpty { parts.append(Part(text: literal, tone: .plain)) }
        }

        mutating func appendInterpolation(_ value: some CustomStringConvertible, _ tone: Tone = .plain) {
            parts.append(Part(text: value.description, tone: tone))
        }

        mutating func appendInterpolation(_ text: StyledText) {
            parts += text.parts
        }
    }

    static func + (left: StyledText, right: StyledText) -> StyledText {
        var sum = left
        sum.parts += right.parts
        return sum
    }

    /// Adds blanks to its end.
    mutating func pad(by columns: Int) {
        parts.append(Part(text: String(repeating: " ", count: columns), tone: .plain))
    }

    /// How many columns it takes up.
    var width: Int { parts.reduce(0) { $0 + TerminalText.width(of: TerminalText.escape($1.text)) } }

    /// The line as it is written to the terminal or file.
    func rendered(colours: Bool) -> String {
        var line = ""
        for part in parts {
            let text = TerminalText.escape(part.text)
            if colours, let code = part.tone.code, !text.isEmpty {
                line += "\u{1B}[\(code)m\(text)\u{1B}[0m"
            } else {
                line += text
            }
        }
        return line
    }

    /// The line, or as much of it as fits into so many columns.
    func cut(to columns: Int) -> StyledText {
        guard width > columns else { return self }
        var (copy, left) = (StyledText(parts: []), max(0, columns - 1))
        for part in parts {
            let text = TerminalText.escape(part.text)
            var piece = ""
            for character in text {
                let width = TerminalText.width(of: String(character))
                guard width <= left else {
                    copy.parts.append(Part(text: piece + "…", tone: part.tone))
                    return copy
                }
                piece.append(character)
                left -= width
            }
            copy.parts.append(Part(text: piece, tone: part.tone))
        }
        return copy
    }

    /// The same line with each part's text changed.
    func mapText(_ change: (String) -> String) -> StyledText {
        var copy = self
        copy.parts = parts.map { Part(text: change($0.text), tone: $0.tone) }
        return copy
    }
}
