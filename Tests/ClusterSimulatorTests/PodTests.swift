import RolloutModel
import Testing

@testable import ClusterSimulator

@Suite("Pods on the simulated cluster") struct PodTests {
    private func conditions(_ slice: JSONValue?) -> [String: String] {
        Dictionary(
            uniqueKeysWithValues: (slice?["endpoints"]?.array ?? []).map { endpoint in
                let flags = ["ready", "serving", "terminating"].filter { endpoint["conditions"]?[$0] == true }
                return (endpoint["targetRef"]?["name"]?.string ?? "", flags.joined(separator: " "))
            })
    }

    private func bare(_ name: String, container: [String: JSONValue] = [:]) -> ClusterCall {
        ClusterCall(
            .create, .pods, name, namespace: "shop",
            body: [
                "metadata": ["name": .string(name), "labels": ["app": "web"]],
                "spec": ["containers": [.object(["name": "web", "image": "nginx:1"].merging(container) { $1 })]],
            ])
    }

    @Test("an endpoint is ready while its pod is and does not go; then it still serves")
    func endpoints() throws {
        var play = try Play(#"{"ready": {"after": "2s"}, "termination": {"after": "5s"}}"#)
        try play.call(
            ClusterCall(
                .create, .services, "web", namespace: "shop",
                body: ["metadata": ["name": "web"], "spec": ["selector": ["app": "web"]]]))
        for name in ["a", "b"] { try play.call(bare(name)) }
        try play.call(
            ClusterCall(
                .create, .pods, "other", namespace: "shop",
                body: bare("other").body.merging(
                    ["metadata": ["labels": ["app": "other"]]])))
        try play.run(for: .seconds(1))
        #expect(conditions(try play.list(.endpointSlices).first) == ["a": "", "b": ""])
        try play.run(for: .seconds(2))
        #expect(conditions(try play.list(.endpointSlices).first) == ["a": "ready serving", "b": "ready serving"])
        try play.call(ClusterCall(.delete, .pods, "a", namespace: "shop", body: .object([:])))
        try play.run(for: .seconds(1))
        #expect(
            conditions(try play.list(.endpointSlices).first) == ["a": "serving terminating", "b": "ready serving"])
        try play.run(for: .seconds(5))
        #expect(conditions(try play.list(.endpointSlices).first) == ["b": "ready serving"])
        try play.call(
            ClusterCall(
                .patch, .services, "web", namespace: "shop", body: ["spec": ["selector": ["app": "other"]]]))
        try play.run(for: .seconds(1))
        let slice = try #require(try play.list(.endpointSlices).first)
        #expect(conditions(slice) == ["other": "ready serving"])
        #expect(slice["metadata"]?["labels"]?["kubernetes.io/service-name"] == "web")
    }

    @Test("a slice has at most a hundred endpoints")
    func fullSlices() throws {
        var play = try Play()
        try play.deploy(Play.deployment(replicas: 250))
        try play.call(
            ClusterCall(
                .create, .services, "web", namespace: "shop",
                body: ["metadata": ["name": "web"], "spec": ["selector": ["app": "web"]]]))
        try play.run(for: .seconds(1))
        let slices = try play.list(.endpointSlices).map { $0["endpoints"]?.array ?? [] }
        #expect(slices.map(\.count).sorted() == [50, 100, 100])
        #expect(Set(slices.joined().map { $0["targetRef"]?["uid"] }).count == 250)
    }

    @Test("a pod that fits on no node says why, and gets one when there is room")
    func noRoom() throws {
        var play = try Play(
            nodes: [
                .init(name: "small", milliCPU: 1000, memoryBytes: 1 << 30),
                .init(name: "smaller", milliCPU: 1000, memoryBytes: 1 << 20),
            ])
        let wanted: [String: JSONValue] = ["resources": ["requests": ["cpu": "600m", "memory": "100Mi"]]]
        for name in ["first", "second"] { try play.call(bare(name, container: wanted)) }
        try play.run(for: .seconds(1))
        #expect(try play.object(.pods, "first")?["spec"]?["nodeName"] == "small")
        let second = try play.object(.pods, "second")
        #expect(second?["spec"]?["nodeName"] == nil)
        let condition = second?["status"]?["conditions"]?.array?.first
        #expect(condition?["reason"] == "Unschedulable")
        #expect(condition?["message"] == "0/2 nodes are available: 1 Insufficient cpu, 1 Insufficient memory.")
        try play.call(
            ClusterCall(.delete, .pods, "first", namespace: "shop", body: ["gracePeriodSeconds": 0]))
        try play.run(for: .seconds(1))
        #expect(try play.object(.pods, "first") == nil)
        #expect(try play.object(.pods, "second")?["status"]?["phase"] == "Running")
    }

    @Test("pods that are no use go first: without a node, not ready, younger")
    func scaleDown() throws {
        var play = try Play(
            #"{"match": {"name": "*"}, "ready": {"after": "1s", "jitter": "9s"}}"#,
            nodes: [.init(name: "only", milliCPU: 3000, memoryBytes: 1 << 30)])
        try play.deploy(
            Play.deployment(replicas: 4, container: ["resources": ["requests": ["cpu": 1]]]))
        try play.run(for: .seconds(20))
        try play.patch(["replicas": 3])
        try play.run(for: .seconds(1))
        #expect(try play.list(.pods).allSatisfy { $0["spec"]?["nodeName"] == "only" })
        let latest = try play.list(.pods).max {
            ($0.readySince ?? "") < ($1.readySince ?? "")
        }
        try play.patch(["replicas": 2])
        try play.run(for: .seconds(1))
        #expect(try play.list(.pods).count == 2)
        #expect(try !play.list(.pods).contains { $0["metadata"]?["uid"] == latest?["metadata"]?["uid"] })
    }

    @Test("of ready pods the one goes first that is the cheapest to delete")
    func deletionCost() throws {
        var play = try Play(#"{"ready": {"after": "1s", "jitter": "9s"}}"#)
        try play.deploy(Play.deployment(replicas: 4))
        try play.run(for: .seconds(20))
        let names = try play.list(.pods).map(\.name)
        for (name, cost) in zip(names, ["10", "-5", "much", "7"]) {
            let patch: JSONValue = [
                "metadata": ["annotations": ["controller.kubernetes.io/pod-deletion-cost": .string(cost)]]
            ]
            try play.call(ClusterCall(.patch, .pods, name, namespace: "shop", body: patch))
        }
        for rest in [[0, 2, 3], [0, 3], [0]] {
            try play.patch(["replicas": .integer(Int64(rest.count))])
            try play.run(for: .seconds(1))
            #expect(try play.list(.pods).map(\.name) == rest.map { names[$0] })
        }
    }

    @Test("of pods that are not ready the one goes first that has restarted most")
    func restarts() throws {
        var play = try Play(
            #"{"ready": "never", "exit": {"after": "2s", "jitter": "120s"}}"#,
            nodes: [.init(name: "only", milliCPU: 1000, memoryBytes: 1 << 30)])
        try play.deploy(Play.deployment(replicas: 5))
        try play.run(for: .seconds(300))
        var restarts = try play.list(.pods).map(\.restartCount).sorted()
        #expect(Set(restarts).count > 2)
        while restarts.count > 1 {
            restarts.removeLast()
            try play.patch(["replicas": .integer(Int64(restarts.count))])
            try play.run(for: .zero)
            let left = try play.list(.pods).filter { $0["metadata"]?["deletionTimestamp"] == nil }
            #expect(left.map(\.restartCount).sorted() == restarts)
        }
    }

    @Test("a Service that wants it has endpoints that are ready before their pods are")
    func publishesNotReady() throws {
        var play = try Play(#"{"ready": "never", "termination": {"after": "5s"}}"#)
        try play.call(
            ClusterCall(
                .create, .services, "web", namespace: "shop",
                body: [
                    "metadata": ["name": "web"],
                    "spec": ["selector": ["app": "web"], "publishNotReadyAddresses": true],
                ]))
        try play.call(bare("a"))
        try play.run(for: .seconds(1))
        #expect(conditions(try play.list(.endpointSlices).first) == ["a": "ready"])
        try play.call(ClusterCall(.delete, .pods, "a", namespace: "shop", body: .object([:])))
        try play.run(for: .seconds(1))
        #expect(conditions(try play.list(.endpointSlices).first) == ["a": "ready terminating"])
    }

    @Test("what a Deployment had goes with it; a stranger's pod stays")
    func garbage() throws {
        var play = try Play(#"{"termination": {"after": "5s"}}"#)
        try play.deploy(Play.deployment(replicas: 2))
        try play.call(bare("stranger"))
        try play.run(for: .seconds(1))
        try play.call(ClusterCall(.delete, .deployments, "web", namespace: "shop", body: .object([:])))
        try play.run(for: .seconds(1))
        #expect(try play.list(.replicaSets) == [])
        #expect(try play.list(.pods).filter { $0["metadata"]?["deletionTimestamp"] != nil }.count == 2)
        try play.run(for: .seconds(5))
        #expect(try play.list(.pods).map { $0["metadata"]?["name"] } == ["stranger"])
    }
}

extension JSONValue {
    fileprivate var restartCount: Int64 {
        self["status"]?["containerStatuses"]?.array?.first?["restartCount"]?.integer ?? 0
    }

    /// Of a pod: since when it is as ready as it is.
    fileprivate var readySince: String? {
        self["status"]?["conditions"]?.array?.first { $0["type"] == "Ready" }?["lastTransitionTime"]?.string
    }
}
