import Foundation
import RolloutModel
import Testing

@Suite struct JSONValueTests {
    @Test(
        "every kind of JSON is read for what it is and written as it came",
        arguments: [
            ("null", .null),
            ("true", .bool(true)),
            ("1", .integer(1)),
            ("0", .integer(0)),
            ("-9223372036854775808", .integer(.min)),
            ("9223372036854775807", .integer(.max)),
            ("1.5", .number(1.5)),
            (#""""#, .string("")),
            (#""1""#, .string("1")),
            (#""true""#, .string("true")),
            (#""a/b \"ü\" \n 🚢""#, .string("a/b \"ü\" \n 🚢")),
            ("[]", .array([])),
            ("{}", .object([:])),
            (
                #"{"a":[1,null,{"b":false}],"c":"d"}"#,
                .object(["a": .array([.integer(1), .null, .object(["b": .bool(false)])]), "c": .string("d")])
            ),
        ] as [(String, JSONValue)]
    )
    func roundTrip(text: String, value: JSONValue) throws {
        #expect(try CanonicalJSON.decode(JSONValue.self, from: Data(text.utf8)) == value)
        #expect(String(decoding: try CanonicalJSON.encode(value), as: UTF8.self) == text)
    }

    @Test("a number without a fraction is a whole number, however it is written")
    func wholeNumbers() throws {
        #expect(try CanonicalJSON.decode(JSONValue.self, from: Data("1.0".utf8)) == .integer(1))
        #expect(try CanonicalJSON.decode(JSONValue.self, from: Data("1e3".utf8)) == .integer(1000))
    }

    @Test("members are found by key and set, and what is no object has none")
    func subscripts() {
        var value: JSONValue = .object(["a": .object(["b": .integer(1)])])
        #expect(value["a"]?["b"] == .integer(1))
        #expect(value["a"]?["c"] == nil)
        value["a"] = .string("x")
        #expect(value == .object(["a": .string("x")]))
        value["a"] = nil
        #expect(value == .object([:]))
        var text: JSONValue = .string("x")
        text["a"] = .null
        #expect(text == .string("x"))
        #expect(text["a"] == nil)
    }

    @Test("each view shows its own kind only")
    func views() {
        let values: [JSONValue] = [
            .null, .bool(true), .integer(1), .number(1.5), .string("x"), .array([.null]), .object(["a": .null]),
        ]
        #expect(values.map(\.string) == [nil, nil, nil, nil, "x", nil, nil])
        #expect(values.map(\.integer) == [nil, nil, 1, nil, nil, nil, nil])
        #expect(values.map(\.array) == [nil, nil, nil, nil, nil, [.null], nil])
        #expect(values.map(\.object) == [nil, nil, nil, nil, nil, nil, ["a": .null]])
    }
}

@Suite struct CanonicalJSONTests {
    @Test("keys are sorted at every depth and slashes are left alone")
    func sortsKeys() throws {
        let value: JSONValue = .object([
            "b": .integer(1), "B": .integer(2), "a": .object(["10": .null, "9": .null, "ä": .null]),
            "/": .string("a/b"),
        ])
        let expected = #"{"/":"a/b","B":2,"a":{"10":null,"9":null,"ä":null},"b":1}"#
        #expect(String(decoding: try CanonicalJSON.encode(value), as: UTF8.self) == expected)
    }

    @Test("equal values have equal bytes, in whatever order they were made")
    func equalBytes() throws {
        let keys = (0..<200).map { "key-\($0)" }
        let forwards = Dictionary(uniqueKeysWithValues: keys.map { ($0, $0) })
        let backwards = Dictionary(uniqueKeysWithValues: keys.reversed().map { ($0, $0) })
        #expect(try CanonicalJSON.encode(forwards) == CanonicalJSON.encode(backwards))
    }

    @Test("a number that JSON has no form for is refused", arguments: [Double.nan, .infinity, -.infinity])
    func refuses(number: Double) {
        #expect(throws: EncodingError.self) { try CanonicalJSON.encode(JSONValue.number(number)) }
    }

    @Test("what is not JSON is refused", arguments: ["", "{", "{'a':1}", "nul", "1 2", "\u{0}"])
    func refuses(text: String) {
        #expect(throws: DecodingError.self) { try CanonicalJSON.decode(JSONValue.self, from: Data(text.utf8)) }
    }

    @Test("nesting beyond every measure is refused, not a crash")
    func refusesDepth() {
        let text = String(repeating: "[", count: 100_000)
        #expect(throws: DecodingError.self) { try CanonicalJSON.decode(JSONValue.self, from: Data(text.utf8)) }
    }
}
