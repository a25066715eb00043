import RolloutModel
import Testing

@testable import ClusterSimulator

@Suite("A simulation as a cluster") struct SimulationTests {
    private func simulation(_ rules: String = #"{"ready": {"after": "2s"}}"#) throws -> Simulation {
        Simulation(try Play(rules).cluster)
    }

    private static let pods = ClusterSelection(.pods, namespace: "shop")
    private static let deployments = ClusterSelection(.deployments, namespace: "shop")

    private func makeWeb(_ simulation: Simulation, replicas: Int64 = 1) async throws {
        _ = try await simulation.perform(
            ClusterCall(
                .create, .deployments, "web", namespace: "shop", body: Play.deployment(replicas: replicas)))
    }

    @Test("a watch begins with all there is, and then tells what changes, as time passes")
    func watch() async throws {
        let simulation = try simulation()
        let watch = try await simulation.watch([Self.pods])
        #expect(try await watch.changes(until: Play.start) == [.all(Self.pods, [])])
        try await makeWeb(simulation)
        var phases: [String] = []
        while await simulation.now() < Play.start + .seconds(2) {
            for change in try await watch.changes(until: Play.start + .seconds(60)) {
                guard case .changed(let pod) = change else { continue }
                let ready = pod["status"]?["containerStatuses"]?.array?.first?["ready"] == true
                phases.append("\(pod["status"]?["phase"]?.string ?? "-")\(ready ? " ready" : "")")
            }
        }
        #expect(phases == ["Pending", "Running", "Running ready"])
        #expect(try await watch.changes(until: Play.start + .seconds(60)) == [])
        #expect(await simulation.now() == Play.start + .seconds(60))
        await watch.stop()
        await #expect(throws: ShipslogError.self) { _ = try await watch.changes(until: Play.start) }
    }

    @Test("the moment comes to its end, but no time passes without a watch that waits")
    func still() async throws {
        let simulation = try simulation()
        try await makeWeb(simulation)
        let pods = try await simulation.list(Self.pods)
        #expect(pods.map { $0["status"]?["phase"] } == ["Running"] && !pods[0].isReadyPod)
        #expect(await simulation.now() == Play.start)
    }

    @Test("time waits for every watch, and each is told everything")
    func twoWatches() async throws {
        let simulation = try simulation()
        try await makeWeb(simulation, replicas: 3)
        let end = Play.start + .seconds(30)
        let slow = try await simulation.watch([Self.pods, Self.deployments])
        let fast = try await simulation.watch([Self.pods, Self.deployments])
        func follow(_ watch: any ClusterWatch, isSlow: Bool) async throws -> [ClusterChange] {
            var changes: [ClusterChange] = []
            while true {
                let more = try await watch.changes(until: end)
                if more.isEmpty {
                    await watch.stop()
                    return changes
                }
                let before = await simulation.now()
                if isSlow { for _ in 0..<50 { await Task.yield() } }
                #expect(await simulation.now() == before)
                changes += more
            }
        }
        async let first = follow(slow, isSlow: true)
        async let second = follow(fast, isSlow: false)
        let (left, right) = try await (first, second)
        #expect(left == right)
        #expect(left.count > 10)
    }

    @Test("an object whose labels leave a selection is told to be gone")
    func leaving() async throws {
        let simulation = try simulation()
        let lease: JSONValue = ["metadata": ["name": "lock", "labels": ["app": "web"]]]
        _ = try await simulation.perform(ClusterCall(.create, .leases, "lock", namespace: "shop", body: lease))
        let watch = try await simulation.watch([ClusterSelection(.leases, namespace: "shop", labels: ["app": "web"])])
        _ = try await watch.changes(until: Play.start)
        for app in ["api", "db"] {
            _ = try await simulation.perform(
                ClusterCall(
                    .patch, .leases, "lock", namespace: "shop",
                    body: ["metadata": ["labels": ["app": .string(app)]]]))
        }
        let changes = try await watch.changes(until: Play.start)
        #expect(changes.count == 1)
        guard case .deleted(let gone) = try #require(changes.first) else {
            Issue.record("It is not gone: \(changes)")
            return
        }
        #expect(gone["metadata"]?["name"] == "lock")
    }

    @Test("a cluster is told from others by its seed")
    func uid() async throws {
        let one = Simulation(try Play(seed: 1).cluster)
        let other = Simulation(try Play(seed: 2).cluster)
        #expect(try await one.uid() == "\(one.uid())")
        #expect(try await one.uid() != other.uid())
        #expect(try await one.uid().count == 36)
    }
}
