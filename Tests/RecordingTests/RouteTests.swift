import Foundation
import RolloutModel
import ShipslogTesting
import Testing

@testable import Recording

/// What is told of HTTPRoutes.
@Suite struct RouteTests {
    /// A watch line of a route whose first rule sends a share to the canary.
    private static func line(
        _ type: String = "MODIFIED", version: Int, canary: Int, labels: String = "{}", manager: String = "kubectl",
        apiVersion: String = "gateway.networking.k8s.io/v1"
    ) -> String {
        """
        {"type":"\(type)","object":{"apiVersion":"\(apiVersion)","kind":"HTTPRoute","metadata":{"name":"web",\
        "namespace":"shop","uid":"r1","resourceVersion":"\(version)","generation":\(version),"labels":\(labels),\
        "creationTimestamp":"2026-01-01T00:00:00Z","managedFields":[\
        {"manager":"kubectl-create","time":"2026-01-01T00:00:00Z","fieldsV1":{"f:spec":{"f:rules":{},"f:hostnames":{}}}},\
        {"manager":"\(manager)","time":"2026-01-01T00:0\(version):00Z","fieldsV1":{"f:spec":{"f:rules":{}}}},\
        {"manager":"gateway","subresource":"status","time":"2026-02-01T00:00:00Z","fieldsV1":{"f:status":{}}}]},\
        "spec":{"hostnames":["shop.example"],"parentRefs":[{"name":"edge"}],"rules":[\
        {"matches":[{"method":"GET","path":{"type":"PathPrefix","value":"/cart"},\
        "headers":[{"name":"x-user-group","type":"Exact","value":"beta"}],\
        "queryParams":[{"name":"try","type":"RegularExpression","value":"a|b"}]},{"path":{"value":"/"}}],\
        "backendRefs":[{"group":"","kind":"Service","name":"web","port":80,"weight":\(100 - canary)},\
        {"name":"web-canary","namespace":"shop","port":80,"weight":\(canary)}]},\
        {"backendRefs":[{"kind":"Bucket","namespace":"media","name":"pages"}]},{}]},\
        "status":{"parents":[]}}}
        """
    }

    private static func rules(canary: Int64) -> JSONValue {
        [
            [
                "matches": [
                    "GET, PathPrefix /cart, header x-user-group: beta, query parameter try: a|b (RegularExpression)",
                    "PathPrefix /",
                ],
                "backends": [
                    ["kind": "Service", "name": "web", "weight": .integer(100 - canary)],
                    ["kind": "Service", "name": "web-canary", "weight": .integer(canary)],
                ],
            ],
            ["matches": [], "backends": [["kind": "Bucket", "namespace": "media", "name": "pages", "weight": 1]]],
            ["matches": [], "backends": []],
        ]
    }

    /// Time, actor, stream, type and rules or labels of each event.
    private static func told(_ events: [Event]) throws -> [[JSONValue?]] {
        try events.map { event in
            let payload = try CanonicalJSON.decode(JSONValue.self, from: event.payload)
            return [
                .string(event.occurredAt.rfc3339), event.actor.map { .string($0.name) },
                .string(event.stream.description), .string(event.type.rawValue), payload["rules"] ?? payload["labels"],
            ]
        }
    }

    private static let team = #"{"team":"storefront"}"#
    private static let history = [
        line("ADDED", version: 1, canary: 0), line(version: 2, canary: 10, manager: "shipslog"),
        line(version: 3, canary: 10, labels: team), line(version: 4, canary: 50, labels: team),
        line("DELETED", version: 5, canary: 50, labels: team),
    ]

    private static func watch() throws -> [WatchEvent] {
        try history.map { try JSONDecoder().decode(WatchEvent.self, from: Data($0.utf8)) }
    }

    @Test("its rules are told as it is made and when they change, with who did it; its status is not")
    func observed() throws {
        var observer = Observer(cluster: "c", origin: .import)
        let events = try Self.watch().flatMap { try observer.observe($0) }
        let route: JSONValue = "c/shop/httproute/web"
        #expect(
            try Self.told(events) == [
                ["2026-01-01T00:00:00Z", "kubectl", route, "route.created", Self.rules(canary: 0)],
                ["2026-02-01T00:00:00Z", "shipslog", route, "route.weights_changed", Self.rules(canary: 10)],
                ["2026-02-01T00:00:00Z", nil, route, "route.labels_changed", ["team": "storefront"]],
                ["2026-02-01T00:00:00Z", "kubectl", route, "route.weights_changed", Self.rules(canary: 50)],
                ["2026-02-01T00:00:00Z", nil, route, "route.deleted", nil],
            ])
        #expect(events.allSatisfy { !$0.isInferred })
        let instances = events.map { SchemaValidator.Instance(schema: $0.type.rawValue, json: $0.payload) }
        #expect(try SchemaValidator.problems(in: instances) == [])
    }

    @Test("an observer that was away tells what it finds changed, under the ids of one that saw the same versions")
    func differentPasts() throws {
        func told(_ versions: [Int]) throws -> [Event] {
            var observer = Observer(cluster: "c", origin: .recorder)
            let watch = try Self.watch()
            return try versions.flatMap { try observer.observe(watch[$0 - 1]) }
        }
        let whole = try told([1, 2, 3, 4, 5])
        for (versions, shared) in [
            ([1, 4, 5], ["route.created", "route.weights_changed", "route.deleted"]),
            ([1, 3, 5], ["route.created", "route.labels_changed", "route.deleted"]),
            ([3, 4], ["route.labels_changed", "route.weights_changed"]),
        ] {
            let same = try told(versions).compactMap { event in
                whole.first { $0.id == event.id }.map { (event, $0) }
            }
            #expect(same.map(\.0.type.rawValue) == shared, "\(versions)")
            for (event, other) in same { #expect(event.payload == other.payload && event.stream == other.stream) }
        }
    }

    @Test("a saved stream of either version is imported", arguments: ["v1", "v1beta1"])
    func saved(version: String) async throws {
        let scratch = try Scratch()
        let lines = (1...3).map { number in
            Self.line(
                number == 1 ? "ADDED" : "MODIFIED", version: number, canary: number / 2,
                apiVersion: "gateway.networking.k8s.io/\(version)")
        }
        let path = try scratch.file("httproutes.watch.jsonl", lines.joined(separator: "\n"))
        let history = FoldedHistory()
        let summary = try await WatchImport(paths: [path], cluster: "c").run { try await history.append($0) }
        #expect(summary.brokenLines == [])
        #expect(summary.ignoredKinds == [:])
        let events = await history.events.map(\.event)
        #expect(
            events.map { "\($0.stream) \($0.type)" } == [
                "c/shop/httproute/web route.created", "c/shop/httproute/web route.weights_changed",
            ])
    }
}
