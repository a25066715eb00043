import RolloutEngine
import RolloutModel

extension CanaryTarget {
    /// How an HTTPRoute shares the traffic, and the Service over the old pods that it takes it from.
    ///
    /// - Throws: ``ShipslogError`` with code `notFound` if there is no such route, `invalidArgument` if it does not name
    ///   such a Service, or the Service would reach the new pods too; what the cluster throws.
    func sharing(
        _ route: String, _ wish: Wish, from stable: JSONValue, to template: JSONValue, _ canaryName: String
    ) async throws -> (service: String, route: Canary.Route) {
        let object = try await session.object(.httpRoutes, route)
        try session.refuseForeign(object, "httproute/\(route)")
        let rules = object["spec"]?["rules"] ?? []
        let old = Template.labels(stable["spec"]?["template"] ?? [:])
        let service = try await service(wish.service, over: old, named: rules, of: route)
        let name = service["metadata"]?["name"]?.string ?? ""
        let selector = service["spec"]?["selector"]?.strings ?? [:]
        let labels = Template.labels(template)
        guard !selector.selects(labels) else {
            let (key, value) = selector.min { $0.key < $1.key } ?? ("", "")
            throw ShipslogError(
                .invalidArgument,
                "svc/\(name) selects \(ImageText.labels(selector)), which the pods of deploy/\(canaryName) would have too, so the weights of httproute/\(route) would not be exact.",
                hint:
                    "Have the new pods differ in a label that it selects by: --label \(key)=\(value)-canary; or have it select by one more, such as track=stable."
            )
        }
        let target = try ServiceTwin.selector(like: selector, of: name, for: labels, of: canaryName)
        let canaryService = DeploymentTwin.otherTrack(of: name)
        let manifest = try await session.twin(
            of: service, name: canaryService, selecting: target, labels: (labels, old),
            hint: "It must select \(ImageText.labels(target)), or not be there: then it is made.")
        return (
            name,
            Canary.Route(
                name: route, uid: object["metadata"]?["uid"]?.string ?? "", rules: rules,
                canaryService: canaryService, manifest: manifest, match: wish.match)
        )
    }

    /// The Service over the old pods to which a route sends requests.
    private func service(
        _ wanted: String?, over labels: [String: String], named rules: JSONValue, of route: String
    ) async throws -> JSONValue {
        let namespace = session.place.namespace
        let services = try await session.place.cluster.list(ClusterSelection(.services, namespace: namespace)).filter {
            let name = $0["metadata"]?["name"]?.string ?? ""
            return $0["spec"]?["selector"]?.strings?.selects(labels) ?? false && name == wanted ?? name
                && Canary.Route.isNamed(name, in: rules, namespace)
        }
        guard let service = services.first, services.count == 1 else {
            let names = services.compactMap { $0["metadata"]?["name"]?.string }.joined(separator: ", ")
            let which = wanted.map { "svc/\($0) over" } ?? "a Service over"
            throw ShipslogError(
                .invalidArgument,
                services.isEmpty
                    ? "httproute/\(route) sends nothing to \(which) the pods of deploy/\(name)."
                    : "httproute/\(route) names several Services over the pods of deploy/\(name): \(names).",
                hint: services.isEmpty
                    ? "A backendRef of it must name such a Service." : "Say which one is meant with --service.")
        }
        return service
    }
}
