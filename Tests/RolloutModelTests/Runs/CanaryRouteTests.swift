import RolloutModel
import Testing

@Suite("What an HTTPRoute is to be in a canary")
struct CanaryRouteTests {
    private static func backend(_ name: String, _ weight: Int64? = nil, port: Int64 = 80) -> JSONValue {
        var backend: JSONValue = ["name": .string(name), "port": .integer(port)]
        if let weight { backend["weight"] = .integer(weight) }
        return backend
    }

    private static func rules(
        of rules: JSONValue, at weight: Int, match: Canary.Route.Match? = nil
    ) -> JSONValue {
        Canary.Route(name: "web", uid: "r-1", rules: rules, canaryService: "web-canary", match: match)
            .rules(atWeight: weight, from: "web", in: "shop")
    }

    @Test("the second Service takes over its part of the first one's share, and all else stays")
    func weights() {
        let untouched: JSONValue = ["backendRefs": [Self.backend("static")], "filters": [["type": "URLRewrite"]]]
        let elsewhere: JSONValue = ["backendRefs": [["name": "web", "namespace": "other"], ["name": "a"]]]
        let bucket: JSONValue = ["backendRefs": [["name": "web", "kind": "Bucket"]]]
        let only: JSONValue = ["timeouts": ["request": "1s"], "backendRefs": [Self.backend("web", 7, port: 8080)]]
        let prepared: JSONValue = ["backendRefs": [Self.backend("web"), Self.backend("web-canary", 0)]]
        let shared: JSONValue = ["backendRefs": [Self.backend("old", 3), Self.backend("web", 2)]]
        let rules: JSONValue = [untouched, elsewhere, bucket, only, prepared, shared, [:]]
        #expect(
            Self.rules(of: rules, at: 5) == [
                untouched, elsewhere, bucket,
                [
                    "timeouts": ["request": "1s"],
                    "backendRefs": [Self.backend("web", 95, port: 8080), Self.backend("web-canary", 5, port: 8080)],
                ],
                ["backendRefs": [Self.backend("web", 95), Self.backend("web-canary", 5)]],
                ["backendRefs": [Self.backend("old", 300), Self.backend("web", 190), Self.backend("web-canary", 10)]],
                [:],
            ])
        #expect(
            Self.rules(of: rules, at: 100) == [
                untouched, elsewhere, bucket,
                ["timeouts": ["request": "1s"], "backendRefs": [Self.backend("web-canary", 100, port: 8080)]],
                ["backendRefs": [Self.backend("web-canary", 100)]],
                ["backendRefs": [Self.backend("old", 300), Self.backend("web-canary", 200)]],
                [:],
            ])
    }

    @Test("requests with the header go to the second Service by rules after all others, but for the last step")
    func header() {
        let rules: JSONValue = [
            ["backendRefs": [Self.backend("static")]],
            [
                "name": "cart",
                "matches": [
                    ["path": ["type": "Exact", "value": "/cart"]],
                    ["headers": [["name": "x-user-group", "value": "staff"]]],
                    ["method": "GET", "headers": [["name": "x-a", "value": "b"]]],
                ],
                "backendRefs": [Self.backend("web")],
            ],
            ["backendRefs": [Self.backend("web", 1, port: 81), Self.backend("old", 9)]],
            [
                "matches": [["headers": [["name": "X-User-Group", "value": "qa"]]]],
                "backendRefs": [Self.backend("web")],
            ],
        ]
        let match = Canary.Route.Match(header: "X-User-Group", value: "beta")
        let header: JSONValue = ["type": "Exact", "name": "X-User-Group", "value": "beta"]
        let without = Self.rules(of: rules, at: 10).array ?? []
        #expect(
            Self.rules(of: rules, at: 10, match: match)
                == .array(
                    without + [
                        [
                            "matches": [
                                ["path": ["type": "Exact", "value": "/cart"], "headers": [header]],
                                ["method": "GET", "headers": [["name": "x-a", "value": "b"], header]],
                            ],
                            "backendRefs": [Self.backend("web-canary", 1)],
                        ],
                        [
                            "matches": [["path": ["type": "PathPrefix", "value": "/"], "headers": [header]]],
                            "backendRefs": [Self.backend("web-canary", 1, port: 81)],
                        ],
                    ]))
        #expect(Self.rules(of: rules, at: 100, match: match) == Self.rules(of: rules, at: 100))
        let pattern = Canary.Route.Match(header: "Cookie", value: "^a=b$", isPattern: true)
        let last = Self.rules(of: [["backendRefs": [Self.backend("web")]]], at: 1, match: pattern).array?.last
        #expect(
            last?["matches"]?.array?.first?["headers"]
                == [["type": "RegularExpression", "name": "Cookie", "value": "^a=b$"]])
    }
}
