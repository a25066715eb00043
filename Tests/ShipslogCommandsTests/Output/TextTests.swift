import Foundation
import RolloutModel
import Testing

@testable import ShipslogCommands

@Suite("Words for times, images and documents")
struct TextTests {
    @Test(
        "durations have two units at most",
        arguments: [
            (0, "0s"), (0.25, "0.3s"), (9.5, "9.5s"), (59.6, "1m"), (185, "3m5s"), (7200, "2h"), (90_061, "1d1h"),
            (-185, "-3m5s"), (.infinity, "for ever"),
        ])
    func durations(seconds: Double, text: String) {
        #expect(TimeText.duration(seconds) == text)
    }

    @Test("a moment is relative for a week, then absolute")
    func moments() {
        let now = Timestamp(microseconds: 1_000_000 * 1_000_000)
        func moment(_ age: Int64, _ display: TimeDisplay) -> String {
            let time = Timestamp(microseconds: now.microseconds - age * 1_000_000 + 5)
            return TimeText.moment(time, now: now, display: display)
        }
        #expect(moment(185, .auto) == "3m5s ago")
        #expect(moment(700_000, .auto) == "1970-01-04 11:20:00Z")
        #expect(moment(700_000, .relative) == "8d2h ago")
        #expect(moment(185, .absolute) == "1970-01-12 13:43:35Z")
        #expect(moment(-60, .auto) == "1970-01-12 13:47:40Z")
        #expect(moment(-60, .relative) == "in 1m")
    }

    @Test("the absolute form can be given to --at again")
    func roundTrip() {
        let time = Timestamp(microseconds: 1_795_400_000_000_000)
        #expect(TimeArgument(argument: TimeText.absolute(time)) == .absolute(time))
    }

    @Test(
        "a change of images is told by the tags where that is enough",
        arguments: [
            (["nginx:1.26"], ["nginx:bad"], "1.26 → bad"),
            ([], ["nginx:1.25"], "nginx:1.25"),
            (["nginx"], ["nginx:1.25"], "latest → 1.25"),
            (["reg:5000/a/web:1"], ["reg:5000/a/web:2"], "1 → 2"),
            (["nginx:1"], ["httpd:1"], "nginx:1 → httpd:1"),
            (["a:1", "b:1"], ["a:1", "b:2"], "1 → 2"),
            (["a:1"], ["a:1", "b:2"], "a:1 → a:1,b:2"),
            (["a:1"], ["a:1"], "a:1"),
            (["a@sha256:0123456789abcdef0123"], ["a:2"], "sha256:0123456789ab → 2"),
        ])
    func images(old: [String], new: [String], text: String) {
        #expect(ImageText.change(from: old, to: new) == text)
    }

    @Test("a switch is told by the labels that differ")
    func selectors() {
        #expect(
            ImageText.change(from: ["app": "cart", "color": "blue"], to: ["app": "cart", "color": "green"])
                == "color=blue → color=green")
        #expect(ImageText.change(from: [:], to: ["app": "cart"]) == "<none> → app=cart")
    }

    private let document: JSONValue = [
        "b": .bool(true), "a": [1, "1", .null, .number(0.5), .number(2)], "empty": [:], "list": [],
        "t\u{1}": "x\u{1B}\n\"\\ü",
    ]

    @Test("JSON has sorted keys and no raw control characters")
    func json() throws {
        #expect(
            JSONText.line(document)
                == #"{"a":[1,"1",null,0.5,2],"b":true,"empty":{},"list":[],"t\u0001":"x\u001b\n\"\\ü"}"#)
        #expect(JSONText.pretty(["a": [1, 2], "b": [:]]) == "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": {}\n}")
        #expect(
            try CanonicalJSON.decode(JSONValue.self, from: Data(JSONText.pretty(document).utf8)) == [
                "b": .bool(true), "a": [1, "1", .null, .number(0.5), 2], "empty": [:], "list": [],
                "t\u{1}": "x\u{1B}\n\"\\ü",
            ])
    }

    @Test("YAML keeps texts apart that look like something else")
    func yaml() throws {
        let value: JSONValue = [
            "version": "1.26", "yes": "true", "no": .bool(false), "count": 3, "nothing": .null, "lines": "a\nb\n",
            "none": [],
        ]
        let lines = [
            "count: 3", "lines: |", "  a", "  b", "'no': false", "none: []", "nothing: null", "version: '1.26'",
            "'yes': 'true'", "",
        ]
        let actual = try YAMLText.document(value).split(separator: "\n", omittingEmptySubsequences: false).map(
            String.init)
        #expect(actual == lines)
    }

    @Test("a progress bar stays within its line")
    func progress() {
        #expect(
            ProgressBar.line(label: "importing", fraction: 0.5) == "importing  [###############...............]  50 %")
        #expect(ProgressBar.line(label: "importing", fraction: 7).hasSuffix("] 100 %".replacing("] ", with: "]  ")))
    }

    @Test("the difference of two texts is as diff -u prints it")
    func unifiedDiff() {
        let old = (1...20).map { "line \($0)" }
        var new = old
        new[1] = "line two"
        new.remove(at: 15)
        new.append("line 21")
        #expect(
            UnifiedDiff.lines(from: old, named: "a", to: new, named: "b").map { $0.rendered(colours: false) } == [
                "--- a", "+++ b",
                "@@ -1,5 +1,5 @@", " line 1", "-line 2", "+line two", " line 3", " line 4", " line 5",
                "@@ -13,8 +13,8 @@", " line 13", " line 14", " line 15", "-line 16", " line 17", " line 18", " line 19",
                " line 20", "+line 21",
            ])
        #expect(UnifiedDiff.lines(from: old, named: "a", to: old, named: "b") == [])
        #expect(
            UnifiedDiff.lines(from: [], named: "a", to: ["x"], named: "b").map { $0.rendered(colours: false) }
                == ["--- a", "+++ b", "@@ -0,0 +1 @@", "+x"])
    }
}
