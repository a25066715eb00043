import RolloutModel

/// A node that no machine stands behind.
package struct PretendNode: Hashable, Sendable {
    package let name: String
    /// Its address, of the network 198.18.0.0/15, which is for tests and leads nowhere.
    ///
    /// - SeeAlso: <https://www.rfc-editor.org/rfc/rfc2544>
    package let address: String
    /// What it carries beside its own labels.
    let labels: [String: String]
    /// What it carries.
    let annotations: [String: String]

    /// The key of the label that tells these nodes from all others, and of the taint that keeps schedulers away.
    package static let mark = "shipslog/pretend"

    init(name: String, address: String, labels: [String: String] = [:], annotations: [String: String] = [:]) {
        self.name = name
        self.address = address
        self.labels = labels
        self.annotations = annotations
    }

    /// The most nodes that one process pretends.
    package static let limit = 1000

    /// Nodes `prefix` + 1, 2, 3 and so on.
    ///
    /// - Parameters:
    ///   - labels: What each carries beside its own labels.
    ///   - annotations: What each carries.
    package static func numbered(
        _ count: Int, prefix: String, labels: [String: String] = [:], annotations: [String: String] = [:]
    ) -> [PretendNode] {
        (1...count).map {
            PretendNode(
                name: "\(prefix)\($0)", address: "198.18.\($0 >> 8).\($0 & 255)", labels: labels,
                annotations: annotations)
        }
    }

    /// Whether a node was made by Shipslog, as its API object says.
    package static func isMarked(_ node: JSONValue) -> Bool {
        node["metadata"]?["labels"]?[mark]?.string == "true"
    }

    /// The node as it is created.
    func object(at time: Timestamp) -> JSONValue {
        var status = status(since: time, at: time)
        let resources: JSONValue = ["cpu": "1000", "memory": "4Ti", "pods": "10000", "ephemeral-storage": "4Ti"]
        status["capacity"] = resources
        status["allocatable"] = resources
        status["addresses"] = [
            ["type": "InternalIP", "address": .string(address)], ["type": "Hostname", "address": .string(name)],
        ]
        let own: [String: JSONValue] = [
            Self.mark: "true", "kubernetes.io/hostname": .string(name), "kubernetes.io/os": "linux",
        ]
        return [
            "apiVersion": "v1", "kind": "Node",
            "metadata": [
                "name": .string(name),
                "labels": .object(own.merging(labels.mapValues { .string($0) }) { first, _ in first }),
                "annotations": .object(annotations.mapValues { .string($0) }),
            ],
            "spec": ["taints": [["key": .string(Self.mark), "value": "true", "effect": "NoSchedule"]]],
            "status": status,
        ]
    }

    /// The part of its status that a kubelet renews.
    func status(since start: Timestamp, at time: Timestamp) -> JSONValue {
        func condition(_ type: String, _ status: String, _ reason: String, _ message: String) -> JSONValue {
            [
                "type": .string(type), "status": .string(status), "reason": .string(reason),
                "message": .string(message), "lastHeartbeatTime": .string(time.rfc3339),
                "lastTransitionTime": .string(start.rfc3339),
            ]
        }
        return [
            "conditions": [
                condition("Ready", "True", "KubeletReady", "shipslog pretends to be a kubelet"),
                condition("MemoryPressure", "False", "KubeletHasSufficientMemory", "there is no memory to run out of"),
                condition("DiskPressure", "False", "KubeletHasNoDiskPressure", "there is no disk to fill"),
                condition("PIDPressure", "False", "KubeletHasSufficientPID", "there are no processes"),
            ]
        ]
    }

    /// The lease by which the node is seen to live; the garbage collector takes it away with the node.
    ///
    /// - SeeAlso: <https://kubernetes.io/docs/concepts/architecture/nodes/#node-heartbeats>
    func lease(ofNode uid: String, at time: Timestamp) -> JSONValue {
        // The server wants all six digits of the fraction, also if they are zeros.
        let renewedAt = time.microseconds % 1_000_000 == 0 ? time + .microseconds(1) : time
        return [
            "apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
            "metadata": [
                "name": .string(name), "namespace": .string(Self.leaseNamespace),
                "ownerReferences": [
                    ["apiVersion": "v1", "kind": "Node", "name": .string(name), "uid": .string(uid)]
                ],
            ],
            "spec": [
                "holderIdentity": .string(name), "leaseDurationSeconds": 40, "renewTime": .string(renewedAt.rfc3339),
            ],
        ]
    }

    /// Where the leases of nodes are.
    static let leaseNamespace = "kube-node-lease"
}
