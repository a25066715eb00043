/// Finds the values of a plain JSON text, in one pass.
struct PlainJSONScanner {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0
    private var depth = 0
    private var nodes: [PlainJSON.Node] = []

    /// The values in the order in which they begin, each key before its value; `nil` if the text is not plain.
    static func nodes(of bytes: UnsafeRawBufferPointer) -> [PlainJSON.Node]? {
        guard bytes.count <= UInt32.max else { return nil }
        var scanner = PlainJSONScanner(bytes: bytes)
        guard scanner.value() else { return nil }
        scanner.skipSpace()
        return scanner.position == bytes.count ? scanner.nodes : nil
    }

    private init(bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
        // Compact JSON of objects has a value or a key for every twelve bytes or so.
        nodes.reserveCapacity(bytes.count / 12 + 4)
    }

    private static let deepest = 100

    private mutating func value() -> Bool {
        skipSpace()
        guard position < bytes.count else { return false }
        switch bytes[position] {
        case UInt8(ascii: "\""): return string()
        case UInt8(ascii: "{"): return nested(.object) { $0.members() }
        case UInt8(ascii: "["): return nested(.array) { $0.elements() }
        case UInt8(ascii: "t"): return word("true", .yes)
        case UInt8(ascii: "f"): return word("false", .no)
        case UInt8(ascii: "n"): return word("null", .null)
        default: return integer()
        }
    }

    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    /// Takes the next byte if it is the one that is looked for, after any space.
    private mutating func take(_ byte: UInt8) -> Bool {
        skipSpace()
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    /// Writes down a value that has nothing in it, and ends here.
    private mutating func add(_ kind: PlainJSON.Kind, from start: Int) {
        let next = UInt32(truncatingIfNeeded: nodes.count + 1)
        nodes.append(
            PlainJSON.Node(
                kind: kind, start: UInt32(truncatingIfNeeded: start), end: UInt32(truncatingIfNeeded: position),
                next: next
            ))
    }

    private mutating func nested(_ kind: PlainJSON.Kind, _ parts: (inout PlainJSONScanner) -> Bool) -> Bool {
        guard depth < Self.deepest else { return false }
        let index = nodes.count
        add(kind, from: position)
        depth += 1
        position += 1
        guard parts(&self) else { return false }
        depth -= 1
        nodes[index].end = UInt32(truncatingIfNeeded: position)
        nodes[index].next = UInt32(truncatingIfNeeded: nodes.count)
        return true
    }

    private mutating func members() -> Bool {
        if take(UInt8(ascii: "}")) { return true }
        repeat {
            skipSpace()
            guard position < bytes.count, bytes[position] == UInt8(ascii: "\""), string(), take(UInt8(ascii: ":")),
                value()
            else { return false }
        } while take(UInt8(ascii: ","))
        return take(UInt8(ascii: "}"))
    }

    private mutating func elements() -> Bool {
        if take(UInt8(ascii: "]")) { return true }
        repeat {
            guard value() else { return false }
        } while take(UInt8(ascii: ","))
        return take(UInt8(ascii: "]"))
    }

    private mutating func word(_ word: StaticString, _ kind: PlainJSON.Kind) -> Bool {
        let start = position
        position += word.utf8CodeUnitCount
        guard position <= bytes.count else { return false }
        add(kind, from: start)
        return bytes[start..<position].elementsEqual(
            UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
    }

    private mutating func integer() -> Bool {
        let start = position
        let isNegative = bytes[start] == UInt8(ascii: "-")
        if isNegative { position += 1 }
        let digits = position
        while position < bytes.count, bytes[position] &- UInt8(ascii: "0") < 10 { position += 1 }
        // With more digits it might not fit.
        guard (1...18).contains(position - digits) else { return false }
        guard bytes[digits] != UInt8(ascii: "0") || position == digits + 1 && !isNegative else { return false }
        add(.integer, from: start)
        // What makes a number of it that is not whole is nothing that may follow a value.
        return true
    }

    // MARK: Strings

    private mutating func string() -> Bool {
        position += 1
        let start = position
        var isEscaped = false
        var isASCII = true
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                let text = bytes[start..<position]
                if !isASCII, String(validating: text, as: UTF8.self) == nil { return false }
                if isEscaped, (try? Self.unescaped(UnsafeRawBufferPointer(rebasing: text))) == nil { return false }
                add(isEscaped ? .escapedString : .string, from: start)
                position += 1
                return true
            case UInt8(ascii: "\\"):
                isEscaped = true
                position += 2
            case 0..<0x20: return false
            case let byte:
                if byte >= 0x80 { isASCII = false }
                position += 1
            }
        }
        return false
    }

    /// The bytes that a text with escapes in it stands for.
    ///
    /// - Throws: ``PlainJSON/Mismatch`` if one of them is no plain escape.
    static func unescaped(_ text: UnsafeRawBufferPointer) throws(PlainJSON.Mismatch) -> [UInt8] {
        var plain: [UInt8] = []
        plain.reserveCapacity(text.count)
        var position = 0
        while position < text.count {
            guard text[position] == UInt8(ascii: "\\") else {
                plain.append(text[position])
                position += 1
                continue
            }
            let escape = position + 1
            guard escape < text.count else { throw PlainJSON.Mismatch() }
            position += 2
            switch text[escape] {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): plain.append(text[escape])
            case UInt8(ascii: "b"): plain.append(0x08)
            case UInt8(ascii: "f"): plain.append(0x0C)
            case UInt8(ascii: "n"): plain.append(0x0A)
            case UInt8(ascii: "r"): plain.append(0x0D)
            case UInt8(ascii: "t"): plain.append(0x09)
            case UInt8(ascii: "u"):
                position += 4
                guard position <= text.count else { throw PlainJSON.Mismatch() }
                let digits = String(decoding: text[escape + 1..<position], as: UTF8.self)
                // Halves of a pair are no scalars, and so not plain.
                guard digits.utf8.allSatisfy({ Unicode.Scalar($0).properties.isASCIIHexDigit }),
                    let scalar = UInt32(digits, radix: 16).flatMap(Unicode.Scalar.init)
                else { throw PlainJSON.Mismatch() }
                plain.append(contentsOf: String(Character(scalar)).utf8)
            default: throw PlainJSON.Mismatch()
            }
        }
        return plain
    }
}
