import EventLedger
import Foundation
import RolloutEngine
import RolloutModel
import ShipslogTesting
import Testing

@testable import ShipslogCommands

@Suite("Canaries by the weights of an HTTPRoute on a cluster in memory")
struct SimulatedRouteTests {
    private let folder: TemporaryFolder
    private let scenario: String

    /// The shop, with a route to its two Services, and one to the cart alone.
    init() throws {
        folder = try TemporaryFolder()
        scenario = try SimulatedStage.scenario(
            with: """
                ---
                apiVersion: gateway.networking.k8s.io/v1
                kind: HTTPRoute
                metadata: {name: web}
                spec:
                  rules:
                    - matches: [{path: {type: PathPrefix, value: /cart}}]
                      backendRefs: [{name: cart, port: 8080}]
                    - backendRefs: [{name: web, port: 80}]
                ---
                apiVersion: gateway.networking.k8s.io/v1
                kind: HTTPRoute
                metadata: {name: cart}
                spec: {rules: [{backendRefs: [{name: cart, port: 8080}]}]}
                """, in: folder)
    }

    private static let canary = ["rollout", "canary", "--stable", "deploy/web"]
    private static let own = ["--route", "web", "--label", "app=web-canary"]

    /// What the route was told to do, and how many pods were wanted, in order.
    private func story(_ stage: SimulatedStage) async throws -> [String] {
        var told: [String] = []
        for try await event in stage.ledger.ledger.events() {
            switch try event.event.fact() {
            case .routeWeightsChanged(let fact):
                let rules = fact.rules.map { rule in
                    let shares = rule.backends.map { "\($0.name) \($0.weight)" }.joined(separator: ", ")
                    return (rule.matches + [shares]).joined(separator: " to ")
                }
                let actor = try stage.ledger.ledger.actor(of: event)
                told.append(rules.joined(separator: "; ") + " by \(actor?.name ?? "nobody")")
            case .deploymentScaled(let fact): told.append("\(fact.object.name): \(fact.replicas)")
            case .rolloutStepCompleted(let step): told.append("\(step.weight)%")
            default: break
            }
        }
        return told
    }

    private func services(_ stage: SimulatedStage) async throws -> [String] {
        try await stage.place(isNew: false).cluster.list(ClusterSelection(.services, namespace: "default")).map {
            let selector = ImageText.labels($0["spec"]?["selector"]?.strings ?? [:])
            return "\($0["metadata"]?["name"]?.string ?? ""): \(selector) \($0["spec"]?["ports"]?.array?.count ?? 0)"
        }
    }

    @Test("the weights are exact, the old pods stay to the end, and chosen users are first; and so back again")
    func good() async throws {
        let stage = try SimulatedStage()
        let good = await stage.shipslog(
            Self.canary + Self.own
                + ["--image", "nginx:2", "--steps", "1%,50%,100%", "--header", "x-user-group=beta"],
            scenario: scenario)
        #expect(good.status == 0, "\(good.notices)")
        #expect(good.output == "deploy/web has handed over to deploy/web-canary\n")
        let cart = "PathPrefix /cart to cart 1"
        let beta = "PathPrefix /, header x-user-group: beta to web-canary 1"
        let forward = [
            "\(cart); web 99, web-canary 1; \(beta) by alice", "1%", "web-canary: 2",
            "\(cart); web 50, web-canary 50; \(beta) by alice", "50%", "web-canary: 4",
            "\(cart); web-canary 100 by alice", "web: 0", "100%",
        ]
        #expect(try await story(stage) == forward)
        let ending = ["cart: app=cart,version=blue 1", "web: app=web 1", "web-canary: app=web-canary 1"]
        #expect(try await services(stage) == ending)

        let next = await stage.shipslog(
            ["rollout", "canary", "--stable", "deploy/web-canary", "--image", "nginx:3", "--route", "web"]
                + ["--steps", "100%"])
        #expect(next.status == 0, "\(next.notices)")
        #expect(
            try await story(stage) == forward + ["web: 4", "\(cart); web 100 by alice", "web-canary: 0", "100%"])
        #expect(try await services(stage) == ending)
        #expect(
            try await stage.ending(["web", "web-canary"], service: "web") == [
                "web: 4 of nginx:3", "web-canary: 0 of nginx:2", "web selects app=web",
            ])
        #expect(try stage.ledger.ledger.verify().isSound)
    }

    @Test(
        "on the way back the traffic is first, unless the old pods have gone; then they are",
        arguments: [
            (["--image", "nginx:bad"], []),
            (
                ["--image", "nginx:2", "--check", "false"],
                ["web 90, web-canary 10 by alice", "cart 1; web 1 by alice"]
            ),
            (
                ["--image", "nginx:2", "--check", "false", "--steps", "100%"],
                ["web-canary 100 by alice", "web: 0", "web: 4", "cart 1; web 1 by alice"]
            ),
        ] as [([String], [String])])
    func back(arguments: [String], story expected: [String]) async throws {
        let stage = try SimulatedStage()
        let result = await stage.shipslog(Self.canary + Self.own + arguments, scenario: scenario)
        #expect(result.status == 1)
        #expect(result.output == "deploy/web serves alone again\n")
        let story = try await story(stage)
        #expect(story.count == expected.count)
        for (told, expected) in zip(story, expected) { #expect(told.hasSuffix(expected), "\(story)") }
        #expect(try await services(stage) == ["cart: app=cart,version=blue 1", "web: app=web 1"])
        let cluster = try await stage.place(isNew: false).cluster
        let route = try await cluster.get(.httpRoutes, "web", namespace: "default")
        let port: JSONValue = ["name": "web", "port": 80]
        #expect(route?["spec"]?["rules"]?.array?.last == ["backendRefs": [port]])
        #expect(
            try await stage.ending(["web", "web-canary"], service: "web") == [
                "web: 4 of nginx:1.25", "web-canary: 0 of none", "web selects app=web",
            ])
    }

    @Test("a cookie is matched among others, letter by letter")
    func cookie() async throws {
        let stage = try SimulatedStage()
        let place = try await stage.place(isNew: true, scenario: scenario)
        let plan = try await stage.canary(
            ["--stable", "deploy/web", "--image", "nginx:2", "--cookie", "user.group=a+b"] + Self.own, on: place)
        guard case .canary(let canary) = plan.procedure, let match = canary.route?.match else {
            Issue.record("no match")
            return
        }
        #expect(match.header == "Cookie")
        #expect(match.isPattern)
        let pattern = try Regex(match.value)
        for cookie in ["user.group=a+b", "x=1; user.group=a+b", "user.group=a+b; y=2", "x=1; user.group=a+b; y=2"] {
            #expect(try pattern.wholeMatch(in: cookie) != nil, "\(cookie)")
        }
        for cookie in ["user.group=aab", "userxgroup=a+b", "user.group=a+bc", "my-user.group=a+b", ""] {
            #expect(try pattern.wholeMatch(in: cookie) == nil, "\(cookie)")
        }
    }

    @Test("rules that somebody changed meanwhile are left alone; what the API server filled in is no change")
    func meanwhile() throws {
        let before: JSONValue = [["backendRefs": [["name": "web", "weight": 1]]]]
        let wanted: JSONValue = [["backendRefs": [["name": "web", "weight": 90], ["name": "c", "weight": 10]]]]
        let action = RolloutAction.route(name: "web", uid: "r-1", from: before, to: wanted)
        let run = EventID.derived(from: ["run"])
        func call(_ rules: JSONValue, uid: String = "r-1") throws -> ClusterCall? {
            let object: JSONValue = [
                "metadata": ["name": "web", "uid": .string(uid), "resourceVersion": "7"], "spec": ["rules": rules],
            ]
            return try action.call(on: object, namespace: "shop", by: run)
        }
        let patch = ClusterCall(
            .patch, .httpRoutes, "web", namespace: "shop",
            body: ["metadata": ["resourceVersion": "7"], "spec": ["rules": wanted]])
        let filledIn: JSONValue = [["backendRefs": [["group": "", "kind": "Service", "name": "web", "weight": 1]]]]
        for present in [before, filledIn, wanted] { #expect(try call(present) == patch) }
        for other: JSONValue in [
            [], [["backendRefs": [["name": "web", "weight": 2]]]],
            [["backendRefs": [["name": "web", "weight": 1]]], [:]],
        ] {
            let error = try #require(throws: ShipslogError.self) { try call(other) }
            #expect(error.code == .conflict)
            #expect(error.message == "The rules of httproute/web were changed meanwhile.")
        }
        #expect(throws: ShipslogError.self) { try call(before, uid: "r-2") }
        #expect(throws: ShipslogError.self) { try action.call(on: nil, namespace: "shop", by: run) }
    }

    @Test("what cannot be done is said in a sentence, and nothing is changed")
    func refusals() async throws {
        let cases: [([String], Int32, String)] = [
            (
                ["--route", "shop"], 1,
                "There is no HTTPRoute shop in the namespace default of simulation.\nThere are cart, web."
            ),
            (
                ["--route", "cart", "--label", "app=web-canary"], 2,
                "httproute/cart sends nothing to a Service over the pods of deploy/web."
            ),
            (
                Self.own + ["--service", "cart"], 2,
                "httproute/web sends nothing to svc/cart over the pods of deploy/web."
            ),
            (
                ["--route", "web"], 2,
                "svc/web selects app=web, which the pods of deploy/web-canary would have too, so the weights of "
                    + "httproute/web would not be exact.\nHave the new pods differ in a label that it selects by: "
                    + "--label app=web-canary;"
            ),
            (["--header", "a=b"], 2, "--header and --cookie need --route"),
            (Self.own + ["--header", "a=b", "--cookie", "c=d"], 2, "--header and --cookie exclude each other."),
            (Self.own + ["--header", "beta"], 2, "\"beta\" is not KEY=VALUE."),
        ]
        for (arguments, status, words) in cases {
            let stage = try SimulatedStage()
            let result = await stage.shipslog(Self.canary + ["--image", "nginx:2"] + arguments, scenario: scenario)
            #expect(result.status == status, "\(arguments): \(result.notices)")
            #expect(result.notices.contains(words), "\(arguments): \(result.notices)")
            #expect(try stage.ledger.ledger.head().size == 0, "\(arguments)")
        }
    }

    @Test("a dry run shows what would be done to the route")
    func dryRun() async throws {
        let stage = try SimulatedStage()
        let result = await stage.shipslog(
            Self.canary + Self.own + ["--image", "nginx:2", "--dry-run", "client"], scenario: scenario)
        #expect(result.status == 0, "\(result.notices)")
        let calls = result.output.split(separator: "\n").filter { $0.hasPrefix("PATCH") || $0.hasPrefix("POST") }
        let (core, apps) = ("/api/v1/namespaces/default", "/apis/apps/v1/namespaces/default/deployments")
        let route = "PATCH /apis/gateway.networking.k8s.io/v1/namespaces/default/httproutes/web"
        #expect(
            calls.map(String.init) == [
                "POST \(apps)", "POST \(core)/services", route, "PATCH \(apps)/web-canary", route,
                "PATCH \(apps)/web-canary", route, "PATCH \(apps)/web",
            ])
    }
}
