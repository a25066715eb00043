import RolloutModel

/// What is needed to make a pod again.
enum PodManifest {
    /// The pod without what the cluster filled in about this one life of it.
    static func manifest(of pod: JSONValue) -> JSONValue {
        let metadata = pod["metadata"]?.object ?? [:]
        return .object([
            "apiVersion": "v1", "kind": "Pod",
            "metadata": .object(metadata.filter { ["name", "namespace", "labels", "annotations"].contains($0.key) }),
            "spec": PodSpec.forAnother(pod["spec"] ?? [:]),
        ])
    }
}
