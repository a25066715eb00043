#if Network
    import KubernetesClient
    import RolloutModel
    import ShipslogTesting
    import Testing

    @testable import PretendNodes

    @Suite("Pretending on a real API server", .enabled(if: ControlPlane.isWanted, "SHIPSLOG_SKIP_CLUSTER is set."))
    struct PretenderTests {
        @Test("a Deployment completes, its Service has endpoints, and the nodes live until the end")
        func complete() async throws {
            let stage = try await Stage()
            try await stage.play { stage in
                _ = try await stage.client.create(
                    .services,
                    [
                        "apiVersion": "v1", "kind": "Service", "metadata": ["name": "web"],
                        "spec": ["selector": ["app": "web"], "ports": [["port": 80]]],
                    ], namespace: stage.namespace)
                try await stage.deploy("web", replicas: 3)
                try await eventually("the Deployment is complete") {
                    let status = try await stage.deployment("web").status
                    return status?.availableReplicas == 3 && status?.updatedReplicas == 3
                        && status?.conditions?.first { $0.type == "Progressing" }?.reason == "NewReplicaSetAvailable"
                }
                try await eventually("the Service has three ready endpoints") {
                    let slices = try await stage.client.list(
                        .betaEndpointSlices, namespace: stage.namespace, labels: "kubernetes.io/service-name=web")
                    let endpoints = try slices.objects.flatMap { try $0.value()["endpoints"]?.array ?? [] }
                    let ready = endpoints.filter { $0["conditions"]?["ready"] == true }
                    return Set(ready.map { $0["addresses"] }).count == 3
                }
                let pods = try await stage.pods()
                #expect(Set(pods.map(\.spec.nodeName)) == ["\(stage.prefix)1", "\(stage.prefix)2"])
                for type in ["Initialized", "Ready", "ContainersReady", "PodScheduled"] {
                    #expect(pods.map { $0.condition(type)?.status } == ["True", "True", "True"], "\(type)")
                }
                #expect(pods.allSatisfy { $0.container?.started == true && $0.container?.restartCount == 0 })
                #expect(Set(pods.map { $0.container?.containerID }).count == 3)

                try await eventually("the node has a lease") {
                    let leases = try await stage.client.list(.leases, namespace: "kube-node-lease").objects
                    return leases.contains { $0.name == "\(stage.prefix)1" }
                }
                #expect(await stage.pretender.status.isReady)
                #expect(await stage.pretender.status.pods == PodPlayer.Counts(bound: 3, ready: 3))
            }
            #expect(try await !stage.exists(.nodes, "\(stage.prefix)1"))
            #expect(try await !stage.exists(.nodes, "\(stage.prefix)2"))
        }

        @Test("an image that cannot be pulled lets the progress deadline pass")
        func badImage() async throws {
            try await Stage(rules: #"{"match": {"image": "*:bad"}, "imagePull": {"message": "manifest unknown"}}"#)
                .play { stage in
                    try await stage.deploy("web", image: "nginx:bad", deadline: 2)
                    try await eventually("the pull backs off") {
                        try await stage.pods().first?.container?.state?.waiting?.reason == "ImagePullBackOff"
                    }
                    try await eventually("the deadline is exceeded") {
                        try await stage.deployment("web").status?.conditions?.first { $0.type == "Progressing" }?.reason
                            == "ProgressDeadlineExceeded"
                    }
                    #expect(try await stage.pods().map(\.status?.phase) == ["Pending"])
                }
        }

        @Test("a crash loop restarts, and backs off")
        func crashLoop() async throws {
            try await Stage(rules: #"{"exit": {"after": "100ms", "code": 3, "backOff": "1s"}}"#).play { stage in
                try await stage.deploy("web")
                try await eventually("it backs off after some restarts") {
                    guard let pod = try await stage.pods().first, let container = pod.container else { return false }
                    return container.state?.waiting?.reason == "CrashLoopBackOff" && (container.restartCount ?? 0) >= 2
                        && container.lastState?.terminated?.exitCode == 3 && !pod.isReady
                }
            }
        }

        @Test("a container that ran out of memory once is restarted, and holds")
        func outOfMemory() async throws {
            try await Stage(rules: #"{"exit": {"after": "100ms", "reason": "OOMKilled", "times": 1}}"#).play { stage in
                try await stage.makePod("cache")
                try await eventually("it runs again") {
                    let pod = try await stage.pod("cache")
                    return pod.isReady && pod.container?.restartCount == 1
                }
                let last = try await stage.pod("cache").container?.lastState?.terminated
                #expect(last?.reason == "OOMKilled")
                #expect(last?.exitCode == 137)
            }
        }

        @Test("a pod that ends slowly is there for that time, and then goes")
        func slowTermination() async throws {
            try await Stage(rules: #"{"termination": {"after": "2s"}}"#).play { stage in
                try await stage.makePod("queue")
                try await eventually("it is ready") { try await stage.pod("queue").isReady }
                let start = ContinuousClock.now
                _ = try await stage.client.delete(.pods, "queue", namespace: stage.namespace)
                try await eventually("it is gone") { try await !stage.exists(.pods, "queue") }
                #expect(ContinuousClock.now - start >= .seconds(2))
            }
        }

        @Test("a pod that finds no node says so; another finds one in the end")
        func unschedulable() async throws {
            let rules = #"""
                {"match": {"name": "huge"}, "unschedulable": {"message": "0/2 nodes are available."}},
                {"match": {"name": "large"}, "unschedulable": {"for": "500ms"}}
                """#
            try await Stage(rules: rules).play { stage in
                for name in ["huge", "large"] { try await stage.makePod(name) }
                try await eventually("the large one is ready") { try await stage.pod("large").isReady }
                try await eventually("the huge one says why not") {
                    let condition = try await stage.pod("huge").condition("PodScheduled")
                    return condition?.reason == "Unschedulable" && condition?.message == "0/2 nodes are available."
                }
                #expect(try await stage.pod("huge").spec.nodeName == nil)
                let scheduled = try await stage.pod("large").condition("PodScheduled")
                #expect(scheduled?.status == "True")
                #expect(scheduled?.reason == nil)
            }
        }

        @Test("a node that Shipslog did not make is refused, and pods on one are left alone")
        func foreign() async throws {
            let stage = try await Stage()
            let worker = "\(stage.prefix)worker"
            let made = try await stage.client.create(
                .nodes, ["apiVersion": "v1", "kind": "Node", "metadata": ["name": .string(worker)]]
            ).object()
            let theirs = try await stage.makePod("theirs", node: worker)
            try await stage.play { stage in
                try await stage.makePod("ours")
                try await eventually("the other pod is ready") { try await stage.pod("ours").isReady }
                #expect(try await stage.pod("theirs").metadata.resourceVersion == theirs.resourceVersion)
            }

            let nodes = ["\(stage.prefix)1", worker, "\(stage.prefix)2"].map {
                PretendNode(name: $0, address: "198.18.0.1")
            }
            // Left by an earlier run.
            let earlier = NodeRegistry(
                client: stage.client, nodes: [nodes[0]], keepsNodes: true, now: { Timestamp(microseconds: 0) })
            try await earlier.register()
            let left = try await stage.client.get(.nodes, nodes[0].name).object().uid
            let refused = Pretender(
                client: stage.client, nodes: nodes, namespaces: [stage.namespace], behaviours: PodBehaviours(),
                keepsNodes: false, now: { Timestamp(microseconds: 0) })
            let error = await #expect(throws: ShipslogError.self) { try await refused.run() }
            #expect(error?.code == .conflict)
            #expect(error?.message == "There is a node \(worker) already that shipslog did not make.")
            #expect(try await stage.client.get(.nodes, nodes[0].name).object().uid == left)
            #expect(try await !stage.exists(.nodes, nodes[2].name))
            let node = try await stage.client.get(.nodes, worker).object()
            #expect(node.uid == made.uid)
            #expect(try node.value()["status"]?["conditions"] == made.value()["status"]?["conditions"])
            for node in nodes.prefix(2) { _ = try await stage.client.delete(.nodes, node.name) }
        }

        @Test("a node that somebody deleted is made again; another of its name is left alone")
        func replaced() async throws {
            let stage = try await Stage()
            let node = PretendNode.numbered(1, prefix: stage.prefix)[0]
            let registry = NodeRegistry(
                client: stage.client, nodes: [node], keepsNodes: false, now: { Timestamp(microseconds: 1_000_000) })
            try await registry.register()
            let first = try await stage.client.get(.nodes, node.name).object()
            _ = try await stage.client.delete(.nodes, node.name)
            #expect(try await registry.renew() == nil)
            #expect(try await stage.client.get(.nodes, node.name).object().uid != first.uid)

            _ = try await stage.client.delete(.nodes, node.name)
            let theirs = try await stage.client.create(
                .nodes, ["apiVersion": "v1", "kind": "Node", "metadata": ["name": .string(node.name)]]
            ).object()
            #expect(try await registry.renew() != nil)
            try await registry.remove()
            let left = try await stage.client.get(.nodes, node.name).object()
            #expect(left.uid == theirs.uid)
            #expect(try left.value()["status"]?["conditions"] == theirs.value()["status"]?["conditions"])
            _ = try await stage.client.delete(.nodes, node.name)
        }
    }
#endif
