#if Network
    import EventLedger
    import Foundation
    import KubernetesClient
    import RolloutEngine
    import RolloutModel
    import ShipslogTesting
    import Testing

    @testable import ShipslogCommands

    @Suite(
        "What runs are given, on a real API server",
        .enabled(if: ControlPlane.isWanted, "SHIPSLOG_SKIP_CLUSTER is set."))
    struct RunInputTests {
        @Test("another cluster than the one that the ledger knows, or one that nobody named, is left alone")
        func otherClusters() async throws {
            try await RunStage().play { stage in
                try await stage.deploy("web")
                let verb = ["rollout", "rolling", "deploy/web", "--image", "nginx:2"]
                #expect(await stage.shipslog(verb).status == 0)
                let size = try stage.ledger.ledger.head().size
                let server = stage.client.configuration.server
                try await ClusterClaim.make("elsewhere", standFor: "another UID", in: stage.ledger.ledger)
                func run(_ more: [String]) async -> CommandResult {
                    await ShipslogCommandsTests.shipslog(
                        verb + ["-n", stage.namespace, "--kubeconfig", stage.plane.kubeconfig()] + more,
                        ledger: stage.ledger.path, environment: ["USER": "alice"])
                }
                let other = await run(["--cluster", "elsewhere"])
                #expect(other.status == 1)
                #expect(
                    other.notices == """
                        error: At \(server) there is another cluster than the one recorded as elsewhere.
                        Its namespace kube-system has another UID. Give it another name with --cluster.

                        """)
                let unnamed = await run([])
                #expect(unnamed.status == 1)
                let context = try #require(stage.client.configuration.context)
                #expect(
                    unnamed.notices == """
                        error: The current context is \(context), and the ledger tells of test only.
                        If \(context) is meant, give --context \(context) or --force.

                        """)
                #expect(try stage.ledger.ledger.head().size == size)
                #expect(await run(["--context", context, "--dry-run", "client"]).status == 0)
                #expect(await run(["--force", "--dry-run", "client"]).status == 0)
            }
        }

        @Test("a Deployment is rolled out from a file, as kubectl would apply it; what is no such file is refused")
        func files() async throws {
            try await RunStage().play { stage in
                try await stage.deploy("web")
                try await stage.makePod("batch")
                let folder = try TemporaryFolder()
                func file(_ image: String, _ more: String = "", labels: String = "web") throws -> String {
                    let path = folder.file("web.yaml")
                    try Data(
                        """
                        apiVersion: v1
                        kind: Pod
                        metadata: {name: batch, labels: {new: "yes"}}
                        spec: {containers: [{name: web, image: "\(image)"}]}
                        ---
                        apiVersion: apps/v1
                        kind: Deployment
                        metadata: {name: web}
                        spec:
                          replicas: 2
                          selector: {matchLabels: {app: web}}
                          template:
                            metadata: {labels: {app: \(labels)}}
                            spec:
                              containers: [{name: web, image: "\(image)", env: [{name: MODE, value: new}]}]
                        \(more)
                        """.utf8
                    ).write(to: URL(fileURLWithPath: path))
                    return path
                }
                let rolled = await stage.shipslog([
                    "rollout", "rolling", "deploy/web", "-f", try file("nginx:2", "  minReadySeconds: 1"),
                ])
                #expect(rolled.status == 0, "\(rolled)")
                #expect(rolled.output == "deploy/web@2 succeeded: 1 → 2\n")
                let spec = try await stage.client.get(.deployments, "web", namespace: stage.namespace).object().value()[
                    "spec"]
                #expect(spec?["minReadySeconds"]?.integer == 1)
                #expect(
                    spec?["template"]?["spec"]?["containers"]?.array?.first?["env"] == [
                        ["name": "MODE", "value": "new"]
                    ])
                let bad = await stage.shipslog(["rollout", "recreate", "deploy/web", "-f", try file("nginx:bad")])
                #expect(bad.output.hasPrefix("deploy/web@4 is back at nginx:2"), "\(bad)")

                let replaced = await stage.shipslog(["rollout", "replace", "pod/batch", "-f", try file("nginx:2")])
                #expect(replaced.status == 0, "\(replaced)")
                #expect(replaced.notices.contains("Nothing was ready for "), "\(replaced)")
                let pod = try await stage.client.get(.pods, "batch", namespace: stage.namespace).object().value()
                #expect(pod["metadata"]?["labels"] == ["new": "yes"])

                let refused: [([String], String)] = [
                    (["rolling", "deploy/web", "-f", "/nowhere"], "The file /nowhere cannot be read"),
                    (["rolling", "deploy/web", "-f", try file("a:1"), "--image", "b:1"], "Give either --image or -f"),
                    (["replace", "pod/batch", "-f", try file("", "")], "spec.containers[0].image"),
                ]
                for (arguments, words) in refused {
                    let result = await stage.shipslog(["rollout"] + arguments)
                    #expect(result.status != 0)
                    #expect(result.notices.contains(words), "\(arguments): \(result)")
                }
                let other = await stage.shipslog([
                    "rollout", "rolling", "deploy/web", "-f", try file("nginx:3", labels: "other"),
                ])
                #expect(other.notices.contains("`selector` does not match template `labels`"), "\(other)")
                try await stage.deploy("shop")
                let missing = await stage.shipslog(["rollout", "rolling", "deploy/shop", "-f", try file("nginx:3")])
                #expect(
                    missing.notices.contains("web.yaml holds no Deployment shop.\nIt holds Pod batch, Deployment web."))
                // The old pod is not deleted for one that would not be taken.
                #expect(try await stage.image(.pods, "batch") == "nginx:2")
            }
        }

        @Test("several pods are replaced one after the other or together, until one fails")
        func selector() async throws {
            try await RunStage().play { stage in
                for name in ["a", "b", "c"] {
                    try await stage.makePod(name)
                    try await stage.plane.kubectl(["label", "pod", name, "-n", stage.namespace, "set=all"])
                }
                let good = await stage.shipslog(
                    ["rollout", "replace", "-l", "set=all", "--image", "nginx:2", "--parallel", "2"])
                #expect(good.status == 0, "\(good)")
                #expect(
                    good.output.split(separator: "\n").sorted()
                        == ["a", "b", "c"].map { "pod/\($0)@2 succeeded: 1 → 2" })
                let bad = await stage.shipslog(["rollout", "replace", "-l", "set=all", "--image", "nginx:bad"])
                #expect(bad.status == 1)
                #expect(bad.output == "pod/a@4 is back at nginx:2\n")
                #expect(bad.notices.contains("0 of 3 pods were replaced before, 2 were left.\n"))
                for name in ["a", "b", "c"] { #expect(try await stage.image(.pods, name) == "nginx:2") }
                let none = await stage.shipslog(["rollout", "replace", "-l", "set=none", "--image", "nginx:2"])
                #expect(none.notices == "error: No pods in \(stage.namespace) of test match set=none.\n")
            }
        }

        @Test(
            "revisions that Kubernetes has forgotten come back, and Deployments that were deleted, with nothing else changed"
        )
        func forgotten() async throws {
            try await RunStage().play { stage in
                try await stage.deploy(
                    "web", metadata: ["annotations": ["team": "shop"], "labels": ["tier": "front"]])
                try await stage.plane.kubectl([
                    "patch", "deploy", "web", "-n", stage.namespace, "-p", #"{"spec": {"revisionHistoryLimit": 0}}"#,
                ])
                for image in ["nginx:2", "nginx:3"] {
                    let result = await stage.shipslog(["rollout", "rolling", "deploy/web", "--image", image])
                    #expect(result.status == 0, "\(result)")
                }
                try await eventually("Kubernetes forgets the old revisions") {
                    try await stage.client.list(.replicaSets, namespace: stage.namespace).objects.count == 1
                }
                let back = await stage.shipslog(["rollout", "rollback", "deploy/web", "--to", "1"])
                #expect(back.output == "deploy/web@4 succeeded: 3 → 1\n", "\(back)")
                let object = try await stage.client.get(.deployments, "web", namespace: stage.namespace).object()
                    .value()
                #expect(object["metadata"]?["annotations"]?["team"] == "shop")

                try await stage.plane.kubectl(["delete", "deploy", "web", "-n", stage.namespace])
                let again = await stage.shipslog(["rollout", "rollback", "deploy/web", "--to", "2"])
                #expect(again.status == 0, "\(again)")
                #expect(
                    again.notices.hasPrefix(
                        "Makes deploy/web, which was deleted, again: with the pod template of revision 2 (nginx:2)"))
                let made = try await stage.client.get(.deployments, "web", namespace: stage.namespace).object().value()
                #expect(try await stage.image(.deployments, "web") == "nginx:2")
                #expect(made["metadata"]?["labels"] == ["tier": "front"])
                #expect(made["spec"]?["replicas"]?.integer == 2)
                #expect(made["spec"]?["revisionHistoryLimit"]?.integer == 0)
                #expect(made["spec"]?["selector"] == ["matchLabels": ["app": "web"]])

                try await stage.plane.kubectl(["delete", "deploy", "web", "-n", stage.namespace])
                let bad = await stage.shipslog(["rollout", "rollback", "deploy/web", "--to", "7"])
                #expect(bad.notices.contains("deploy/web has no revision 7; the ledger knows 1, 2, 3."), "\(bad)")
            }
        }

        @Test("a run that cannot be brought to its end does not keep others from being resumed")
        func resumption() async throws {
            try await RunStage().play { stage in
                for name in ["first", "second"] {
                    try await stage.deploy(name, replicas: 1)
                    let object = try await stage.client.get(.deployments, name, namespace: stage.namespace).object()
                    let origin = try #require(DeploymentChange.Shape(of: object.value()))
                    var target = origin
                    target.template = origin.template.withImage("nginx:2")
                    let stream = stage.stream("deployment", name)
                    let journal = try LedgerJournal(ledger: stage.ledger.ledger, stream: stream, place: stage.place)
                    let runner = RolloutRunner(
                        cluster: LiveCluster(stage.client), journal: DyingJournal(journal, at: 1, isBefore: false),
                        namespace: stage.namespace, attention: .seconds(2),
                        makeID: { time in
                            var generator = SystemRandomNumberGenerator()
                            return .timeOrdered(at: time, using: &generator)
                        }, check: { CheckCompleted(check: $0.summary, passed: true) })
                    await #expect(throws: DyingJournal.Death.self) {
                        _ = try await runner.run(
                            RolloutPlan(
                                .deployment(DeploymentChange(uid: object.uid, target: target, origin: origin)),
                                onFailure: .rollback), of: stream, reason: nil,
                            by: Actor(name: "alice", evidence: .engine))
                    }
                }
                try await stage.plane.kubectl(["delete", "deploy", "first", "-n", stage.namespace])
                let resumed = await stage.shipslog(["resume"])
                #expect(resumed.status == 1)
                #expect(
                    resumed.notices.contains("error: The rollout of deploy/first failed: deploy/first was deleted.\n"))
                #expect(resumed.notices.hasSuffix("error: 1 of 2 rollouts did not succeed.\n"), "\(resumed)")
                #expect(resumed.output.hasSuffix("deploy/second@2 succeeded: 1 → 2\n"))
            }
        }
    }
#endif
