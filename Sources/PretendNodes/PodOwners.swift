import RolloutModel

/// To what pods belong, and which pod of it each is.
struct PodOwners: Sendable {
    private var replicaSets: [String: Owner] = [:]
    private var ordinals: [String: Int] = [:]

    /// What a pod belongs to.
    struct Owner: Sendable {
        /// The UID of its controller; `nil` for a bare pod.
        var uid: String?
        /// The name of its Deployment, of another controller, or its own.
        var name: String
        var revision: Int?
        /// The digest of its template, if it is a ReplicaSet.
        var template: String?
    }

    mutating func see(_ replicaSet: ReplicaSet) {
        let metadata = replicaSet.metadata
        let deployment = metadata.controller.flatMap { $0.kind == "Deployment" ? $0.name : nil }
        replicaSets[metadata.uid] = Owner(
            uid: metadata.uid, name: deployment ?? metadata.name,
            revision: metadata.annotations?["deployment.kubernetes.io/revision"].flatMap { Int($0) },
            template: replicaSets[metadata.uid]?.template ?? replicaSet.spec.template.map { Template.digest($0) }
        )
    }

    mutating func forget(_ uid: String) {
        replicaSets[uid] = nil
        ordinals[uid] = nil
    }

    /// What a pod belongs to; `nil` if that is a ReplicaSet which was not seen yet.
    func owner(of pod: Pod) -> Owner? {
        guard let controller = pod.metadata.controller else { return Owner(name: pod.metadata.name) }
        if controller.kind == "ReplicaSet" { return replicaSets[controller.uid] }
        return Owner(uid: controller.uid, name: controller.name)
    }

    /// Counts a new pod: of its controller or, if it is a bare pod, under its name.
    mutating func nextOrdinal(of owner: Owner, in namespace: String) -> Int {
        let key = owner.uid ?? "\(namespace)/\(owner.name)"
        ordinals[key, default: 0] += 1
        return ordinals[key, default: 1]
    }
}
