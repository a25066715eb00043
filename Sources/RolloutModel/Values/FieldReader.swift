/// Reads a value that a person wrote, and says exactly where it is wrong.
///
/// Members that nothing asked for are errors too: a misspelt key must not pass for one that was left out.
package struct FieldReader {
    /// Where the value stands: `rules[2].exit.after`; empty for the whole.
    package let path: String
    private let members: [String: JSONValue]
    private var asked: Set<String> = []

    /// Reads an object.
    ///
    /// - Throws: ``ShipslogError`` with code `invalidArgument` if the value is none.
    package init(_ value: JSONValue, at path: String = "") throws {
        guard case .object(let members) = value else {
            throw Self.wrong(path, "must be an object, with keys and values")
        }
        self.path = path
        self.members = members
    }

    /// The value of a key; `nil` if it is absent or null.
    package mutating func value(_ key: String) -> JSONValue? {
        asked.insert(key)
        return members[key] == .null ? nil : members[key]
    }

    /// Whether the key is there.
    package func has(_ key: String) -> Bool { members[key].map { $0 != .null } ?? false }

    /// A text.
    package mutating func text(_ key: String) throws -> String? {
        try value(key).map { value in
            guard let text = value.string, !text.isEmpty else { throw wrong(key, "must be a text that is not empty") }
            return text
        }
    }

    /// `true` or `false`.
    package mutating func flag(_ key: String) throws -> Bool? {
        try value(key).map { value in
            guard case .bool(let flag) = value else { throw wrong(key, "must be true or false") }
            return flag
        }
    }

    /// A whole number of a range.
    package mutating func number(_ key: String, in range: ClosedRange<Int>) throws -> Int? {
        try value(key).map { value in
            guard let number = value.integer.flatMap({ Int(exactly: $0) }), range.contains(number) else {
                throw wrong(key, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
            }
            return number
        }
    }

    /// A length of time.
    package mutating func duration(_ key: String) throws -> Duration? {
        try value(key).map { value in
            guard let duration = value.string.flatMap({ DurationText.parse($0) }) else {
                throw wrong(key, "must be a length of time such as 500ms, 2s or 1m30s")
            }
            return duration
        }
    }

    /// Texts under keys of the person's own.
    package mutating func texts(_ key: String) throws -> [String: String]? {
        try value(key).map { value in
            guard case .object(let members) = value, members.values.allSatisfy({ $0.string != nil }) else {
                throw wrong(key, "must be keys with texts (quote what looks like a number)")
            }
            return members.compactMapValues(\.string)
        }
    }

    /// An object, read by `body`, which may not leave a member of it unread.
    package mutating func object<Value>(
        _ key: String, _ body: (inout FieldReader) throws -> Value
    ) throws -> Value? {
        try value(key).map { try Self.read($0, at: join(key), body) }
    }

    /// The elements of a list, each an object, read by `body`.
    package mutating func list<Value>(
        _ key: String, _ body: (inout FieldReader) throws -> Value
    ) throws -> [Value]? {
        try value(key).map { value in
            guard let elements = value.array else { throw wrong(key, "must be a list") }
            return try elements.enumerated().map { try Self.read($1, at: "\(join(key))[\($0)]", body) }
        }
    }

    /// Reads an object, and refuses members that `body` did not ask for.
    ///
    /// - Throws: ``ShipslogError`` with code `invalidArgument`, which says where.
    package static func read<Value>(
        _ value: JSONValue, at path: String = "", _ body: (inout FieldReader) throws -> Value
    ) throws -> Value {
        var reader = try FieldReader(value, at: path)
        let result = try body(&reader)
        if let surplus = reader.members.keys.filter({ !reader.asked.contains($0) }).min() {
            var error = ShipslogError(
                .invalidArgument, "There is no key \"\(surplus)\" \(path.isEmpty ? "at the top" : "in \(path)").",
                hint: "Known are: \(reader.asked.sorted().joined(separator: ", "))."
            )
            error.place = reader.join(surplus)
            throw error
        }
        return result
    }

    /// A document within the document; errors that its reader throws tell the place in the whole.
    package mutating func nested<Value>(_ key: String, _ read: (JSONValue) throws -> Value) throws -> Value? {
        guard let value = value(key) else { return nil }
        do {
            return try read(value)
        } catch var error as ShipslogError {
            error.message = "\(join(key)).\(error.message)"
            error.place = join(error.place.map { "\(key).\($0)" } ?? key)
            throw error
        }
    }

    /// What must be there.
    ///
    /// - Parameter read: Reads the value of the key.
    package mutating func required<Value>(
        _ key: String, _ read: (inout FieldReader, String) throws -> Value?
    ) throws -> Value {
        guard let value = try read(&self, key) else { throw wrong(key, "is missing") }
        return value
    }

    /// The error that something is wrong with the value of a key: `must be …`.
    package func wrong(_ key: String, _ what: String) -> ShipslogError { Self.wrong(join(key), what) }

    private static func wrong(_ path: String, _ what: String) -> ShipslogError {
        var error = ShipslogError(.invalidArgument, "\(path.isEmpty ? "The document" : path) \(what).")
        error.place = path
        return error
    }

    private func join(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
}
