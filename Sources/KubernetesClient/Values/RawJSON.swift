/// Finds the parts of a JSON text without parsing what they hold.
///
/// It only looks for borders: whether a part is valid JSON shows when it is decoded.
struct RawJSON {
    /// The text.
    let bytes: UnsafeRawBufferPointer

    /// What is no JSON, or cut short.
    struct Malformed: Error {
        init() {}
    }

    /// Looks at a text, which must outlive this.
    init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// Where the values of an object's members are, by key, for the object in a part of the text.
    ///
    /// Keys with escapes in them are passed over: those that are looked for have none.
    func members(in range: Range<Int>) throws(Malformed) -> [String: Range<Int>] {
        var members: [String: Range<Int>] = [:]
        try forEachPart(in: range, between: UInt8(ascii: "{"), and: UInt8(ascii: "}")) { start throws(Malformed) in
            let keyEnd = try end(ofValueAt: start)
            let colon = skipSpace(from: keyEnd)
            guard colon < range.upperBound, bytes[colon] == UInt8(ascii: ":") else { throw Malformed() }
            let value = skipSpace(from: colon + 1)
            let valueEnd = try end(ofValueAt: value)
            if let key = string(in: start..<keyEnd) { members[key] = value..<valueEnd }
            return valueEnd
        }
        return members
    }

    /// Where the elements of an array are, for the array in a part of the text.
    func elements(in range: Range<Int>) throws(Malformed) -> [Range<Int>] {
        var elements: [Range<Int>] = []
        try forEachPart(in: range, between: UInt8(ascii: "["), and: UInt8(ascii: "]")) { start throws(Malformed) in
            let partEnd = try end(ofValueAt: start)
            elements.append(start..<partEnd)
            return partEnd
        }
        return elements
    }

    /// The text of a string without escapes; `nil` for anything else.
    func string(in range: Range<Int>) -> String? {
        guard range.count >= 2, bytes[range.lowerBound] == UInt8(ascii: "\"") else { return nil }
        let text = UnsafeRawBufferPointer(rebasing: bytes[range.lowerBound + 1..<range.upperBound - 1])
        return text.contains(UInt8(ascii: "\\")) ? nil : String(decoding: text, as: UTF8.self)
    }

    /// Calls for the start of each part between two brackets; the call says where the part ends.
    private func forEachPart(
        in range: Range<Int>, between open: UInt8, and close: UInt8, _ part: (Int) throws(Malformed) -> Int
    ) throws(Malformed) {
        var position = skipSpace(from: range.lowerBound)
        guard position < range.upperBound, bytes[position] == open else { throw Malformed() }
        position = skipSpace(from: position + 1)
        if position < range.upperBound, bytes[position] == close { return try requireEnd(position + 1, of: range) }
        while position < range.upperBound {
            position = skipSpace(from: try part(position))
            guard position < range.upperBound else { break }
            if bytes[position] == close { return try requireEnd(position + 1, of: range) }
            guard bytes[position] == UInt8(ascii: ",") else { break }
            position = skipSpace(from: position + 1)
        }
        throw Malformed()
    }

    /// What follows an object may be another, whose line's end was lost, so it is not passed over.
    private func requireEnd(_ position: Int, of range: Range<Int>) throws(Malformed) {
        guard skipSpace(from: position) >= range.upperBound else { throw Malformed() }
    }

    private func skipSpace(from start: Int) -> Int {
        var position = start
        while position < bytes.count, bytes[position] <= 0x20 { position += 1 }
        return position
    }

    private func end(ofValueAt start: Int) throws(Malformed) -> Int {
        guard start < bytes.count else { throw Malformed() }
        switch bytes[start] {
        case UInt8(ascii: "\""): return try end(ofStringAt: start)
        case UInt8(ascii: "{"), UInt8(ascii: "["): return try end(ofNestingAt: start)
        default:
            var position = start
            while position < bytes.count, bytes[position] > 0x20, !Self.borders.contains(bytes[position]) {
                position += 1
            }
            guard position > start else { throw Malformed() }
            return position
        }
    }

    private static let borders: [UInt8] = [UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]")]

    private func end(ofStringAt start: Int) throws(Malformed) -> Int {
        var position = start + 1
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""): return position + 1
            case UInt8(ascii: "\\"): position += 2
            default: position += 1
            }
        }
        throw Malformed()
    }

    private func end(ofNestingAt start: Int) throws(Malformed) -> Int {
        var depth = 0
        var position = start
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                position = try end(ofStringAt: position)
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 0 { return position + 1 }
            default:
                break
            }
            position += 1
        }
        throw Malformed()
    }
}
