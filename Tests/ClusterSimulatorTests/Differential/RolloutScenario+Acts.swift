import RolloutModel

extension RolloutScenario.Act: CustomStringConvertible {
    var description: String {
        switch self {
        case .create: "creation"
        case .image(let image): "image \(image)"
        case .scale(let replicas): "scaled to \(replicas)"
        case .pause: "paused"
        case .resume: "resumed"
        case .undo(let revision): "undone to revision \(revision)"
        case .change(let spec): "other \(spec.keys.sorted().joined(separator: ", "))"
        case .deletePod(let revision): "pod of revision \(revision) deleted"
        case .wait(let seconds): "\(seconds) s"
        case .settle: "settled"
        }
    }

    /// The call by which it is done; `nil` if there is nothing to do it to.
    ///
    /// - Parameter sight: What is seen in that cluster.
    func call(
        on scenario: RolloutScenario, in namespace: String, _ sight: DeploymentSight
    ) -> ClusterCall? {
        func patch(_ spec: [String: JSONValue]) -> ClusterCall {
            ClusterCall(.patch, .deployments, "web", namespace: namespace, body: ["spec": .object(spec)])
        }
        func containers(_ containers: JSONValue) -> ClusterCall {
            patch(["template": ["spec": ["containers": containers]]])
        }
        switch self {
        case .create:
            return ClusterCall(
                .create, .deployments, "web", namespace: namespace,
                body: Play.deployment(replicas: scenario.replicas, spec: scenario.spec))
        case .image(let image): return containers([["name": "web", "image": .string("nginx:\(image)")]])
        case .scale(let replicas): return patch(["replicas": .integer(replicas)])
        case .pause: return patch(["paused": true])
        case .resume: return patch(["paused": .null])
        case .undo(let revision): return sight.containers(ofRevision: revision).map(containers)
        case .change(let spec): return patch(spec)
        case .deletePod(let revision):
            return sight.pod(ofRevision: revision).map {
                ClusterCall(
                    .delete, .pods, $0, namespace: namespace, body: ["kind": "DeleteOptions", "apiVersion": "v1"])
            }
        case .wait, .settle: return nil
        }
    }
}
