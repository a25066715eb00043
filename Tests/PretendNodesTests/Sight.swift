import Foundation
import PretendNodes
import RolloutModel

/// Pods and ReplicaSets as an API server would show them.
enum Sight {
    static func pod(
        _ name: String, uid: String? = nil, image: String = "nginx:1", node: String? = nil, replicaSet: String? = nil,
        status: JSONValue? = nil, deleted: (at: Timestamp, grace: Int64)? = nil
    ) throws -> Pod {
        var metadata: [String: JSONValue] = [
            "name": .string(name), "namespace": "shop", "uid": .string(uid ?? "uid-\(name)"), "resourceVersion": "1",
        ]
        if let replicaSet {
            metadata["ownerReferences"] = [
                ["kind": "ReplicaSet", "name": .string(replicaSet), "uid": .string(replicaSet), "controller": true]
            ]
        }
        if let deleted {
            metadata["deletionTimestamp"] = .string(deleted.at.rfc3339)
            metadata["deletionGracePeriodSeconds"] = .integer(deleted.grace)
        }
        var spec: [String: JSONValue] = ["containers": [["name": "web", "image": .string(image)]]]
        spec["nodeName"] = node.map { .string($0) }
        var object: [String: JSONValue] = ["metadata": .object(metadata), "spec": .object(spec)]
        object["status"] = status
        return try CanonicalJSON.decode(Pod.self, from: try CanonicalJSON.encode(JSONValue.object(object)))
    }

    static func replicaSet(_ uid: String, of deployment: String, revision: Int) throws -> ReplicaSet {
        let object: JSONValue = [
            "metadata": [
                "name": .string(uid), "namespace": "shop", "uid": .string(uid), "resourceVersion": "1",
                "annotations": ["deployment.kubernetes.io/revision": .string(String(revision))],
                "ownerReferences": [
                    ["kind": "Deployment", "name": .string(deployment), "uid": "d", "controller": true]
                ],
            ],
            "spec": ["selector": [:], "template": [:]],
        ]
        return try CanonicalJSON.decode(ReplicaSet.self, from: try CanonicalJSON.encode(object))
    }

    /// What a behaviours file with such rules says, in JSON.
    static func behaviours(_ rules: String, seed: Int = 0) throws -> PodBehaviours {
        let text = #"{"apiVersion":"shipslog/v1","kind":"PodBehaviours","seed":\#(seed),"rules":[\#(rules)]}"#
        return try PodBehaviours(CanonicalJSON.decode(JSONValue.self, from: Data(text.utf8)))
    }
}
