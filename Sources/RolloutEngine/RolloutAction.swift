import RolloutModel

/// One thing that a run wants of the cluster.
///
/// It says how something is to be, so that whether it is done already can be seen; nothing is done twice.
package enum RolloutAction: Hashable, Sendable {
    /// The Deployment is to have this template, strategy and change-cause.
    case shape(deployment: String, uid: String, DeploymentChange.Shape)
    /// The Deployment's controller is to leave its pods alone.
    case pause(deployment: String, uid: String)
    /// A pod is to be made from this manifest.
    case createPod(name: String, manifest: JSONValue)
    /// This very pod is to go.
    case deletePod(name: String, uid: String)

    /// The object that it is about.
    package var object: (resource: Resource, name: String) {
        switch self {
        case .shape(let name, _, _), .pause(let name, _): (.deployments, name)
        case .createPod(let name, _), .deletePod(let name, _): (.pods, name)
        }
    }

    /// For a person: what it does, without a full stop.
    package var description: String {
        switch self {
        case .shape(let name, _, let shape):
            "set deploy/\(name) to \(Template.images(shape.template).joined(separator: ", "))"
        case .pause(let name, _): "pause deploy/\(name)"
        case .createPod(let name, _): "create pod/\(name)"
        case .deletePod(let name, _): "delete pod/\(name)"
        }
    }

    /// The call that brings it about.
    ///
    /// - Parameter current: The object as it is now; `nil` if there is none.
    /// - Returns: `nil` if nothing needs to be done, or nothing can be done yet.
    /// - Throws: ``ShipslogError`` with code `conflict` if the object is not the one that was meant.
    package func call(on current: JSONValue?, namespace: String) throws -> ClusterCall? {
        switch self {
        case .shape(let name, let uid, let shape):
            let deployment = try Self.same(current, "deploy/\(name)", uid: uid)
            return Self.patch(deployment, to: shape.applied(to: deployment), name, namespace)
        case .pause(let name, let uid):
            var target = try Self.same(current, "deploy/\(name)", uid: uid)
            let deployment = target
            target["spec"]?["paused"] = true
            return Self.patch(deployment, to: target, name, namespace)
        case .createPod(let name, let manifest):
            if current != nil { return nil }
            return ClusterCall(.create, .pods, name, namespace: namespace, body: manifest)
        case .deletePod(let name, let uid):
            guard current?["metadata"]?["uid"]?.string == uid, current?["metadata"]?["deletionTimestamp"] == nil else {
                return nil
            }
            return .delete(.pods, name, namespace: namespace, uid: uid)
        }
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
        _ deployment: JSONValue, to target: JSONValue, _ name: String, _ namespace: String
    ) -> ClusterCall? {
        guard var patch = MergePatch.difference(from: deployment, to: target) else { return nil }
        // Without it a change that came between reading and writing would be undone unseen.
        var metadata = patch["metadata"]?.object ?? [:]
        metadata["resourceVersion"] = deployment["metadata"]?["resourceVersion"]
        if case .object(var members) = patch {
            members["metadata"] = .object(metadata)
            patch = .object(members)
        }
        return ClusterCall(.patch, .deployments, name, namespace: namespace, body: patch)
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
    func applied(to deployment: JSONValue) -> JSONValue {
        var spec = deployment["spec"]?.object ?? [:]
        spec["template"] = template
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
