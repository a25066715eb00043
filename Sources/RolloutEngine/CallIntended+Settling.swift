import RolloutModel

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
            current != nil && RunMark.run(of: current) == RunMark.run(of: body)
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
