import RolloutModel

/// A cluster whose admission pins an image to what its tag names.
struct PinningCluster: Cluster {
    static let pinned = "nginx@sha256:0123"

    let cluster: any Cluster

    func perform(_ call: ClusterCall) async throws -> CallAnswer {
        var call = call
        if let template = call.body["spec"]?["template"], Template.images(template) == ["nginx:2"] {
            call.body["spec"]?["template"] = template.withImage(Self.pinned)
        }
        return try await cluster.perform(call)
    }

    func uid() async throws -> String { try await cluster.uid() }
    func now() async -> Timestamp { await cluster.now() }
    func get(_ resource: Resource, _ name: String, namespace: String?) async throws -> JSONValue? {
        try await cluster.get(resource, name, namespace: namespace)
    }
    func list(_ selection: ClusterSelection) async throws -> [JSONValue] { try await cluster.list(selection) }
    func watch(_ selections: [ClusterSelection]) async throws -> any ClusterWatch {
        try await cluster.watch(selections)
    }
}
