#if Network
    import EventLedger
    import Foundation
    import RolloutEngine
    import RolloutModel
    import ShipslogTesting
    import Testing

    @testable import ShipslogCommands

    /// A strategy with a good or a bad image, and what comes of it on whichever cluster.
    struct StrategyCase: CustomTestStringConvertible, Sendable {
        var before: [String] = []
        var arguments: [String]
        /// Of the subject.
        var kind: String
        var name: String
        var consequence: Consequence

        var testDescription: String { arguments.joined(separator: " ") }
        var usesRoute: Bool { arguments.contains("--route") }

        struct Consequence: Equatable, Sendable {
            var status: Int32
            /// What is printed at the end, durations left out.
            var output: String
            /// What the runner writes down, in order: how it begins and ends, and each call before and after it is made.
            var events: [String]
            /// The rollouts of the subject after the first.
            var story: [String]
            /// What is there at the end, by name.
            var objects: [String]
            /// The Services that had no ready endpoint for a while.
            var outages: [String] = []
        }

        static let all: [StrategyCase] = [
            StrategyCase(
                arguments: ["rolling", "deploy/web", "--image", "nginx:2"], kind: "deployment", name: "web",
                consequence: Consequence(
                    status: 0, output: "deploy/web@2 succeeded: 1 → 2\n", events: succeeded(call),
                    story: ["rollout 1→2 succeeded by alice"],
                    objects: objects(with: ["web: 2 of nginx:2 RollingUpdate"]))),
            StrategyCase(
                arguments: ["rolling", "deploy/web", "--image", "nginx:bad"], kind: "deployment", name: "web",
                consequence: Consequence(
                    status: 1, output: "deploy/web@3 is back at nginx:1\n", events: failed(call, back: call),
                    story: ["rollout 1→bad rolledBack by alice", "rollback bad→1 succeeded by alice"],
                    objects: objects(with: []))),
            StrategyCase(
                arguments: ["recreate", "deploy/web", "--image", "nginx:2"], kind: "deployment", name: "web",
                consequence: Consequence(
                    status: 0, output: "deploy/web@2 succeeded: 1 → 2; nothing served for a while\n",
                    events: succeeded(call), story: ["rollout 1→2 succeeded by alice"],
                    objects: objects(with: ["web: 2 of nginx:2 Recreate"]), outages: ["web"])),
            StrategyCase(
                arguments: ["recreate", "deploy/web", "--image", "nginx:bad"], kind: "deployment", name: "web",
                consequence: Consequence(
                    status: 1, output: "deploy/web@3 is back at nginx:1; nothing served for a while\n",
                    events: failed(call, back: call),
                    story: ["rollout 1→bad rolledBack by alice", "rollback bad→1 succeeded by alice"],
                    objects: objects(with: []), outages: ["web"])),
            StrategyCase(
                before: ["rolling", "deploy/web", "--image", "nginx:2"], arguments: ["rollback", "deploy/web"],
                kind: "deployment", name: "web",
                consequence: Consequence(
                    status: 0, output: "deploy/web@3 succeeded: 2 → 1\n", events: succeeded(call),
                    story: ["rollout 1→2 succeeded by alice", "rollback 2→1 succeeded by alice"],
                    objects: objects(with: []))),
            StrategyCase(
                arguments: ["replace", "pod/batch", "--image", "nginx:2"], kind: "pod", name: "batch",
                consequence: Consequence(
                    status: 0, output: "pod/batch@2 succeeded: 1 → 2; nothing served for a while\n",
                    events: succeeded(call + call), story: ["rollout 1→2 succeeded by alice"],
                    objects: objects(with: ["batch: nginx:2"]), outages: ["batch"])),
            StrategyCase(
                arguments: ["replace", "pod/batch", "--image", "nginx:bad"], kind: "pod", name: "batch",
                consequence: Consequence(
                    status: 1, output: "pod/batch@3 is back at nginx:1; nothing served for a while\n",
                    events: failed(call + call, back: call + call),
                    story: ["rollout 1→bad rolledBack by alice", "rollback bad→1 succeeded by alice"],
                    objects: objects(with: []), outages: ["batch"])),
            StrategyCase(
                arguments: ["blue-green", "--service", "cart", "--image", "nginx:2", "--keep", "1s"], kind: "service",
                name: "cart",
                consequence: Consequence(
                    status: 0, output: "svc/cart@1 succeeded: version=blue → version=green\n",
                    events: succeeded(call + call + call), story: ["rollout → succeeded by alice"],
                    objects: objects(with: [
                        "cart-blue: 0 of nginx:1 RollingUpdate", "cart-green: 2 of nginx:2 RollingUpdate",
                        "svc/cart: app=cart,version=green",
                    ]))),
            StrategyCase(
                arguments: ["blue-green", "--service", "cart", "--image", "nginx:bad"], kind: "service", name: "cart",
                consequence: Consequence(
                    status: 1, output: "svc/cart stays as it was\n", events: failed(call, back: call), story: [],
                    objects: objects(with: []))),
            StrategyCase(
                arguments: ["canary", "--stable", "deploy/web", "--image", "nginx:2"] + steps, kind: "deployment",
                name: "web",
                consequence: Consequence(
                    status: 0, output: "deploy/web has handed over to deploy/web-canary\n",
                    events: succeeded(step + step), story: [],
                    objects: objects(with: [
                        "web: 0 of nginx:1 RollingUpdate", "web-canary: 2 of nginx:2 RollingUpdate",
                    ]))),
            StrategyCase(
                arguments: ["canary", "--stable", "deploy/web", "--image", "nginx:bad"] + steps, kind: "deployment",
                name: "web",
                consequence: Consequence(
                    status: 1, output: "deploy/web serves alone again\n",
                    events: failed(["rollout.step_started"] + call, back: call), story: [],
                    objects: objects(with: []))),
            StrategyCase(
                arguments: ["canary", "--stable", "deploy/web", "--image", "nginx:2"] + steps + byRoute,
                kind: "deployment", name: "web",
                consequence: Consequence(
                    status: 0, output: "deploy/web has handed over to deploy/web-canary\n",
                    events: succeeded(stepByRoute + stepByRoute), story: [],
                    objects: objects(with: [
                        #"[{"backendRefs":[{"name":"web-canary","port":80,"weight":100}]}]"#,
                        "svc/web-canary: app=web-canary", "web: 0 of nginx:1 RollingUpdate",
                        "web-canary: 2 of nginx:2 RollingUpdate",
                    ]),
                    // The traffic goes past it.
                    outages: ["web"])),
            StrategyCase(
                arguments: ["canary", "--stable", "deploy/web", "--image", "nginx:bad"] + steps + byRoute,
                kind: "deployment", name: "web",
                consequence: Consequence(
                    status: 1, output: "deploy/web serves alone again\n",
                    events: failed(["rollout.step_started"] + call, back: call), story: [],
                    objects: objects(with: [#"[{"backendRefs":[{"name":"web","port":80}]}]"#]))),
        ]

        private static let steps = ["--steps", "50%", "--pause", "1s"]
        private static let byRoute = ["--route", "web", "--label", "app=web-canary"]
        private static let call = ["call.intended", "call.completed"]
        /// Both Deployments are scaled.
        private static let step = ["rollout.step_started"] + call + call + ["rollout.step_completed"]

        /// A Service for the new pods or the weights, the new pods, and the weights or the old pods.
        private static let stepByRoute = ["rollout.step_started"] + call + call + call + ["rollout.step_completed"]

        private static func succeeded(_ middle: [String]) -> [String] {
            ["rollout.started"] + middle + ["rollout.succeeded"]
        }

        private static func failed(_ middle: [String], back: [String]) -> [String] {
            ["rollout.started"] + middle + ["rollback.started"] + back + ["rollback.completed", "rollout.failed"]
        }

        /// What is there before, but for what is said to be otherwise.
        private static func objects(with changed: [String]) -> [String] {
            let before = [
                "batch: nginx:1", "cart-blue: 2 of nginx:1 RollingUpdate", "svc/batch: app=batch",
                "svc/cart: app=cart,version=blue", "svc/web: app=web", "web: 2 of nginx:1 RollingUpdate",
            ]
            func name(_ object: String) -> Substring { object.prefix { $0 != ":" } }
            let others = Set(changed.map(name))
            return (before.filter { !others.contains(name($0)) } + changed).sorted()
        }
    }

    @Suite(
        "Each strategy, with a good and a bad image",
        .enabled(if: ControlPlane.isWanted, "SHIPSLOG_SKIP_CLUSTER is set."))
    struct StrategyTests {
        private static let scenario = """
            \(SimulatedStage.deployment("web", "nginx:1", "app: web"))
            \(SimulatedStage.deployment("cart-blue", "nginx:1", "app: cart, version: blue"))
            apiVersion: v1
            kind: Pod
            metadata: {name: batch, labels: {app: batch}}
            spec: {containers: [{name: web, image: "nginx:1"}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec: {selector: {app: web}}
            ---
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata: {name: web}
            spec: {rules: [{backendRefs: [{name: web, port: 80}]}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: cart}
            spec: {selector: {app: cart, version: blue}}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: batch}
            spec: {selector: {app: batch}}
            ---
            apiVersion: shipslog/v1
            kind: PodBehaviours
            rules:
              - {match: {image: "*:bad"}, imagePull: {message: "manifest unknown"}}
              - {ready: {after: 1s}, termination: {after: 1s}}
            """

        @Test("on a cluster in memory", arguments: StrategyCase.all)
        func simulated(_ strategy: StrategyCase) async throws {
            let folder = try TemporaryFolder()
            let scenario = folder.file("scenario.yaml")
            try Data(Self.scenario.utf8).write(to: URL(fileURLWithPath: scenario))
            let stage = try SimulatedStage()
            if !strategy.before.isEmpty { _ = await stage.shipslog(["rollout"] + strategy.before, scenario: scenario) }
            let result = await stage.shipslog(
                ["rollout"] + strategy.arguments, scenario: strategy.before.isEmpty ? scenario : "")
            try await expect(
                result, of: strategy, stage.stream, on: stage.place(isNew: false).cluster, stage.ledger.ledger)
        }

        /// But for routes: Kubernetes 1.20, as built with a newer Go, breaks when it is to write a custom resource.
        @Test("on a real API server", arguments: StrategyCase.all.filter { !$0.usesRoute })
        func real(_ strategy: StrategyCase) async throws {
            try await RunStage().play { stage in
                try await stage.deploy("web")
                try await stage.deploy("cart-blue", labels: ["app": "cart", "version": "blue"])
                try await stage.makePod("batch", labels: ["app": "batch"])
                try await stage.serve("web", selecting: ["app": "web"])
                try await stage.serve("cart", selecting: ["app": "cart", "version": "blue"])
                try await stage.serve("batch", selecting: ["app": "batch"])
                if !strategy.before.isEmpty { _ = await stage.shipslog(["rollout"] + strategy.before) }
                let result = await stage.shipslog(["rollout"] + strategy.arguments)
                try await expect(result, of: strategy, stage.stream, on: stage.place.cluster, stage.ledger.ledger)
            }
        }

        private func expect(
            _ result: CommandResult, of strategy: StrategyCase, _ stream: (String, String) -> StreamName,
            on cluster: any Cluster, _ ledger: Ledger
        ) async throws {
            let subject = stream(strategy.kind, strategy.name)
            let run = try #require(await RunCatalog(ledger: ledger).newest(of: subject), "\(result)")
            let ending = try await RunEnding(of: run, on: cluster, in: subject.namespace, ledger)
            var outages: [String] = []
            for name in ["batch", "cart", "web"] {
                guard case .service(let service) = try ledger.state(of: stream("service", name)) else { continue }
                if service.outage != nil { outages.append(name) }
            }
            let consequence = StrategyCase.Consequence(
                status: result.status, output: result.output.replacing(#/for [0-9.ms]+\n/#, with: "for a while\n"),
                events: try await ledger.types(of: run), story: ending.story.filter { $0.hasSuffix(" by alice") },
                objects: ending.objects.sorted(), outages: outages)
            #expect(consequence == strategy.consequence, "\(result.notices)")
            #expect(ending.repeatedCalls == [])
            #expect(try ledger.verify().isSound)
        }
    }
#endif
