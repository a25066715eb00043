/// What a terminal makes of text.
enum TerminalText {
    /// The text with everything shown that a terminal would obey: cluster objects may hold any character.
    ///
    /// Control characters are written as by `kubectl` (`^[` for ESC); characters that turn the direction of writing, with
    /// which a line can pretend to be another, by their number.
    static func escape(_ text: String) -> String {
        // Plain ASCII is what nearly all text is, and looking at bytes is much faster than at characters.
        if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return text }
        guard text.unicodeScalars.contains(where: isActive) else { return text }
        var escaped = ""
        for scalar in text.unicodeScalars {
            if !isActive(scalar) {
                escaped.unicodeScalars.append(scalar)
            } else if scalar.value < 0x20, let caret = Unicode.Scalar(scalar.value + 0x40) {
                escaped += "^\(caret)"
            } else {
                escaped += "\\u{\(String(scalar.value, radix: 16))}"
            }
        }
        return escaped
    }

    private static func isActive(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case ..<0x20, 0x7F...0x9F, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    /// How many columns a text without control characters takes up in a terminal.
    static func width(of text: String) -> Int {
        // Finding characters and their categories takes many times as long as counting.
        var columns = 0
        for scalar in text.unicodeScalars {
            guard isPlain(scalar) else { return text.reduce(0) { $0 + width(of: $1) } }
            columns += 1
        }
        return columns
    }

    /// Whether it is always a character by itself that takes up one column: Latin letters, and arrows.
    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        (scalar.value < 0x300 && scalar.value != 0xAD) || (0x2190...0x21FF).contains(scalar.value)
    }

    private static func width(of character: Character) -> Int {
        if character.unicodeScalars.contains(where: isWide) { return 2 }
        guard let base = character.unicodeScalars.first else { return 0 }
        switch base.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control: return 0
        default: return 1
        }
    }

    /// East Asian Wide and Fullwidth.
    ///
    /// - SeeAlso: <https://www.unicode.org/reports/tr11/>
    private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
            0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF,
            0x20000...0x3FFFD:
            true
        default: false
        }
    }
}
