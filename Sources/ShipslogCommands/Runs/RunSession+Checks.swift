import RolloutEngine
import RolloutModel

/// Changes a pod template.
typealias TemplateEdit = (JSONValue) throws -> JSONValue

/// What is looked at before anything is done.
extension RunSession {
    /// The cluster itself, also in a dry run.
    private var original: any Cluster { place.original ?? place.cluster }

    /// Refuses to change what a tool looks after that would change it back.
    ///
    /// - Throws: ``ShipslogError`` with code `conflict`.
    func refuseForeign(_ object: JSONValue, _ name: String) throws {
        guard !options.force, let owner = ForeignOwner(of: object) else { return }
        throw ShipslogError(
            .conflict, "\(name) is looked after by \(owner.rawValue), which may undo what is changed here.",
            hint: "Release it with \(owner.rawValue), or give --force.")
    }

    /// Refuses to scale or replace what a tool or an autoscaler looks after.
    ///
    /// - Throws: ``ShipslogError`` with code `conflict`; what the cluster throws.
    func refuseShared(_ deployment: JSONValue, _ name: String) async throws {
        try refuseForeign(deployment, "deploy/\(name)")
        guard !options.force, let autoscaler = try await autoscaler(of: name) else { return }
        throw ShipslogError(
            .conflict,
            "deploy/\(name) is scaled by the HorizontalPodAutoscaler \(autoscaler), which may undo what is changed here.",
            hint: "Delete it for the time being, or give --force.")
    }

    /// Tells of those who do not stand in the way of another template, but should be known.
    ///
    /// - Throws: What the cluster throws.
    func warnOfOwners(_ deployment: JSONValue, _ name: String) async throws {
        if let autoscaler = try await autoscaler(of: name) {
            try context.notice("The HorizontalPodAutoscaler \(autoscaler) may scale deploy/\(name) meanwhile.")
        }
        let applied = "kubectl.kubernetes.io/last-applied-configuration"
        if deployment["metadata"]?["annotations"]?[applied] != nil {
            try context.notice(
                "warning: deploy/\(name) was made by `kubectl apply`: change its file too, or the next apply undoes this"
            )
        }
    }

    /// The autoscaler that scales a Deployment; `nil` if there is none, or if that cannot be seen.
    private func autoscaler(of name: String) async throws -> String? {
        let autoscalers = Resource(
            group: "autoscaling", plural: "horizontalpodautoscalers", kind: "HorizontalPodAutoscaler")
        do {
            let owner = try await original.list(ClusterSelection(autoscalers, namespace: place.namespace)).first {
                let target = $0["spec"]?["scaleTargetRef"]
                return target?["kind"]?.string == "Deployment" && target?["name"]?.string == name
            }
            return owner?["metadata"]?["name"]?.string
        } catch let error as StatusError where [403, 404].contains(error.code) {
            try context.notice("warning: whether an autoscaler scales deploy/\(name) cannot be seen: \(error.message)")
            return nil
        }
    }

    /// A Deployment that there is, as the one that is to take over.
    ///
    /// - Parameter edit: Changes its pod template; `nil` for nothing.
    /// - Throws: ``ShipslogError`` with code `conflict` if a tool looks after it; what `edit` and the cluster throw.
    func candidate(_ deployment: JSONValue, _ name: String, _ edit: TemplateEdit?) async throws -> Candidate {
        try await refuseShared(deployment, name)
        guard let origin = DeploymentChange.Shape(of: deployment) else {
            throw ShipslogError(.internal, "The API server's deploy/\(name) has no template.")
        }
        var target = origin
        if let edit {
            target.template = try edit(origin.template)
            target.changeCause =
                options.reason ?? "shipslog: \(Template.images(target.template).joined(separator: ", "))"
        }
        let labels = deployment["spec"]?["selector"]?["matchLabels"]?.object ?? [:]
        let pods = try await place.cluster.list(
            ClusterSelection(.pods, namespace: place.namespace, labels: labels.compactMapValues(\.string)))
        let restarts = pods.compactMap { pod -> (String, Int)? in
            guard let uid = pod["metadata"]?["uid"]?.string else { return nil }
            let counts = (pod["status"]?["containerStatuses"]?.array ?? []).map { $0["restartCount"]?.integer ?? 0 }
            return (uid, Int(counts.reduce(0, +)))
        }
        return Candidate(
            name: name,
            existing: Candidate.Existing(
                uid: deployment["metadata"]?["uid"]?.string ?? "",
                replicas: Int(deployment["spec"]?["replicas"]?.integer ?? 1), origin: origin, target: target,
                restarts: Dictionary(uniqueKeysWithValues: restarts.filter { $0.1 > 0 }).nonEmpty))
    }

    /// Sees whether the nodes have room for more pods.
    ///
    /// - Throws: ``ShipslogError`` with code `conflict` if they have not.
    func checkCapacity(for template: JSONValue, count: Int) async throws {
        guard !options.force, count > 0 else { return }
        let capacity: Capacity
        do {
            capacity = Capacity(
                nodes: try await original.list(ClusterSelection(.nodes, namespace: nil)),
                pods: try await original.list(ClusterSelection(.pods, namespace: nil)))
        } catch let error as StatusError where error.code == 403 {
            return try context.notice(
                "warning: whether there is room for \(count) more pods cannot be seen: \(error.message)")
        }
        let room = capacity.room(for: template["spec"] ?? [:], upTo: count)
        guard room < count else { return }
        throw ShipslogError(
            .conflict, "There is room for \(room) of the \(count) pods that are needed beside the old ones.",
            hint: "Make room, or give --force.")
    }
}

extension Dictionary {
    fileprivate var nonEmpty: Self? { isEmpty ? nil : self }
}
