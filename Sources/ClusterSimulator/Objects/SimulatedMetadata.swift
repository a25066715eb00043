import RolloutModel

/// What every object of the simulated cluster has.
struct SimulatedMetadata: Sendable {
    /// Which object this is: its UID is derived from it.
    let number: Int
    var name: String
    /// Empty for objects that are in none.
    var namespace: String
    var resourceVersion = 0
    var generation = 1
    var createdAt: Timestamp
    var deletion: Deletion?
    var labels: [String: String] = [:]
    var annotations: [String: String] = [:]
    /// The controller, if it is an object of this cluster.
    var owner: Owner?
    /// Members that mean nothing to this cluster.
    var others: [String: JSONValue] = [:]

    /// That an object is to go.
    struct Deletion: Hashable, Sendable {
        var requestedAt: Timestamp
        var gracePeriodSeconds: Int
    }

    /// The object that manages this one.
    struct Owner: Hashable, Sendable {
        var number: Int
        var kind: ObjectKind
        var name: String
    }

    init(number: Int, name: String, namespace: String, createdAt: Timestamp) {
        self.number = number
        self.name = name
        self.namespace = namespace
        self.createdAt = createdAt
    }
}

/// What is kept together: objects of a group and plural name, whatever version of the API they are asked for in.
enum ObjectKind: Hashable, Sendable {
    case deployment, replicaSet, pod, service, endpointSlice, node, namespace
    /// A kind that the simulated controllers do not touch.
    case other(group: String, plural: String)

    init(_ resource: Resource) {
        switch (resource.group, resource.plural) {
        case ("apps", "deployments"): self = .deployment
        case ("apps", "replicasets"): self = .replicaSet
        case ("", "pods"): self = .pod
        case ("", "services"): self = .service
        case ("discovery.k8s.io", "endpointslices"): self = .endpointSlice
        case ("", "nodes"): self = .node
        case ("", "namespaces"): self = .namespace
        default: self = .other(group: resource.group, plural: resource.plural)
        }
    }
}

/// By what an object is asked for.
struct ObjectKey: Hashable, Sendable {
    var kind: ObjectKind
    var namespace: String
    var name: String
}
