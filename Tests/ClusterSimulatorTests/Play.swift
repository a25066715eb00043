import Foundation
import RolloutModel

@testable import ClusterSimulator

/// A simulated cluster, and how its Deployments fare.
struct Play {
    var cluster: SimulatedCluster
    /// What the ReplicaSets' sizes were, by revision, one text for each change.
    private(set) var sizes: [String] = []
    /// The conditions that were new, each as `type status reason`.
    private(set) var conditions: [String] = []
    private(set) var changeCount = 0
    private var sets: [String: (revision: String, size: Int64)] = [:]
    private var lastConditions: [String: String] = [:]

    static let start = Timestamp(microseconds: 1_767_225_600_000_000)

    init(_ rules: String = "", nodes: [SimulatedCluster.Node] = SimulatedCluster.Node.plenty, seed: UInt64 = 0) throws {
        cluster = SimulatedCluster(
            at: Self.start, seed: seed, behaviours: try Self.behaviours(rules), nodes: nodes, namespaces: ["shop"])
        _ = cluster.takeObjectChanges()
    }

    static func behaviours(_ rules: String) throws -> PodBehaviours {
        let text = #"{"apiVersion": "shipslog/v1", "kind": "PodBehaviours", "rules": [\#(rules)]}"#
        return try PodBehaviours(CanonicalJSON.decode(JSONValue.self, from: Data(text.utf8)))
    }

    /// The seconds since the start.
    var seconds: Double { cluster.now.seconds(since: Self.start) }

    mutating func run(for duration: Duration) throws {
        let limit = cluster.now + duration
        while cluster.step(until: limit) { try look() }
    }

    @discardableResult
    mutating func call(_ call: ClusterCall) throws -> JSONValue {
        let answer = try cluster.perform(call).object
        try look()
        return answer
    }

    private mutating func look() throws {
        for change in cluster.takeObjectChanges() {
            changeCount += 1
            switch change.object {
            case .replicaSet(let set):
                let revision = set.metadata.annotations[RevisionAnnotation.revision] ?? "-"
                sets[set.metadata.name] = change.isDeleted ? nil : (revision, Int64(set.replicas))
                let text = sets.values.filter { $0.size > 0 }.sorted { Int($0.revision) ?? 0 < Int($1.revision) ?? 0 }
                    .map { "\($0.revision):\($0.size)" }.joined(separator: " ")
                if sizes.last != text { sizes.append(text) }
            case .deployment(let deployment):
                for condition in deployment.status.conditions {
                    let text = "\(condition.status) \(condition.reason ?? "-")"
                    if lastConditions.updateValue(text, forKey: condition.type) != text {
                        conditions.append("\(condition.type) \(text)")
                    }
                }
            default: break
            }
        }
    }

    mutating func forgetHistory() { (sizes, conditions) = ([], []) }

    // MARK: Calls

    static func deployment(
        _ name: String = "web", image: String = "nginx:1", replicas: Int64 = 1, spec: [String: JSONValue] = [:],
        container: [String: JSONValue] = [:]
    ) -> JSONValue {
        let labels: JSONValue = ["app": .string(name)]
        let members: [String: JSONValue] = [
            "replicas": .integer(replicas), "selector": ["matchLabels": labels],
            "template": [
                "metadata": ["labels": labels],
                "spec": [
                    "containers": [
                        .object(["name": "web", "image": .string(image)].merging(container) { $1 })
                    ]
                ],
            ],
        ]
        return [
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": .string(name)],
            "spec": .object(members.merging(spec) { $1 }),
        ]
    }

    mutating func deploy(_ object: JSONValue) throws {
        try call(
            ClusterCall(
                .create, .deployments, object["metadata"]?["name"]?.string ?? "", namespace: "shop", body: object))
    }

    @discardableResult
    mutating func patch(_ spec: JSONValue, name: String = "web") throws -> JSONValue {
        try call(ClusterCall(.patch, .deployments, name, namespace: "shop", body: ["spec": spec]))
    }

    mutating func setImage(_ image: String) throws {
        try patch(["template": ["spec": ["containers": [["name": "web", "image": .string(image)]]]]])
    }

    /// The Deployment's status as `observedGeneration/replicas/updated/ready/available`.
    var counts: String {
        get throws {
            let status = try cluster.get(.deployments, "web", namespace: "shop")?["status"]
            return ["observedGeneration", "replicas", "updatedReplicas", "readyReplicas", "availableReplicas"]
                .map { String(status?[$0]?.integer ?? 0) }.joined(separator: "/")
        }
    }

    func object(_ resource: Resource, _ name: String) throws -> JSONValue? {
        try cluster.get(resource, name, namespace: "shop")
    }

    func list(_ resource: Resource) throws -> [JSONValue] {
        try cluster.list(ClusterSelection(resource, namespace: "shop"))
    }
}
