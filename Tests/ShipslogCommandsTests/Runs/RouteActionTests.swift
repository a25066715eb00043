import RolloutEngine
import RolloutModel
import Testing

@Suite("What a run asks of an HTTPRoute")
struct RouteActionTests {
    private static let before: JSONValue = [
        ["backendRefs": [["name": "web", "port": 80]]], ["backendRefs": [["name": "cart", "port": 80]]],
    ]
    private static let wanted: JSONValue = [
        [
            "backendRefs": [
                ["name": "web", "port": 80, "weight": 90], ["name": "web-canary", "port": 80, "weight": 10],
            ]
        ],
        ["backendRefs": [["name": "cart", "port": 80]]],
        ["matches": [["headers": []]], "backendRefs": [["name": "web-canary", "port": 80]]],
    ]

    private func asked(of present: JSONValue) throws -> JSONValue? {
        try RolloutAction.route(name: "web", uid: "r-1", from: Self.before, to: Self.wanted).call(
            on: ["metadata": ["uid": "r-1", "resourceVersion": "7"], "spec": ["rules": present]], namespace: "n",
            by: .derived(from: ["run"]))?.body
    }

    @Test("what somebody has added to a rule meanwhile stays")
    func additions() throws {
        var present = Self.before
        var expected = Self.wanted
        if case .array(var rules) = present, case .array(var asked) = expected {
            rules[0]["timeouts"] = ["request": "2s"]
            asked[0]["timeouts"] = ["request": "2s"]
            (present, expected) = (.array(rules), .array(asked))
        }
        #expect(
            try asked(of: present) == ["metadata": ["resourceVersion": "7"], "spec": ["rules": expected]])
        #expect(
            try asked(of: Self.before) == ["metadata": ["resourceVersion": "7"], "spec": ["rules": Self.wanted]])
    }

    @Test("rules that somebody has changed meanwhile are left alone")
    func changes() {
        let error = #expect(throws: ShipslogError.self) {
            try asked(of: [["backendRefs": [["name": "other", "port": 80]]], Self.before.array?[1] ?? .null])
        }
        #expect(error?.message == "The rules of httproute/web were changed meanwhile.")
    }
}
