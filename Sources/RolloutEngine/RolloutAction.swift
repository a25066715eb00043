import RolloutModel

/// One thing that a run wants of the cluster.
///
/// It says how something is to be, so that whether it is done already can be seen; nothing is done twice.
package enum RolloutAction: Hashable, Sendable {
    /// The Deployment is to have this template, strategy and change-cause.
    case shape(deployment: String, uid: String, DeploymentChange.Shape)
    /// The Deployment's controller is to leave its pods alone, or to do so no longer.
    case pause(deployment: String, uid: String, Bool)
    /// The Deployment is to have so many pods.
    case scale(deployment: String, uid: String, replicas: Int)
    /// The Service is to select these labels.
    case select(service: String, uid: String, labels: [String: String])
    /// The HTTPRoute is to have these rules instead of those.
    case route(name: String, uid: String, from: JSONValue, to: JSONValue)
    /// An object is to be made from this manifest.
    case create(Resource, name: String, manifest: JSONValue)
    /// This very object is to go.
    case delete(Resource, name: String, uid: String)

    /// The object that it is about.
    package var object: (resource: Resource, name: String) {
        switch self {
        case .shape(let name, _, _), .pause(let name, _, _), .scale(let name, _, _): (.deployments, name)
        case .select(let name, _, _): (.services, name)
        case .route(let name, _, _, _): (.httpRoutes, name)
        case .create(let resource, let name, _), .delete(let resource, let name, _): (resource, name)
        }
    }

    /// For a person: what it does, without a full stop.
    package var description: String {
        switch self {
        case .shape(let name, _, let shape):
            "set deploy/\(name) to \(Template.images(shape.template).joined(separator: ", "))"
        case .pause(let name, _, let isPaused): "\(isPaused ? "pause" : "resume") deploy/\(name)"
        case .scale(let name, _, let replicas): "scale deploy/\(name) to \(replicas)"
        case .select(let name, _, let labels):
            "switch svc/\(name) to \(labels.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }.joined(separator: ","))"
        case .route(let name, _, _, let rules): "share httproute/\(name): \(Self.shares(rules))"
        case .create(let resource, let name, let manifest):
            "create \(Self.short(resource))/\(name)\(Self.size(manifest))"
        case .delete(let resource, let name, _): "delete \(Self.short(resource))/\(name)"
        }
    }

    /// How each rule shares its requests, in order, the same only once: `web 90, web-canary 10`.
    private static func shares(_ rules: JSONValue) -> String {
        var texts: [String] = []
        for rule in rules.array ?? [] {
            let backends = rule["backendRefs"]?.array ?? []
            let text = backends.map { backend in
                let share = backends.count > 1 ? " \(backend["weight"]?.integer ?? 1)" : ""
                return (backend["name"]?.string ?? "") + share
            }.joined(separator: ", ")
            if !text.isEmpty, !texts.contains(text) { texts.append(text) }
        }
        return texts.joined(separator: "; ")
    }

    private static func short(_ resource: Resource) -> String {
        resource == .deployments ? "deploy" : resource.kind.lowercased()
    }

    private static func size(_ manifest: JSONValue) -> String {
        guard let template = manifest["spec"]?["template"] else { return "" }
        let replicas = manifest["spec"]?["replicas"]?.integer ?? 1
        return
            " with \(replicas) pod\(replicas == 1 ? "" : "s") of \(Template.images(template).joined(separator: ", "))"
    }

    /// The call that brings it about.
    ///
    /// - Parameters:
    ///   - current: The object as it is now; `nil` if there is none.
    ///   - run: The run that wants it.
    /// - Returns: `nil` if nothing needs to be done, or nothing can be done yet.
    /// - Throws: ``ShipslogError`` with code `conflict` if the object is not the one that was meant.
    package func call(on current: JSONValue?, namespace: String, by run: EventID) throws -> ClusterCall? {
        switch self {
        case .shape(let name, let uid, let shape):
            let deployment = try Self.same(current, "deploy/\(name)", uid: uid)
            return Self.patch(.deployments, deployment, to: shape.applied(to: deployment), name, namespace)
        case .pause(let name, let uid, let isPaused):
            return Self.set(
                "paused", .bool(isPaused), of: .deployments, try Self.same(current, "deploy/\(name)", uid: uid), name,
                namespace)
        case .scale(let name, let uid, let replicas):
            return Self.set(
                "replicas", .integer(Int64(replicas)), of: .deployments,
                try Self.same(current, "deploy/\(name)", uid: uid), name, namespace)
        case .select(let name, let uid, let labels):
            return Self.set(
                "selector", .object(labels.mapValues { .string($0) }), of: .services,
                try Self.same(current, "svc/\(name)", uid: uid), name, namespace)
        case .route(let name, let uid, let before, let rules):
            let route = try Self.same(current, "httproute/\(name)", uid: uid)
            let present = route["spec"]?["rules"] ?? []
            guard before.isSaid(by: present) || rules.isSaid(by: present) else {
                throw ShipslogError(.conflict, "The rules of httproute/\(name) were changed meanwhile.")
            }
            // Even if it has them: that the run has asked for them is how it knows.
            return ClusterCall(
                .patch, .httpRoutes, name, namespace: namespace,
                body: [
                    "metadata": ["resourceVersion": route["metadata"]?["resourceVersion"] ?? .null],
                    "spec": ["rules": Self.rules(rules, withAdditionsOf: present, since: before)],
                ])
        case .create(let resource, let name, let manifest):
            if current != nil { return nil }
            return ClusterCall(
                .create, resource, name, namespace: namespace, body: RunMark.marked(manifest, by: run))
        case .delete(let resource, let name, let uid):
            guard current?["metadata"]?["uid"]?.string == uid, current?["metadata"]?["deletionTimestamp"] == nil else {
                return nil
            }
            return .delete(resource, name, namespace: namespace, uid: uid)
        }
    }

    /// Rules of a route, each with what somebody has added to it meanwhile: a time limit, or a filter.
    private static func rules(
        _ wanted: JSONValue, withAdditionsOf present: JSONValue, since before: JSONValue
    ) -> JSONValue {
        let (present, before) = (present.array ?? [], before.array ?? [])
        return .array(
            (wanted.array ?? []).enumerated().map { index, rule in
                guard index < min(present.count, before.count), let now = present[index].object,
                    let then = before[index].object, let members = rule.object
                else { return rule }
                return .object(members.merging(now.filter { then[$0.key] == nil }) { wanted, _ in wanted })
            })
    }

    private static func set(
        _ field: String, _ value: JSONValue, of resource: Resource, _ object: JSONValue, _ name: String,
        _ namespace: String
    ) -> ClusterCall? {
        var target = object
        target["spec"]?[field] = value
        return patch(resource, object, to: target, name, namespace)
    }

    private static func same(_ current: JSONValue?, _ name: String, uid: String) throws -> JSONValue {
        guard let current else {
            throw ShipslogError(.conflict, "\(name) was deleted meanwhile.")
        }
        guard current["metadata"]?["uid"]?.string == uid else {
            throw ShipslogError(.conflict, "\(name) was deleted meanwhile, and another one has its name.")
        }
        return current
    }

    private static func patch(
        _ resource: Resource, _ object: JSONValue, to target: JSONValue, _ name: String, _ namespace: String
    ) -> ClusterCall? {
        guard var patch = MergePatch.difference(from: object, to: target) else { return nil }
        // Without it a change that came between reading and writing would be undone unseen.
        var metadata = patch["metadata"]?.object ?? [:]
        metadata["resourceVersion"] = object["metadata"]?["resourceVersion"]
        if case .object(var members) = patch {
            members["metadata"] = .object(metadata)
            patch = .object(members)
        }
        return ClusterCall(.patch, resource, name, namespace: namespace, body: patch)
    }
}

extension JSONValue {
    /// Whether another value says all that this one says; the API server fills in what is left out.
    func isSaid(by other: JSONValue?) -> Bool {
        switch (self, other) {
        case (.object(let members), .object(let others)?): members.allSatisfy { $1.isSaid(by: others[$0]) }
        case (.array(let elements), .array(let others)?):
            elements.count == others.count && zip(elements, others).allSatisfy { $0.isSaid(by: $1) }
        default: self == other
        }
    }
}

extension DeploymentChange.Shape {
    private static let changeCauseKey = "kubernetes.io/change-cause"

    /// Reads the shape of a Deployment; `nil` if it is no Deployment.
    package init?(of deployment: JSONValue) {
        guard let spec = deployment["spec"], let template = spec["template"] else { return nil }
        self.init(
            template: template, strategy: DeploymentStrategy(specFields: spec),
            changeCause: deployment["metadata"]?["annotations"]?[Self.changeCauseKey]?.string)
    }

    /// The Deployment with this shape; all else stays.
    package func applied(to deployment: JSONValue) -> JSONValue {
        var spec = deployment["spec"]?.object ?? [:]
        spec["template"] = template
        for key in DeploymentStrategy.optionalSpecFields { spec[key] = nil }
        for (key, value) in strategy.specFields {
            guard key == "strategy", case .object(let fields) = value else {
                spec[key] = value
                continue
            }
            spec[key] = .object(fields.filter { $0.value != .null })
        }
        var metadata = deployment["metadata"]?.object ?? [:]
        var annotations = metadata["annotations"]?.object ?? [:]
        annotations[Self.changeCauseKey] = changeCause.map { .string($0) }
        if metadata["annotations"] != nil || !annotations.isEmpty { metadata["annotations"] = .object(annotations) }
        var result = deployment.object ?? [:]
        result["spec"] = .object(spec)
        result["metadata"] = .object(metadata)
        return .object(result)
    }

    /// Whether a Deployment has this shape.
    func isThat(of state: DeploymentState) -> Bool {
        Template.digest(template) == Template.digest(state.template) && strategy == state.strategy
            && changeCause == state.changeCause
    }
}
