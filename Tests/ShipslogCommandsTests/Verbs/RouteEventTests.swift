import EventLedger
import RolloutModel
import ShipslogTesting
import Testing

@testable import ShipslogCommands

@Suite("HTTPRoutes on the command line")
struct RouteEventTests {
    /// A ledger in which the traffic of a route was shared.
    private static func ledger() async throws -> TemporaryLedger {
        let temporary = try TemporaryLedger()
        let stream = StreamName(cluster: "prod", namespace: "shop", kind: "httproute", name: "web")
        func object(_ version: Int) -> ObjectVersion {
            ObjectVersion(
                kind: "HTTPRoute", namespace: "shop", name: "web", uid: "r1", resourceVersion: String(version))
        }
        let time = Timestamp(microseconds: testNow.microseconds - 60_000_000)
        let facts: [Fact] = [
            .routeCreated(
                RouteCreated(
                    object: object(1), createdAt: time,
                    rules: [RouteRule(matches: [], backends: [RouteRule.Backend(name: "web", weight: 1)])])),
            .routeWeightsChanged(
                RouteWeightsChanged(
                    object: object(2),
                    rules: [
                        RouteRule(
                            matches: ["header x-user-group: beta", "GET, PathPrefix /beta"],
                            backends: [RouteRule.Backend(name: "web-canary", weight: 1)]),
                        RouteRule(
                            matches: ["PathPrefix /"],
                            backends: [
                                RouteRule.Backend(name: "web", weight: 95),
                                RouteRule.Backend(namespace: "beta", name: "web-canary", weight: 5),
                            ]),
                        RouteRule(
                            matches: ["Exact /old"],
                            backends: [RouteRule.Backend(kind: "Bucket", name: "pages", weight: 0)]),
                        RouteRule(matches: ["Exact /gone"], backends: []),
                    ])),
            .routeDeleted(ObjectDeleted(object: object(3))),
        ]
        let events = try facts.enumerated().map { index, fact in
            try Event(
                id: .derived(from: ["route", String(index)]), stream: stream, fact: fact, occurredAt: time,
                origin: .recorder)
        }
        _ = try await temporary.ledger.append(try Workload(name: "shop").batch(0) + events)
        return temporary
    }

    @Test("events of a route are shown, and what its rules are in words")
    func events() async throws {
        let ledger = try await Self.ledger()
        let result = await shipslog(["events", "httproute/web", "-A"], ledger: ledger.path)
        #expect(result.status == 0, "\(result)")
        let lines = result.output.split(separator: "\n")
        let words = [
            "created, routes everything to web",
            "routing changed, routes header x-user-group: beta or GET, PathPrefix /beta to web-canary; "
                + "PathPrefix / to web 95, beta/web-canary 5; Exact /old to Bucket pages 0; Exact /gone to nobody",
            "deleted",
        ]
        #expect(lines.count == words.count, "\(result)")
        for (line, words) in zip(lines, words) {
            #expect(line.contains("httproute/web"))
            #expect(line.hasSuffix(words), "\(line)")
        }
        let all = await shipslog(["events", "httproutes", "-A", "-o", "name"], ledger: ledger.path)
        #expect(all.output.split(separator: "\n").count == 3, "\(all)")
    }

    @Test("it is offered where it is understood, and nowhere else; it has no rollouts")
    func names() async throws {
        let ledger = try await Self.ledger()
        #expect(
            await shipslog(["state", "httproute/web", "-A"], ledger: ledger.path).notices.contains(
                #""httproute" is not a type that has rollouts."#))
        let missing = await shipslog(["events", "httproute/cart", "-A"], ledger: ledger.path)
        #expect(missing.notices.contains("There is no httproute/cart in the ledger."), "\(missing)")
        #expect(missing.notices.contains("httproute/web"), "\(missing)")
    }
}
