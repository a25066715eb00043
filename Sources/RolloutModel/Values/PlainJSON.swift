import Foundation

/// Where the values of a plain JSON text are: what API servers and Shipslog itself write, read at many times the speed of
/// `JSONDecoder`, and made into values no sooner and no further than somebody asks.
///
/// It never says what is wrong. What is not plain (numbers that are not short and whole, halves of surrogate pairs, deep
/// nesting, anything that is no JSON) it does not read, and leaves the judgment to `JSONDecoder`.
final class PlainJSON {
    /// A value, or the key of the value that follows it.
    struct Node {
        var kind: Kind
        /// Where its text begins; of a string after the quote.
        var start: UInt32
        /// Where its text ends; of a string before the quote.
        var end: UInt32
        /// The index of the node after this one and all that is in it.
        var next: UInt32
    }

    enum Kind: UInt8 {
        case null, no, yes, integer, string, escapedString, array, object
    }

    /// What is asked for is not what is there, or not to be told by plain means.
    struct Mismatch: Error {}

    private let bytes: UnsafeRawBufferPointer
    /// The values in the order in which they begin; the first is the whole.
    private let nodes: [Node]

    private init?(_ bytes: UnsafeRawBufferPointer) {
        guard let nodes = PlainJSONScanner.nodes(of: bytes) else { return nil }
        self.bytes = bytes
        self.nodes = nodes
    }

    /// Calls with a text that lasts as long as the call; `nil` if it is not plain.
    private static func read<Result>(_ text: Data, _ body: (PlainJSON) throws -> Result) -> Result? {
        text.withUnsafeBytes { bytes in
            PlainJSON(bytes).flatMap { try? body($0) }
        }
    }

    /// The value of a text; `nil` if it is not plain.
    static func value(of text: Data) -> JSONValue? { read(text) { try $0.value(at: 0) } }

    /// The value of a text as one of another type; `nil` if it is not plain, or does not fit.
    static func decode<Value: Decodable>(_ type: Value.Type, from text: Data) -> Value? {
        read(text) { try PlainJSONDecoder.decode(type, at: 0, of: $0) }
    }

    // MARK: Values

    func kind(at index: Int) -> Kind { nodes[index].kind }

    func value(at index: Int) throws -> JSONValue {
        switch nodes[index].kind {
        case .null: .null
        case .no: .bool(false)
        case .yes: .bool(true)
        case .integer: try .integer(integer(at: index))
        case .string, .escapedString: try .string(string(at: index))
        case .array: try .array(elements(at: index).map(value))
        case .object: try .object(dictionary(at: index, value))
        }
    }

    func bool(at index: Int) throws -> Bool {
        switch nodes[index].kind {
        case .no: false
        case .yes: true
        default: throw Mismatch()
        }
    }

    func integer<Value: FixedWidthInteger>(at index: Int) throws -> Value {
        guard nodes[index].kind == .integer else { throw Mismatch() }
        var number: Int64 = 0
        let text = text(at: index)
        let isNegative = text.first == UInt8(ascii: "-")
        for digit in text.dropFirst(isNegative ? 1 : 0) { number = number * 10 + Int64(digit &- UInt8(ascii: "0")) }
        guard let exact = Value(exactly: isNegative ? -number : number) else { throw Mismatch() }
        return exact
    }

    /// Plain JSON has whole numbers only.
    func double(at index: Int) throws -> Double {
        guard let exact = Double(exactly: try integer(at: index) as Int64) else { throw Mismatch() }
        return exact
    }

    func string(at index: Int) throws -> String {
        switch nodes[index].kind {
        case .string: return String(decoding: text(at: index), as: UTF8.self)
        case .escapedString: return String(decoding: try PlainJSONScanner.unescaped(text(at: index)), as: UTF8.self)
        default: throw Mismatch()
        }
    }

    /// The indices of the elements of an array.
    func elements(at index: Int) throws -> [Int] {
        guard nodes[index].kind == .array else { throw Mismatch() }
        var elements: [Int] = []
        var element = index + 1
        while element < nodes[index].next {
            elements.append(element)
            element = Int(nodes[element].next)
        }
        return elements
    }

    /// The members of an object, each value as it is read from its index.
    func dictionary<Value>(at index: Int, _ value: (Int) throws -> Value) throws -> [String: Value] {
        guard nodes[index].kind == .object else { throw Mismatch() }
        var members: [String: Value] = [:]
        var key = index + 1
        while key < nodes[index].next {
            guard members.updateValue(try value(key + 1), forKey: try string(at: key)) == nil else { throw Mismatch() }
            key = Int(nodes[key + 1].next)
        }
        return members
    }

    /// The keys of an object; nothing of anything else.
    func keys(at index: Int) -> [String] {
        guard nodes[index].kind == .object else { return [] }
        var keys: [String] = []
        var key = index + 1
        while key < nodes[index].next {
            // What was scanned as a key is a string.
            if let name = try? string(at: key) { keys.append(name) }
            key = Int(nodes[key + 1].next)
        }
        return keys
    }

    /// The index of the value of an object's member; `nil` if it has no such key.
    ///
    /// - Throws: ``Mismatch`` if it has several.
    func member(_ name: String, at index: Int) throws -> Int? {
        var name = name
        return try name.withUTF8 { name in
            var found: Int?
            var key = index + 1
            let end = Int(nodes[index].next)
            while key < end {
                if try has(name, at: key) {
                    guard found == nil else { throw Mismatch() }
                    found = key + 1
                }
                key = Int(nodes[key + 1].next)
            }
            return found
        }
    }

    private func has(_ name: UnsafeBufferPointer<UInt8>, at key: Int) throws -> Bool {
        let text = text(at: key)
        guard nodes[key].kind == .string else { return try PlainJSONScanner.unescaped(text).elementsEqual(name) }
        guard text.count == name.count, let there = text.baseAddress, let here = name.baseAddress else {
            return text.count == name.count
        }
        return memcmp(there, here, name.count) == 0
    }

    private func text(at index: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[Int(nodes[index].start)..<Int(nodes[index].end)])
    }
}
