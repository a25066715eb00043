/// A kind of object of the Kubernetes API and where it is served.
///
/// Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-uris
public struct Resource: Hashable, Sendable, Codable {
    /// The API group; empty for the core group.
    public let group: String
    /// The version within the group: `v1`.
    public let version: String
    /// The plural name in lower case, as in paths: `deployments`.
    public let plural: String
    /// The name of one object's type: `Deployment`.
    public let kind: String
    /// Whether objects of this kind live in a namespace.
    public let isNamespaced: Bool

    public init(group: String = "", version: String = "v1", plural: String, kind: String, isNamespaced: Bool = true) {
        self.group = group
        self.version = version
        self.plural = plural
        self.kind = kind
        self.isNamespaced = isNamespaced
    }

    /// The group and version as objects name them: `apps/v1`.
    public var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }

    public static let deployments = Resource(group: "apps", plural: "deployments", kind: "Deployment")
    public static let replicaSets = Resource(group: "apps", plural: "replicasets", kind: "ReplicaSet")
    public static let pods = Resource(plural: "pods", kind: "Pod")
    public static let services = Resource(plural: "services", kind: "Service")
    public static let endpointSlices = Resource(
        group: "discovery.k8s.io", plural: "endpointslices", kind: "EndpointSlice")
    /// As Kubernetes before 1.21 serves them.
    public static let betaEndpointSlices = Resource(
        group: "discovery.k8s.io", version: "v1beta1", plural: "endpointslices", kind: "EndpointSlice")
    public static let httpRoutes = Resource(
        group: "gateway.networking.k8s.io", plural: "httproutes", kind: "HTTPRoute")
    /// As Gateway API before 1.0 serves them.
    public static let betaHTTPRoutes = Resource(
        group: "gateway.networking.k8s.io", version: "v1beta1", plural: "httproutes", kind: "HTTPRoute")
    public static let events = Resource(plural: "events", kind: "Event")
    public static let leases = Resource(group: "coordination.k8s.io", plural: "leases", kind: "Lease")
    public static let serviceAccounts = Resource(plural: "serviceaccounts", kind: "ServiceAccount")
    public static let nodes = Resource(plural: "nodes", kind: "Node", isNamespaced: false)
    public static let namespaces = Resource(plural: "namespaces", kind: "Namespace", isNamespaced: false)

    /// The path of the collection, in one namespace or, with `nil`, over all of them; of one object with `name`.
    ///
    /// Names are escaped where URLs need it.
    public func path(namespace: String? = nil, name: String? = nil, subresource: String? = nil) -> String {
        var parts = group.isEmpty ? ["api", version] : ["apis", group, version]
        if isNamespaced, let namespace { parts += ["namespaces", namespace] }
        parts.append(plural)
        if let name { parts.append(name) }
        if let subresource { parts.append(subresource) }
        return "/" + parts.map(URLText.escaped).joined(separator: "/")
    }
}
