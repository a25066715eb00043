import RolloutModel

/// What is needed to make a second Deployment from a first.
enum DeploymentTwin {
    /// The manifest of a Deployment that is as another one but for its name, some labels and what else is changed in its
    /// template.
    ///
    /// - Parameters:
    ///   - labels: What tells its pods from those of the first.
    ///   - edit: Changes the pod template.
    static func manifest(
        of deployment: JSONValue, name: String, labels: [String: String], edit: TemplateEdit
    ) throws -> JSONValue {
        let added = labels.mapValues { JSONValue.string($0) }
        func labeled(_ value: JSONValue?) -> JSONValue { .object((value?.object ?? [:]).merging(added) { $1 }) }
        var spec = deployment["spec"] ?? [:]
        spec["paused"] = nil
        var selector = spec["selector"] ?? [:]
        selector["matchLabels"] = labeled(deployment["spec"]?["selector"]?["matchLabels"])
        spec["selector"] = selector
        var template = spec["template"] ?? [:]
        template["metadata"]?["labels"] = labeled(deployment["spec"]?["template"]?["metadata"]?["labels"])
        spec["template"] = try edit(template)
        var metadata: JSONValue = ["name": .string(name)]
        if let labels = deployment["metadata"]?["labels"] { metadata["labels"] = labels }
        return ["apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": spec]
    }

    /// The name of the Deployment that takes over step by step: `web-canary` from `web`, and back.
    static func otherTrack(of name: String) -> String {
        let suffix = "-canary"
        return name.hasSuffix(suffix) && name != suffix ? String(name.dropLast(suffix.count)) : name + suffix
    }

    /// The names of a pair that bear its colours: `web-green` for `web-blue`, and back; `nil` for any other.
    static func otherColor(of name: String) -> String? {
        for (color, other) in [("blue", "green"), ("green", "blue")] where name == color || name.hasSuffix("-\(color)")
        {
            return name.dropLast(color.count) + other
        }
        return nil
    }
}
