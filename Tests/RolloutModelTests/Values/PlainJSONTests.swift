import Foundation
import ShipslogTesting
import Testing

@testable import RolloutModel

@Suite("Plain JSON") struct PlainJSONTests {
    private static func slowly<Value: Decodable>(_ type: Value.Type, _ text: Data) -> Value? {
        try? JSONDecoder().decode(type, from: text)
    }

    @Test(
        "every line that was recorded is plain, and is what JSONDecoder makes of it",
        arguments: ["pods", "deployments"])
    func recordings(resource: String) throws {
        let text = try Data(contentsOf: Fixtures.url("kubernetes-1.20/\(resource).watch.jsonl"))
        let lines = text.split(separator: UInt8(ascii: "\n"))
        #expect(lines.count > 20)
        for line in lines.map({ Data($0) }).enumerated().filter({ $0.offset.isMultiple(of: 7) }).map(\.element) {
            let value = try #require(PlainJSON.value(of: line))
            #expect(value == Self.slowly(JSONValue.self, line))
        }
    }

    @Test(
        "what is read is what JSONDecoder reads",
        arguments: [
            "null", " true ", "\n[ ]\t", "{}", "[1, -2,0 , 999999999999999999]",
            #"{"a": {"b": [null, false, "c"]}, "d": ""}"#,
            #""ä 🚢 \" \\ \/ \b \f \n \r \t \u00e4 \u0000""#, "\"\u{7F}\"", #"{"\u0061": 1}"#,
        ])
    func plain(text: String) throws {
        let data = Data(text.utf8)
        let value = try #require(PlainJSON.value(of: data))
        #expect(value == Self.slowly(JSONValue.self, data))
    }

    @Test(
        "what is not plain is left to JSONDecoder, whether it is JSON or not",
        arguments: [
            "1.5", "1e3", "-0", "9999999999999999999", #"{"a": 1, "a": 2}"#, #""\ud83d\udea2""#,
            String(repeating: "[", count: 101) + String(repeating: "]", count: 101),
            "", " ", "nul", "truer", "01", "-", "+1", "1 2", "[1,]", "[1", "{\"a\"}", "{\"a\":}", "{a: 1}",
            "{\"a\": 1,}",
            "\"", "\"\\", "\"\\x\"", #""\u12""#, #""\u00g0""#, #""\u+123""#, "\"\u{1}\"", "'a'", "\u{FEFF}1", "NaN",
        ])
    func notPlain(text: String) throws {
        let data = Data(text.utf8)
        #expect(PlainJSON.value(of: data) == nil)
        #expect((try? CanonicalJSON.decode(JSONValue.self, from: data)) == Self.slowly(JSONValue.self, data))
    }

    @Test("a string that is no UTF-8 is not plain")
    func notUnicode() { #expect(PlainJSON.value(of: Data([0x22, 0xFF, 0x22])) == nil) }

    @Test("whatever bytes of a text are changed, what is still plain is read as JSONDecoder reads it")
    func changed() throws {
        let text = #"{"a":[1,-20,"b\n\u00e4",{"c":null}],"d":{"e":true,"f":"ä"}}"#
        try hold(JSONValue.self, of: text, times: 3_000)
    }

    @Test("and so is a type that wants only a part of it")
    func changedTypes() throws { try hold(Everything.self, of: Self.everything, times: 3_000) }

    /// Holds what is read of a text in which bytes are changed against what JSONDecoder reads of it.
    private func hold<Value: Decodable & Equatable>(_ type: Value.Type, of text: String, times: Int) throws {
        let text = Data(text.utf8)
        var random = SeededGenerator(seed: 1)
        var read = 0
        for _ in 0..<times {
            var changed = text
            for _ in 0...random.number(upTo: 2) {
                let index = Int(random.number(upTo: Int64(text.count - 1)))
                let byte = UInt8(truncatingIfNeeded: random.number(upTo: 255))
                changed[index] = random.number(upTo: 1) == 0 ? byte : text[Int(byte) % text.count]
            }
            guard let plain = PlainJSON.decode(type, from: changed) else { continue }
            read += 1
            #expect(plain == Self.slowly(type, changed), "\(String(decoding: changed, as: UTF8.self))")
        }
        #expect(read > times / 50)
    }

    private struct Everything: Codable, Equatable {
        var bool: Bool, text: String, int: Int, byte: UInt8, large: UInt64, double: Double
        var missing: Int?, null: Int?, list: [Int8], lists: [[String?]], map: [String: [String: Int]]
        var any: JSONValue, anys: [JSONValue], names: [String: String], kind: Kind, nested: [Part]

        enum Kind: String, Codable { case one, two }
        struct Part: Codable, Equatable { var id: Int? }
    }

    private static let everything = """
        {"bool": true, "text": "a", "int": -5, "byte": 255, "large": 7, "double": 3, "null": null, "list": [1, -1],
         "lists": [["a", null], []], "map": {"a": {"b": 1}}, "any": {"x": [1]}, "anys": [null, "s"],
         "names": {"a": "b", "c": "d"}, "kind": "two", "nested": [{"id": 1}, {}],
         "unknown": {"a": [{"b": "\\n"}], "c\\"d": -1}}
        """

    @Test("types are decoded as JSONDecoder decodes them")
    func types() throws {
        let data = Data(Self.everything.utf8)
        let value = try CanonicalJSON.decode(Everything.self, from: data)
        #expect(value == Self.slowly(Everything.self, data))
        #expect(value == PlainJSON.decode(Everything.self, from: data))
        #expect(value.map == ["a": ["b": 1]] && value.kind == .two && value.names == ["a": "b", "c": "d"])
    }

    private struct Forms: Codable, Equatable { var data: Data, date: Date, url: URL }

    @Test("what JSONDecoder has forms of its own for is left to it")
    func forms() throws {
        let text = Data(#"{"data": "AQI=", "date": 5, "url": "https://example.com"}"#.utf8)
        let value = try CanonicalJSON.decode(Forms.self, from: text)
        #expect(value.data == Data([1, 2]) && value.url.host() == "example.com")
        #expect(value == Self.slowly(Forms.self, text))
        #expect(PlainJSON.decode(Forms.self, from: text) == nil)
    }

    @Test(
        "what does not fit is refused with the error of JSONDecoder",
        arguments: [
            (#""byte": 255"#, #""byte": 256"#), (#""kind": "two""#, #""kind": "three""#), (#""text": "a", "#, ""),
            (#"{"id": 1}"#, #"{"id": "1"}"#), (#""list": [1, -1]"#, #""list": {}"#),
            (#""double": 3"#, #""double": "3""#),
            (#""a": {"b": 1}"#, #""a": {"b": null}"#), (#"true"#, "0"),
        ])
    func misfits(old: String, new: String) throws {
        let data = Data(Self.everything.replacing(old, with: new).utf8)
        func words(_ decode: () throws -> Everything) -> String {
            do { return "\(try decode())" } catch { return "\(error)" }
        }
        let said = words { try CanonicalJSON.decode(Everything.self, from: data) }
        #expect(said == words { try JSONDecoder().decode(Everything.self, from: data) })
        #expect(said.contains("Error"), "\(said)")
    }
}
