import EventLedger
import Recording
import RolloutModel
import ShipslogTesting
import Testing

@testable import ClusterSimulator

@Suite("What is simulated, recorded in a ledger") struct RecordedSimulationTests {
    private static let watched = [
        Resource.deployments, .replicaSets, .pods, .services, .endpointSlices,
    ].map { ClusterSelection($0, namespace: "shop") }

    /// A simulated cluster that is recorded.
    private struct Recorded {
        var play: Play
        private var observer = Observer(cluster: "simulation", origin: .recorder)
        private var seen: Set<JSONValue> = []
        private let temporary: TemporaryLedger

        init(_ play: Play) throws {
            self.play = play
            temporary = try TemporaryLedger()
        }

        mutating func run(for duration: Duration) async throws {
            let limit = play.cluster.now + duration
            while play.cluster.step(until: limit) { try await record() }
        }

        private mutating func record() async throws {
            for change in try play.cluster.takeChanges(RecordedSimulationTests.watched) {
                let events = try observer.observe(try line(change), receivedAt: play.cluster.now)
                if !events.isEmpty { _ = try await temporary.ledger.append(events) }
            }
        }

        private mutating func line(_ change: ClusterChange) throws -> WatchEvent {
            var (type, object): (String, JSONValue) = ("MODIFIED", .null)
            switch change {
            case .all: break
            case .changed(let changed):
                object = changed
                if seen.insert(changed["metadata"]?["uid"] ?? .null).inserted { type = "ADDED" }
            case .deleted(let deleted): (type, object) = ("DELETED", deleted)
            }
            let text: JSONValue = ["type": .string(type), "object": object]
            return try CanonicalJSON.decode(WatchEvent.self, from: CanonicalJSON.encode(text))
        }

        func rollouts(_ subject: String = "deployment/web") throws -> [Rollout] {
            try temporary.ledger.rollouts().filter { $0.stream.description == "simulation/shop/\(subject)" }
                .sorted { $0.number < $1.number }
        }
    }

    /// What a rollout came to, in a line.
    private func told(_ rollout: Rollout) -> String {
        let restored = rollout.restores.map { " restoring \($0)" } ?? ""
        return "\(rollout.number) \(rollout.kind.rawValue) \(rollout.strategy.rawValue) \(rollout.outcome.rawValue)"
            + "\(restored) \(rollout.fromImages.joined())>\(rollout.toImages.joined())"
            + " ready \(rollout.lowestReady) pods \(rollout.mostPods) in \(rollout.durationSeconds ?? -1) s"
            + (rollout.diagnosis.map { ": \($0)" } ?? "")
    }

    @Test("a good image, a bad one and the way back are told with their outcomes and their reasons")
    func rollouts() async throws {
        let rules = #"""
            {"match": {"image": "nginx:bad"}, "imagePull": {"message": "manifest unknown"}}, {"ready": {"after": "2s"}}
            """#
        var recorded = try Recorded(Play(rules))
        _ = try recorded.play.cluster.perform(
            ClusterCall(
                .create, .deployments, "web", namespace: "shop",
                body: Play.deployment(replicas: 3, spec: ["progressDeadlineSeconds": 60])))
        try await recorded.run(for: .seconds(30))
        for image in ["nginx:2", "nginx:bad", "nginx:2"] {
            _ = try recorded.play.cluster.perform(
                ClusterCall(
                    .patch, .deployments, "web", namespace: "shop",
                    body: [
                        "spec": [
                            "template": ["spec": ["containers": [["name": "web", "image": .string(image)]]]]
                        ]
                    ]))
            try await recorded.run(for: .seconds(120))
        }
        let rollouts = try recorded.rollouts().map(told)
        #expect(
            rollouts == [
                "1 rollout RollingUpdate succeeded >nginx:1 ready 0 pods 3 in 2.0 s",
                "2 rollout RollingUpdate succeeded nginx:1>nginx:2 ready 3 pods 5 in 6.0 s",
                "3 rollout RollingUpdate failed nginx:2>nginx:bad ready 3 pods 4 in 60.0 s: ImagePullBackOff: nginx:bad "
                    + "(1 of 1 new pod); ProgressDeadlineExceeded",
                "4 rollback RollingUpdate succeeded restoring 2 nginx:bad>nginx:2 ready 3 pods 4 in 0.0 s",
            ])
    }
}
