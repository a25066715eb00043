import Foundation
import RolloutModel
import ShipslogTesting
import Testing

@Suite("Merge patches")
struct MergePatchTests {
    @Test(
        "the cases of RFC 7386, appendix A",
        arguments: [
            (#"{"a":"b"}"#, #"{"a":"c"}"#, #"{"a":"c"}"#), (#"{"a":"b"}"#, #"{"b":"c"}"#, #"{"a":"b","b":"c"}"#),
            (#"{"a":"b"}"#, #"{"a":null}"#, "{}"), (#"{"a":"b","b":"c"}"#, #"{"a":null}"#, #"{"b":"c"}"#),
            (#"{"a":["b"]}"#, #"{"a":"c"}"#, #"{"a":"c"}"#), (#"{"a":"c"}"#, #"{"a":["b"]}"#, #"{"a":["b"]}"#),
            (#"{"a":{"b":"c"}}"#, #"{"a":{"b":"d","c":null}}"#, #"{"a":{"b":"d"}}"#),
            (#"{"a":[{"b":"c"}]}"#, #"{"a":[1]}"#, #"{"a":[1]}"#), (#"["a","b"]"#, #"["c","d"]"#, #"["c","d"]"#),
            (#"{"a":"b"}"#, #"["c"]"#, #"["c"]"#), (#"{"a":"foo"}"#, #""bar""#, #""bar""#),
            (#"{"e":null}"#, #"{"a":1}"#, #"{"e":null,"a":1}"#), (#"[1,2]"#, #"{"a":"b","c":null}"#, #"{"a":"b"}"#),
            ("{}", #"{"a":{"bb":{"ccc":null}}}"#, #"{"a":{"bb":{}}}"#),
        ])
    func standard(origin: String, patch: String, result: String) throws {
        #expect(try MergePatch.apply(value(patch), to: value(origin)) == value(result))
    }

    @Test("the difference of two values, applied to the first, makes the second")
    func difference() {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<2_000 {
            let (origin, target) = (Self.random(3, &random), Self.random(3, &random))
            let patch = MergePatch.difference(from: origin, to: target)
            #expect((patch == nil) == (origin == target))
            #expect(patch.map { MergePatch.apply($0, to: origin) } ?? origin == target)
        }
    }

    private func value(_ text: String) throws -> JSONValue {
        try CanonicalJSON.decode(JSONValue.self, from: Data(text.utf8))
    }

    /// An object of few keys, so that two of them have much in common.
    private static func random(_ depth: Int, _ random: inout SeededGenerator) -> JSONValue {
        var members: [String: JSONValue] = [:]
        for key in ["a", "b", "c"] {
            switch random.number(upTo: depth > 0 ? 4 : 3) {
            case 0: break
            case 1: members[key] = .integer(random.number(upTo: 1))
            case 2: members[key] = .array([.integer(random.number(upTo: 1))])
            case 3: members[key] = "text"
            default: members[key] = Self.random(depth - 1, &random)
            }
        }
        return .object(members)
    }
}
