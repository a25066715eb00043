extension JSONValue {
    /// The object with these labels and annotations beside its own.
    package func marked(labels: [String: String] = [:], annotations: [String: String]) -> JSONValue {
        var metadata = self["metadata"]?.object ?? [:]
        for (key, added) in [("labels", labels), ("annotations", annotations)] where !added.isEmpty {
            metadata[key] = .object((metadata[key]?.object ?? [:]).merging(added.mapValues { .string($0) }) { $1 })
        }
        var members = object ?? [:]
        members["metadata"] = .object(metadata)
        return .object(members)
    }
}
