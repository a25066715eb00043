import Foundation
import RolloutModel
import ShipslogTesting
import Testing

@testable import KubernetesClient

@Suite("the parts of a JSON text") struct RawJSONTests {
    /// The members of an object, each as its text.
    private func members(_ text: String) throws -> [String: String] {
        try Array(text.utf8).withUnsafeBytes { bytes in
            try RawJSON(bytes: bytes).members(in: 0..<bytes.count).mapValues {
                String(decoding: bytes[$0], as: UTF8.self)
            }
        }
    }

    private func elements(_ text: String) throws -> [String] {
        try Array(text.utf8).withUnsafeBytes { bytes in
            try RawJSON(bytes: bytes).elements(in: 0..<bytes.count).map { String(decoding: bytes[$0], as: UTF8.self) }
        }
    }

    private func string(_ text: String) -> String? {
        Array(text.utf8).withUnsafeBytes { RawJSON(bytes: $0).string(in: 0..<$0.count) }
    }

    @Test func borders() throws {
        #expect(try members("{}") == [:])
        #expect(try members(" {\n \"a\" : 1 , \"b\":[ {\"}\":\"]\"} ] } \r\n") == ["a": "1", "b": #"[ {"}":"]"} ]"#])
        #expect(
            try members(#"{"q":"\"}\\","n":-1.5e3,"t":true,"z":null,"o":{"a":{}},"é":"ü"}"#) == [
                "q": #""\"}\\""#, "n": "-1.5e3", "t": "true", "z": "null", "o": #"{"a":{}}"#, "é": #""ü""#,
            ])
        // Keys with escapes are passed over.
        #expect(try members(#"{"a\u0062":1,"c":2}"#) == ["c": "2"])
        #expect(try elements("[]") == [])
        #expect(
            try elements(#" [1, "a,b" ,[2,3],{"x":[4]},null ] "#) == ["1", #""a,b""#, "[2,3]", #"{"x":[4]}"#, "null"])
    }

    @Test func strings() {
        #expect(string(#""""#) == "")
        #expect(string(#""web-1é""#) == "web-1é")
        for other in [#""a\"b""#, "1", "null", "", "\""] { #expect(string(other) == nil) }
    }

    @Test(
        "what is no object, or more than one, is refused",
        arguments: [
            "", " ", "1", "\"a\"", "null", "{", "{\"a\"", "{\"a\":", "{\"a\":}", "{\"a\":1", "{\"a\":1,}",
            "{\"a\":1 \"b\":2}", "{\"a\" 1}", "{,}", "{\"a\":\"", "{\"a\":\"\\", "{\"a\":{}", "{\"a\":[}", "{}x",
            "{}{}",
            "{\"a\":1}{\"a\":2}", "{\"a\":1}\n]",
        ])
    func malformed(text: String) {
        #expect(throws: RawJSON.Malformed.self) { try members(text) }
        #expect(throws: RawJSON.Malformed.self) { try members("[\(text)]") }
        #expect(throws: RawJSON.Malformed.self) { try elements(text) }
    }

    @Test("the parts are those that a parser finds, and nothing that is cut short is taken", arguments: 0..<50)
    func parts(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var object: [String: JSONValue] = [:]
        for number in 0..<Int.random(in: 1...4, using: &random) {
            object["k\(number)"] = .random(depth: 3, using: &random)
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = Bool.random(using: &random) ? [.prettyPrinted] : []
        let text = String(decoding: try encoder.encode(JSONValue.object(object)), as: UTF8.self)
        let parts = try members(text).mapValues {
            try CanonicalJSON.decode([JSONValue].self, from: Data("[\($0)]".utf8))
        }
        #expect(parts == object.mapValues { [$0] })
        for length in 0..<text.utf8.count {
            #expect(throws: RawJSON.Malformed.self) {
                try Array(text.utf8.prefix(length)).withUnsafeBytes { bytes in
                    _ = try RawJSON(bytes: bytes).members(in: 0..<bytes.count)
                }
            }
        }
    }
}

extension JSONValue {
    fileprivate static func random(depth: Int, using random: inout SeededGenerator) -> JSONValue {
        let texts = ["", "a", "{", "}]", "\"", "\\", "\\\"", ",:", "é\u{1F6A2}", "\n\t", "/"]
        switch Int.random(in: 0..<(depth > 0 ? 6 : 4), using: &random) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &random))
        case 2: return .integer(Int64.random(in: -1000...1000, using: &random))
        case 3: return .string((0..<3).map { _ in texts.randomElement(using: &random) ?? "" }.joined())
        case 4:
            let count = Int.random(in: 0...3, using: &random)
            return .array((0..<count).map { _ in .random(depth: depth - 1, using: &random) })
        default:
            var members: [String: JSONValue] = [:]
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                members[texts.randomElement(using: &random) ?? ""] = .random(depth: depth - 1, using: &random)
            }
            return .object(members)
        }
    }
}
