import Foundation
import RolloutModel
import ShipslogTesting
import Testing

@Suite struct EventIDTests {
    @Test("a derived id never changes: this one was computed with another UUIDv5 implementation")
    func derivedIsStable() {
        let id = EventID.derived(from: ["prod", "pod", "über", ""])
        #expect(id.description == "c80c238a-938b-5c72-be7c-548909d92946")
    }

    @Test("other parts give another id, also where the same text is cut elsewhere")
    func derivedIsUnambiguous() {
        let lists = [
            [], [""], ["", ""], ["ab", "c"], ["a", "bc"], ["abc"], ["a", "b", "c"], ["c", "b", "a"],
            ["1:a1:b", "c"], ["a", "1:b1:c"], ["1:a", "1:b", "1:c"],
        ]
        #expect(Set(lists.map(EventID.derived(from:))).count == lists.count)
    }

    @Test("ids of our own acts carry the millisecond and the version, and sort by time")
    func timeOrdered() throws {
        var generator = SeededGenerator(seed: 7)
        let start = try #require(Timestamp(rfc3339: "2026-11-23T05:54:07.123456Z"))
        let ids = (0..<1000).map { step in
            EventID.timeOrdered(at: Timestamp(microseconds: start.microseconds + step * 1000), using: &generator)
        }
        let milliseconds = ids[0].bytes.prefix(6).reduce(Int64(0)) { $0 << 8 | Int64($1) }
        #expect(milliseconds == start.microseconds / 1000)
        #expect(ids.allSatisfy { $0.bytes[6] >> 4 == 7 && $0.bytes[8] >> 6 == 0b10 })
        #expect(ids.map(\.description) == ids.map(\.description).sorted())
    }

    @Test("ids of the same millisecond differ")
    func timeOrderedIsUnique() {
        var generator = SeededGenerator(seed: 7)
        let ids = (0..<1000).map { _ in EventID.timeOrdered(at: Timestamp(microseconds: 0), using: &generator) }
        #expect(Set(ids).count == 1000)
    }

    @Test("text and bytes are read back, and nothing else is")
    func reads() throws {
        let text = "c80c238a-938b-5c72-be7c-548909d92946"
        let id = try #require(EventID(text))
        #expect(id.description == text)
        #expect(EventID(text.uppercased()) == id)
        #expect(EventID(bytes: id.bytes) == id)
        #expect(EventID("c80c238a-938b-5c72-be7c") == nil)
        #expect(EventID("") == nil)
        #expect(EventID(bytes: id.bytes.dropLast()) == nil)
        #expect(EventID(bytes: id.bytes + [0]) == nil)
    }

    @Test("JSON holds the text in lower case, and nothing else is read")
    func codes() throws {
        let id = EventID.derived(from: ["a"])
        let json = try CanonicalJSON.encode([id])
        #expect(String(decoding: json, as: UTF8.self) == "[\"\(id)\"]")
        #expect(try CanonicalJSON.decode([EventID].self, from: json) == [id])
        #expect(throws: DecodingError.self) { try CanonicalJSON.decode([EventID].self, from: Data(#"["x"]"#.utf8)) }
    }
}
