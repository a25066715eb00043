import RolloutModel

/// Where an object is served.
struct ObjectPlace: Hashable {
    var resource: Resource
    var namespace: String
    var name: String

    /// The object that a call is about; `nil` if it is none that a run touches.
    init?(of call: CallIntended) {
        let resources: [Resource] = [.deployments, .services, .pods]
        let parts = call.path.split(separator: "/").map(String.init)
        guard let index = parts.firstIndex(of: "namespaces"), index + 2 < parts.count,
            let resource = resources.first(where: { $0.plural == parts[index + 2] }),
            let name = index + 3 < parts.count ? parts[index + 3] : call.body["metadata"]?["name"]?.string
        else { return nil }
        (self.resource, namespace, self.name) = (resource, parts[index + 1], name)
    }
}

extension CallIntended {
    /// Whether an object is as the call would have left it.
    ///
    /// - Parameter current: The object; `nil` if there is none.
    func isDone(in current: JSONValue?) -> Bool {
        switch method {
        case "DELETE":
            current?["metadata"]?["uid"] != body["preconditions"]?["uid"]
                || current?["metadata"]?["deletionTimestamp"] != nil
        case "POST":
            current != nil
        default:
            current.map { MergePatch.apply(withoutPrecondition, to: $0) == $0 } ?? false
        }
    }

    private var withoutPrecondition: JSONValue {
        var members = body.object ?? [:]
        if var metadata = members["metadata"]?.object {
            metadata["resourceVersion"] = nil
            members["metadata"] = .object(metadata)
        }
        return .object(members)
    }
}
