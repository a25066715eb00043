/// What carrying out a rollout needs of a cluster: to read, to act, to watch, and its clock.
///
/// A real API server and the simulator both are one, and what runs on one runs unchanged on the other. Objects are JSON
/// values as the API describes them, with the fields that nobody here knows.
///
/// What the cluster refuses is thrown as ``StatusError``; any other error means that nobody knows whether the call was
/// carried out.
package protocol Cluster: Sendable {
    /// What tells this cluster from others: the UID of its namespace `kube-system`.
    func uid() async throws -> String

    /// The time by the clock against which ``ClusterWatch/changes(until:)`` waits.
    func now() async -> Timestamp

    /// One object; `nil` if there is none.
    func get(_ resource: Resource, _ name: String, namespace: String?) async throws -> JSONValue?

    /// The objects of a selection, all as they were at one moment, by namespace and name.
    func list(_ selection: ClusterSelection) async throws -> [JSONValue]

    /// Carries out one call, once: it is never repeated unasked when nobody knows what became of it.
    func perform(_ call: ClusterCall) async throws -> CallAnswer

    /// Begins to watch.
    func watch(_ selections: [ClusterSelection]) async throws -> any ClusterWatch
}

/// What becomes of the objects that somebody watches.
package protocol ClusterWatch: Sendable {
    /// What has changed since this was last called, in the order in which each resource's changes happened.
    ///
    /// Waits until there is something or the cluster's clock shows the deadline, and is empty only then. The first changes
    /// are one ``ClusterChange/all(_:_:)`` for each selection. Not to be called again before it has returned.
    func changes(until deadline: Timestamp) async throws -> [ClusterChange]

    /// Ends the watch.
    func stop() async
}

/// What became of objects.
package enum ClusterChange: Hashable, Sendable {
    /// These are all the objects of a selection: what is not among them is gone.
    case all(ClusterSelection, [JSONValue])
    /// An object is new, or other than before.
    case changed(JSONValue)
    /// An object is gone; it is as it was last.
    case deleted(JSONValue)
}

/// Objects of a resource: in one namespace or, with `nil`, in all; with labels, those that have them all.
package struct ClusterSelection: Hashable, Sendable {
    package var resource: Resource
    package var namespace: String?
    package var labels: [String: String]

    package init(_ resource: Resource, namespace: String?, labels: [String: String] = [:]) {
        self.resource = resource
        self.namespace = namespace
        self.labels = labels
    }
}

/// What the cluster says of a call that it carried out.
package struct CallAnswer: Hashable, Sendable {
    /// The HTTP status, from 200 to 299.
    package var code: Int
    /// The object as it is now; of a deleted pod what it was last, of most other things that are gone a Status.
    package var object: JSONValue
    /// What the audit log calls the request; `nil` where there is none.
    package var auditID: String?

    package init(code: Int, object: JSONValue, auditID: String? = nil) {
        self.code = code
        self.object = object
        self.auditID = auditID
    }
}
