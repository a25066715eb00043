import Foundation

/// Decodes types from a plain JSON text, of which it looks at what they want.
///
/// It agrees with `JSONDecoder` in what it decodes. Of what it does not, it says only that: the error is for nobody to read.
struct PlainJSONDecoder: Decoder {
    private typealias Mismatch = PlainJSON.Mismatch

    private let text: PlainJSON
    private let index: Int
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    private init(_ text: PlainJSON, _ index: Int) {
        self.text = text
        self.index = index
    }

    func container<Key>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard text.kind(at: index) == .object else { throw Mismatch() }
        return KeyedDecodingContainer(Members(text: text, index: index))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        Elements(text: text, elements: try text.elements(at: index))
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer { Single(text: text, index: index) }

    /// A value of any type, from the value at an index of a text.
    static func decode<Value: Decodable>(_ type: Value.Type, at index: Int, of text: PlainJSON) throws -> Value {
        if type == JSONValue.self, let value = try text.value(at: index) as? Value { return value }
        // These are most of what a dictionary is wanted for, and would ask for each of their keys.
        if type == [String: String].self, let value = try text.dictionary(at: index, text.string) as? Value {
            return value
        }
        // For these JSONDecoder has forms of its own.
        if type == Data.self || type == Date.self || type == URL.self || type == Decimal.self { throw Mismatch() }
        return try type.init(from: PlainJSONDecoder(text, index))
    }

    private struct Single: SingleValueDecodingContainer {
        let text: PlainJSON
        let index: Int
        var codingPath: [any CodingKey] { [] }

        func decodeNil() -> Bool { text.kind(at: index) == .null }
        func decode(_ type: Bool.Type) throws -> Bool { try text.bool(at: index) }
        func decode(_ type: String.Type) throws -> String { try text.string(at: index) }
        func decode(_ type: Double.Type) throws -> Double { try text.double(at: index) }
        func decode(_ type: Float.Type) throws -> Float { throw Mismatch() }
        func decode(_ type: Int.Type) throws -> Int { try text.integer(at: index) }
        func decode(_ type: Int8.Type) throws -> Int8 { try text.integer(at: index) }
        func decode(_ type: Int16.Type) throws -> Int16 { try text.integer(at: index) }
        func decode(_ type: Int32.Type) throws -> Int32 { try text.integer(at: index) }
        func decode(_ type: Int64.Type) throws -> Int64 { try text.integer(at: index) }
        func decode(_ type: UInt.Type) throws -> UInt { try text.integer(at: index) }
        func decode(_ type: UInt8.Type) throws -> UInt8 { try text.integer(at: index) }
        func decode(_ type: UInt16.Type) throws -> UInt16 { try text.integer(at: index) }
        func decode(_ type: UInt32.Type) throws -> UInt32 { try text.integer(at: index) }
        func decode(_ type: UInt64.Type) throws -> UInt64 { try text.integer(at: index) }
        func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
            try PlainJSONDecoder.decode(type, at: index, of: text)
        }
    }

    private struct Members<Key: CodingKey>: KeyedDecodingContainerProtocol {
        let text: PlainJSON
        let index: Int
        var codingPath: [any CodingKey] { [] }
        var allKeys: [Key] { text.keys(at: index).compactMap { Key(stringValue: $0) } }

        private func value(_ key: Key) throws -> Int {
            guard let value = try text.member(key.stringValue, at: index) else { throw Mismatch() }
            return value
        }

        /// Where the value of a key is, if it has one that is not null.
        private func present(_ key: Key) throws -> Int? {
            guard let value = try text.member(key.stringValue, at: index) else { return nil }
            return text.kind(at: value) == .null ? nil : value
        }

        /// A key that comes several times is there; what is asked of it next is refused.
        func contains(_ key: Key) -> Bool {
            do { return try text.member(key.stringValue, at: index) != nil } catch { return true }
        }
        func decodeNil(forKey key: Key) throws -> Bool { try text.kind(at: value(key)) == .null }
        func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try text.bool(at: value(key)) }
        func decode(_ type: String.Type, forKey key: Key) throws -> String { try text.string(at: value(key)) }
        func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try text.double(at: value(key)) }
        func decode(_ type: Float.Type, forKey key: Key) throws -> Float { throw Mismatch() }
        func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try text.integer(at: value(key)) }
        func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try text.integer(at: value(key)) }
        func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try text.integer(at: value(key)) }
        func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try text.integer(at: value(key)) }
        func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try text.integer(at: value(key)) }
        func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try text.integer(at: value(key)) }
        func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try text.integer(at: value(key)) }
        func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try text.integer(at: value(key)) }
        func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try text.integer(at: value(key)) }
        func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try text.integer(at: value(key)) }
        func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
            try PlainJSONDecoder.decode(type, at: value(key), of: text)
        }

        // Without these, each would look for its key three times.
        func decodeIfPresent(_ type: Bool.Type, forKey key: Key) throws -> Bool? { try present(key).map(text.bool) }
        func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? {
            try present(key).map(text.string)
        }
        func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? { try present(key).map(text.integer) }
        func decodeIfPresent<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value? {
            try present(key).map { try PlainJSONDecoder.decode(type, at: $0, of: text) }
        }

        func nestedContainer<Nested>(
            keyedBy type: Nested.Type, forKey key: Key
        ) throws -> KeyedDecodingContainer<Nested> {
            try PlainJSONDecoder(text, value(key)).container(keyedBy: type)
        }
        func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
            try PlainJSONDecoder(text, value(key)).unkeyedContainer()
        }
        func superDecoder() throws -> any Decoder { throw Mismatch() }
        func superDecoder(forKey key: Key) throws -> any Decoder { throw Mismatch() }
    }

    private struct Elements: UnkeyedDecodingContainer {
        let text: PlainJSON
        let elements: [Int]
        var codingPath: [any CodingKey] { [] }
        var count: Int? { elements.count }
        private(set) var currentIndex = 0
        var isAtEnd: Bool { currentIndex == elements.count }

        init(text: PlainJSON, elements: [Int]) {
            self.text = text
            self.elements = elements
        }

        /// Hands on the next element; one that does not fit stays the next.
        private mutating func next<Value>(_ read: (Int) throws -> Value) throws -> Value {
            guard !isAtEnd else { throw Mismatch() }
            let value = try read(elements[currentIndex])
            currentIndex += 1
            return value
        }

        mutating func decodeNil() throws -> Bool {
            guard !isAtEnd else { throw Mismatch() }
            guard text.kind(at: elements[currentIndex]) == .null else { return false }
            currentIndex += 1
            return true
        }
        mutating func decode(_ type: Bool.Type) throws -> Bool { try next(text.bool) }
        mutating func decode(_ type: String.Type) throws -> String { try next(text.string) }
        mutating func decode(_ type: Double.Type) throws -> Double { try next(text.double) }
        mutating func decode(_ type: Float.Type) throws -> Float { throw Mismatch() }
        mutating func decode(_ type: Int.Type) throws -> Int { try next(text.integer) }
        mutating func decode(_ type: Int8.Type) throws -> Int8 { try next(text.integer) }
        mutating func decode(_ type: Int16.Type) throws -> Int16 { try next(text.integer) }
        mutating func decode(_ type: Int32.Type) throws -> Int32 { try next(text.integer) }
        mutating func decode(_ type: Int64.Type) throws -> Int64 { try next(text.integer) }
        mutating func decode(_ type: UInt.Type) throws -> UInt { try next(text.integer) }
        mutating func decode(_ type: UInt8.Type) throws -> UInt8 { try next(text.integer) }
        mutating func decode(_ type: UInt16.Type) throws -> UInt16 { try next(text.integer) }
        mutating func decode(_ type: UInt32.Type) throws -> UInt32 { try next(text.integer) }
        mutating func decode(_ type: UInt64.Type) throws -> UInt64 { try next(text.integer) }
        mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
            let text = text
            return try next { try PlainJSONDecoder.decode(type, at: $0, of: text) }
        }

        mutating func nestedContainer<Nested>(
            keyedBy type: Nested.Type
        ) throws -> KeyedDecodingContainer<Nested> {
            let text = text
            return try next { try PlainJSONDecoder(text, $0).container(keyedBy: type) }
        }
        mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
            let text = text
            return try next { try PlainJSONDecoder(text, $0).unkeyedContainer() }
        }
        mutating func superDecoder() throws -> any Decoder { throw Mismatch() }
    }
}
