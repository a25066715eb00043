import RolloutModel

/// What is needed to make a pod again.
enum PodManifest {
    /// The pod without what the cluster filled in about this one life of it.
    static func manifest(of pod: JSONValue) -> JSONValue {
        let metadata = pod["metadata"]?.object ?? [:]
        var spec = pod["spec"]?.object ?? [:]
        spec["nodeName"] = nil
        // They belong to who looked into this one life, and nobody may make a pod with them.
        spec["ephemeralContainers"] = nil
        return .object([
            "apiVersion": "v1", "kind": "Pod",
            "metadata": .object(metadata.filter { ["name", "namespace", "labels", "annotations"].contains($0.key) }),
            "spec": .object(spec),
        ])
    }
}
