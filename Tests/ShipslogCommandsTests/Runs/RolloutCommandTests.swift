#if Network
    import EventLedger
    import Foundation
    import KubernetesClient
    import RolloutModel
    import ShipslogTesting
    import Testing

    @testable import ShipslogCommands

    @Suite(
        "Carrying rollouts out on a real API server",
        .enabled(if: ControlPlane.isWanted, "SHIPSLOG_SKIP_CLUSTER is set."))
    struct RolloutCommandTests {
        @Test(
            "a Deployment is rolled forward, recreated and brought back, by whom and why, each call told before it is made"
        )
        func deployment() async throws {
            try await RunStage().play { stage in
                try await stage.deploy("web")
                let rolled = await stage.shipslog([
                    "rollout", "rolling", "deploy/web", "--image", "web=nginx:2", "--max-unavailable", "0",
                    "--max-surge", "1", "--reason", "release 2",
                ])
                #expect(rolled.status == 0)
                #expect(rolled.output == "deploy/web@2 succeeded: 1 → 2\n")
                let recreated = await stage.shipslog(["rollout", "recreate", "deploy/web", "--image", "nginx:3"])
                #expect(recreated.status == 0)
                #expect(recreated.notices.hasPrefix("warning: nothing serves from when the old pods go"))
                let back = await stage.shipslog(["rollout", "rollback", "deploy/web", "--to", "1"])
                #expect(back.status == 0)
                #expect(back.output == "deploy/web@4 succeeded: 3 → 1\n")

                #expect(
                    try stage.story("deployment", "web") == [
                        "rollout →1 succeeded", "rollout 1→2 succeeded", "rollout 2→3 succeeded",
                        "rollback 3→1 succeeded",
                    ])
                let rollouts = try stage.ledger.ledger.rollouts(
                    RolloutQuery(stream: stage.stream("deployment", "web")))
                let alice = Actor(name: "alice", evidence: .engine)
                #expect(rollouts.dropFirst().map(\.actor) == [alice, alice, alice])
                #expect(rollouts.map(\.strategy) == [.rollingUpdate, .rollingUpdate, .recreate, .recreate])
                #expect(rollouts[1].changeCause == "release 2")
                #expect(rollouts[1].lowestReady == 2)
                #expect(rollouts[3].restores == 1)
                #expect(
                    try await stage.engineEvents("deployment", "web").map(\.type.rawValue)
                        == Array(
                            repeating: [
                                "rollout.started", "call.intended", "call.completed", "rollout.succeeded",
                            ], count: 3
                        ).flatMap { $0 })
                #expect(try stage.ledger.ledger.verify().isSound)
            }
        }

        @Test("what fails is known at once and brought back, left, or paused, as it was asked for")
        func failure() async throws {
            try await RunStage().play { stage in
                for name in ["back", "left", "paused"] { try await stage.deploy(name) }
                let back = await stage.shipslog(["rollout", "rolling", "deploy/back", "--image", "nginx:bad"])
                #expect(back.status == 1)
                #expect(back.output == "deploy/back@3 is back at nginx:1\n")
                #expect(
                    back.notices.hasSuffix(
                        "error: The rollout of deploy/back failed: ImagePullBackOff: nginx:bad (1 of 1 new pod).\n"))
                #expect(
                    try stage.story("deployment", "back") == [
                        "rollout →1 succeeded", "rollout 1→bad rolledBack", "rollback bad→1 succeeded",
                    ])

                let left = await stage.shipslog([
                    "rollout", "rolling", "deploy/left", "--image", "nginx:bad", "--on-failure", "abort",
                ])
                #expect(left.status == 1)
                #expect(left.output == "deploy/left@2 was left at nginx:bad\n")
                #expect(try await stage.image(.deployments, "left") == "nginx:bad")

                let paused = await stage.shipslog([
                    "rollout", "rolling", "deploy/paused", "--image", "nginx:bad", "--on-failure", "pause",
                ])
                #expect(paused.status == 1)
                let object = try await stage.client.get(.deployments, "paused", namespace: stage.namespace).object()
                #expect(try object.value()["spec"]?["paused"] == true)
            }
        }

        @Test("a bare pod is replaced; one that does not come up is taken away, and the old one made again")
        func pod() async throws {
            try await RunStage().play { stage in
                try await stage.makePod("batch")
                let good = await stage.shipslog(["rollout", "replace", "pod/batch", "--image", "nginx:2"])
                #expect(good.status == 0)
                #expect(good.output == "pod/batch@2 succeeded: 1 → 2\n")
                let bad = await stage.shipslog(["rollout", "replace", "pod/batch", "--image", "nginx:bad"])
                #expect(bad.status == 1)
                #expect(bad.output == "pod/batch@4 is back at nginx:2\n")
                #expect(
                    try stage.story("pod", "batch") == [
                        "rollout →1 succeeded", "rollout 1→2 succeeded", "rollout 2→bad rolledBack",
                        "rollback bad→2 succeeded",
                    ])
                #expect(try await stage.image(.pods, "batch") == "nginx:2")
            }
        }

        @Test("what cannot be done is said in a sentence, and nothing is changed")
        func refusals() async throws {
            try await RunStage().play { stage in
                try await stage.deploy("web")
                try await stage.deploy("helmed", metadata: ["annotations": ["meta.helm.sh/release-name": "shop"]])
                let cases: [([String], Int32, String, ControlPlane.User)] = [
                    (
                        ["rolling", "deploy/wbe", "--image", "nginx:2"], 1,
                        "There is no Deployment wbe in the namespace \(stage.namespace) of test.\nThere are helmed, web.",
                        .admin
                    ),
                    (
                        ["rolling", "deploy/web", "--image", "app=nginx:2"], 1,
                        "There is no container app.\nThe containers are web.", .admin
                    ),
                    (
                        ["rolling", "deploy/web"], 2,
                        "Nothing is to change: give --image CONTAINER=IMAGE or -f FILE.", .admin
                    ),
                    (
                        ["rolling", "deploy/web", "--image", "nginx:2", "--max-surge", "0", "--max-unavailable", "0%"],
                        2,
                        "With --max-surge and --max-unavailable both 0 no pod could ever be replaced.", .admin
                    ),
                    (
                        ["rolling", "deploy/web", "--image", "nginx:2", "--max-surge", "101%"], 2,
                        #"--max-surge must be a number of pods or a percentage up to 100%, not "101%"."#, .admin
                    ),
                    (
                        ["rolling", "svc/web", "--image", "nginx:2"], 2,
                        #""svc/web" is no Deployment: name it deploy/web."#, .admin
                    ),
                    (
                        ["rolling", "deploy/helmed", "--image", "nginx:2"], 1,
                        "deploy/helmed is looked after by Helm, which may undo what is changed here.\nRelease it with Helm, or give --force.",
                        .admin
                    ),
                    (
                        ["rolling", "deploy/web", "--image", "nginx:2"], 1,
                        "does not allow it: ",
                        .viewer
                    ),
                    (
                        ["rollback", "deploy/web", "--to", "7"], 1,
                        "deploy/web has no revision 7; the ledger knows ",
                        .admin
                    ),
                    (
                        ["replace", "pod/nothing", "--image", "nginx:2"], 1, "There is no Pod nothing in the namespace",
                        .admin
                    ),
                ]
                for (arguments, status, words, user) in cases {
                    let result = await stage.shipslog(["rollout"] + arguments, as: user)
                    #expect(result.status == status, "\(arguments)")
                    #expect(result.notices.contains(words), "\(arguments): \(result.notices)")
                }
                #expect(try await stage.image(.deployments, "web") == "nginx:1")
                #expect(try await stage.image(.deployments, "helmed") == "nginx:1")
                #expect(try await RunCatalog(ledger: stage.ledger.ledger).open().isEmpty)
            }
        }

        @Test("a Service is switched to new pods and back; new pods that fail are taken away")
        func blueGreen() async throws {
            try await RunStage().play { stage in
                try await stage.deploy("shop-blue", labels: ["app": "shop", "version": "blue"])
                try await stage.serve("shop", selecting: ["app": "shop", "version": "blue"])
                let verb = ["rollout", "blue-green", "--service", "shop", "--keep", "1s"]
                let bad = await stage.shipslog(verb + ["--image", "nginx:bad"])
                #expect(bad.status == 1)
                #expect(bad.output == "svc/shop stays as it was\n")
                #expect(try await stage.client.list(.deployments, namespace: stage.namespace).objects.count == 1)
                let good = await stage.shipslog(verb + ["--image", "nginx:2", "--check", "true"])
                #expect(good.status == 0, "\(good)")
                #expect(good.output == "svc/shop@1 succeeded: version=blue → version=green\n")
                let back = await stage.shipslog(verb + ["--back"])
                #expect(back.status == 0, "\(back)")
                #expect(back.output == "svc/shop@2 succeeded: version=green → version=blue\n")
                guard case .service(let state) = try stage.ledger.ledger.state(of: stage.stream("service", "shop"))
                else {
                    Issue.record("no state of the Service")
                    return
                }
                #expect(state.outage == nil)
                #expect(state.selector == ["app": "shop", "version": "blue"])
                let rollouts = try stage.ledger.ledger.rollouts(RolloutQuery(stream: stage.stream("service", "shop")))
                #expect(rollouts.map(\.outcome) == [.succeeded, .succeeded])

                // What went between two runs nobody saw go.
                let green = try await stage.client.get(.deployments, "shop-green", namespace: stage.namespace).object()
                _ = try await stage.place.cluster.perform(
                    .delete(.deployments, "shop-green", namespace: stage.namespace, uid: green.uid))
                try await eventually("deploy/shop-green is gone") {
                    try await stage.client.list(.deployments, namespace: stage.namespace).objects.count == 1
                }
                let again = await stage.shipslog(verb + ["--image", "nginx:3"])
                #expect(again.status == 0, "\(again)")
                #expect(again.output == "svc/shop@3 succeeded: version=blue → version=green\n")
            }
        }

        @Test("a canary takes over step by step; one that fails is taken away, and the old pods are all there")
        func canary() async throws {
            try await RunStage().play { stage in
                try await stage.deploy("web", replicas: 4)
                try await stage.serve("web", selecting: ["app": "web"])
                let verb = ["rollout", "canary", "--stable", "deploy/web", "--steps", "25%,50%", "--pause", "1s"]
                let bad = await stage.shipslog(verb + ["--image", "nginx:bad"])
                #expect(bad.status == 1)
                #expect(bad.output == "deploy/web serves alone again\n")
                #expect(try await stage.client.list(.deployments, namespace: stage.namespace).objects.count == 1)
                let good = await stage.shipslog(verb + ["--image", "nginx:2"])
                #expect(good.status == 0, "\(good)")
                #expect(good.output == "deploy/web has handed over to deploy/web-canary\n")
                guard case .service(let state) = try stage.ledger.ledger.state(of: stage.stream("service", "web"))
                else {
                    Issue.record("no state of the Service")
                    return
                }
                #expect(state.outage == nil)
                let replicas = try await stage.place.cluster.list(
                    ClusterSelection(.deployments, namespace: stage.namespace)
                ).map { $0["spec"]?["replicas"] }
                #expect(replicas == [0, 4])
            }
        }

        @Test("a dry run says what it would ask, without a secret, and changes nothing")
        func dryRun() async throws {
            try await RunStage().play { stage in
                try await stage.deploy("web")
                for place in ["client", "server"] {
                    let result = await stage.shipslog([
                        "rollout", "rolling", "deploy/web", "--image", "nginx:2", "--dry-run", place,
                    ])
                    #expect(result.status == 0)
                    #expect(
                        result.output.hasPrefix(
                            "PATCH /apis/apps/v1/namespaces/\(stage.namespace)/deployments/web\nmetadata:\n"))
                    #expect(result.notices == "set deploy/web to nginx:2 (\(place) dry run)\n")
                }
                #expect(try await stage.image(.deployments, "web") == "nginx:1")
                #expect(try await stage.engineEvents("deployment", "web") == [])
            }
        }
    }

    extension RunStage {
        /// What the engine wrote down of a subject, but for attributions.
        func engineEvents(_ kind: String, _ name: String) async throws -> [Event] {
            var events: [Event] = []
            for try await event in ledger.ledger.events(EventQuery(streams: [stream(kind, name)])) {
                if event.event.origin == .engine, event.event.type.rawValue != "actor.attributed" {
                    events.append(event.event)
                }
            }
            return events
        }
    }
#endif
