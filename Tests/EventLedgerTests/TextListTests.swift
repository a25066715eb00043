import Foundation
import RolloutModel
import ShipslogTesting
import Testing

@testable import EventLedger

@Suite struct TextListTests {
    @Test("a list is what JSON says it is, whatever stands in it, and comes back as it was")
    func roundTrip() throws {
        let texts = ["", "nginx:1.25", "a\"b", "\\", "\",\"", "[", "]", ",", "ä\n", "\u{1}", "/"]
        var generator = SeededGenerator(seed: 7)
        let lists =
            [[], [""], ["", ""]]
            + (0..<500).map { _ in
                (0..<Int.random(in: 0...4, using: &generator)).map { _ in texts.randomElement(using: &generator) ?? "" }
            }
        for list in lists {
            let text = try TextList.encode(list)
            #expect(try JSONDecoder().decode([String].self, from: Data(text.utf8)) == list)
            #expect(TextList.decode(text) == list)
        }
    }

    @Test("what is no list is none", arguments: ["", "[", "{}", "\"a\"\"", "[\"a\\"])
    func malformed(text: String) {
        #expect(TextList.decode(text) == nil)
    }
}
