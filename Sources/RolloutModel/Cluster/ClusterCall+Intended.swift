extension ClusterCall {
    /// The call that was written down before it was made; `nil` if no run makes such a call.
    package init?(_ intended: CallIntended) {
        let resources: [Resource] = [.deployments, .services, .pods, .httpRoutes]
        let verbs: [String: Verb] = ["POST": .create, "PUT": .update, "PATCH": .patch, "DELETE": .delete]
        let parts = intended.path.split(separator: "/").map(String.init)
        guard let verb = verbs[intended.method],
            let index = parts.firstIndex(of: "namespaces"), index + 2 < parts.count,
            let resource = resources.first(where: { $0.plural == parts[index + 2] }),
            let name = verb == .create ? intended.body["metadata"]?["name"]?.string : parts.dropFirst(index + 3).first
        else { return nil }
        self.init(verb, resource, name, namespace: parts[index + 1], body: intended.body)
    }
}
