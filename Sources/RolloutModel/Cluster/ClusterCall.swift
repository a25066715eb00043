import Foundation

/// A call that changes something in a cluster.
///
/// - SeeAlso: <https://kubernetes.io/docs/reference/using-api/api-concepts/>
package struct ClusterCall: Hashable, Sendable, Codable {
    package var verb: Verb
    package var resource: Resource
    /// `nil` for objects that are in none.
    package var namespace: String?
    package var name: String
    /// `scale` or `status`; `nil` for the object itself.
    package var subresource: String?
    /// The object, the patch, or the options of the deletion.
    package var body: JSONValue
    /// Whether the cluster only tries: everything is checked and answered as if, and nothing is kept.
    package var isDryRun: Bool

    /// What is done.
    package enum Verb: String, Hashable, Sendable, Codable {
        case create
        /// Replaces the whole object.
        case update
        /// Merges members into the object; null removes.
        ///
        /// - SeeAlso: <https://www.rfc-editor.org/rfc/rfc7386>
        case patch
        case delete
    }

    package init(
        _ verb: Verb, _ resource: Resource, _ name: String, namespace: String?, subresource: String? = nil,
        body: JSONValue, isDryRun: Bool = false
    ) {
        self.verb = verb
        self.resource = resource
        self.namespace = namespace
        self.name = name
        self.subresource = subresource
        self.body = body
        self.isDryRun = isDryRun
    }

    /// Deletes the object with this UID: not another that has got its name since.
    ///
    /// - Parameter gracePeriodSeconds: How long a pod may take to end; 0 removes it at once, `nil` is as the pod says.
    package static func delete(
        _ resource: Resource, _ name: String, namespace: String?, uid: String, gracePeriodSeconds: Int? = nil
    ) -> ClusterCall {
        var body: JSONValue = [
            "apiVersion": "v1", "kind": "DeleteOptions", "preconditions": ["uid": .string(uid)],
        ]
        body["gracePeriodSeconds"] = gracePeriodSeconds.map { .integer(Int64($0)) }
        return ClusterCall(.delete, resource, name, namespace: namespace, body: body)
    }

    /// The HTTP method: `PATCH`.
    package var method: String {
        switch verb {
        case .create: "POST"
        case .update: "PUT"
        case .patch: "PATCH"
        case .delete: "DELETE"
        }
    }

    /// The path on the server: of the collection for what is to be created.
    package var path: String {
        resource.path(namespace: namespace, name: verb == .create ? nil : name, subresource: subresource)
    }

    /// The media type of the body.
    package var contentType: String { verb == .patch ? "application/merge-patch+json" : "application/json" }
}
