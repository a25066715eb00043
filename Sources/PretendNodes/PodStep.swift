import RolloutModel

/// One request about a pod.
package struct PodStep: Hashable, Sendable {
    package let uid: String
    package let name: String
    package let namespace: String
    package let action: Action

    /// What is asked for.
    package enum Action: Hashable, Sendable {
        /// A place on a node.
        case bind(node: String)
        /// This status.
        case show(Pod.Status)
        /// Its end.
        case delete
    }

    /// What came of a request.
    package enum Outcome: Hashable, Sendable {
        case done
        /// There is no such pod any more.
        case gone
        /// Nothing came of it, for a reason that may pass.
        case failed(String)
    }
}

extension Pod.Status {
    /// The status as a strategic merge patch, which leaves conditions alone that are not the kubelet's.
    ///
    /// - Throws: `EncodingError`, `DecodingError`: not for any status of ours.
    func patch() throws -> JSONValue {
        var value = try CanonicalJSON.decode(JSONValue.self, from: try CanonicalJSON.encode(self))
        // Conditions are merged: what one says no longer must be taken back.
        value["conditions"] = .array(
            (value["conditions"]?.array ?? []).map { condition in
                let empty: [String: JSONValue] = ["reason": .null, "message": .null]
                return .object(empty.merging(condition.object ?? [:]) { $1 })
            })
        return value
    }
}
