import ClusterSimulator
import RolloutModel

/// A rolling update of a Deployment in a simulated cluster that nobody watches; pods are ready after a second or two.
struct SimulatedUpdate {
    private var cluster: SimulatedCluster
    private let replicas: Int

    /// Deploys, and lets all pods get ready.
    init(replicas: Int) throws {
        self.replicas = replicas
        let behaviours = try PodBehaviours([
            "apiVersion": "shipslog/v1", "kind": "PodBehaviours",
            "rules": [["ready": ["after": "1s", "jitter": "1s"]]],
        ])
        cluster = SimulatedCluster(
            at: Timestamp(microseconds: 0), behaviours: behaviours, namespaces: ["shop"], keepsChanges: false)
        let labels: JSONValue = ["app": "web"]
        _ = try cluster.perform(
            ClusterCall(
                .create, .deployments, "web", namespace: "shop",
                body: [
                    "metadata": ["name": "web"],
                    "spec": [
                        "replicas": .integer(Int64(replicas)), "selector": ["matchLabels": labels],
                        "template": ["metadata": ["labels": labels], "spec": ["containers": Self.containers(0)]],
                    ],
                ]))
        settle()
    }

    /// Sets another image, and lets the update come to its end.
    mutating func update(to number: Int) throws {
        _ = try cluster.perform(
            ClusterCall(
                .patch, .deployments, "web", namespace: "shop",
                body: ["spec": ["template": ["spec": ["containers": Self.containers(number)]]]]))
        settle()
        let status = try cluster.get(.deployments, "web", namespace: "shop")?["status"]
        for count in ["replicas", "updatedReplicas", "availableReplicas"]
        where status?[count] != .integer(Int64(replicas)) {
            fatalError("the simulated update of the benchmark did not come to its end")
        }
    }

    private mutating func settle() { cluster.advance(to: cluster.now + .seconds(500)) }

    private static func containers(_ number: Int) -> JSONValue {
        [["name": "web", "image": .string("nginx:\(number)")]]
    }

    /// How long the second update takes, in milliseconds.
    static func milliseconds(replicas: Int) throws -> Double {
        var update = try SimulatedUpdate(replicas: replicas)
        try update.update(to: 1)
        return try ContinuousClock().measure { try update.update(to: 2) }.seconds * 1_000
    }

    /// How many simulated events go into a second of updates.
    static func eventsPerSecond(replicas: Int, updates: Int) throws -> Double {
        var update = try SimulatedUpdate(replicas: replicas)
        let before = update.cluster.eventCount
        let elapsed = try ContinuousClock().measure { for number in 1...updates { try update.update(to: number) } }
        return Double(update.cluster.eventCount - before) / elapsed.seconds
    }
}
