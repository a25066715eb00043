import RolloutModel

/// What somebody sees who watches a namespace with one Deployment: told alike of a real cluster and of a simulated one.
struct DeploymentSight {
    private var path = Path()
    private var deployment: JSONValue = .object([:])
    private var conditions: [String: String] = [:]
    /// What `Progressing` said last, but for ``progress``.
    private var landmark: String?
    private var sets: [String: SetSight] = [:]
    private var sizes = ""
    private var pods: [String: PodSight] = [:]

    private struct SetSight {
        var revision: Int
        var size: Int64
        var containers: JSONValue?
        var text: String
    }

    private struct PodSight {
        var name: String
        var owner: String
        var isTerminating: Bool
        var text: String
    }

    /// The states that a Deployment has gone through, one after the other.
    ///
    /// They are told apart by what they are of:
    /// - of the sizes that its ReplicaSets are to have, by revision: `1:4 2:1`,
    /// - of its revision,
    /// - of each condition: status and reason, and `none` when it was taken away,
    /// - of `Progressing` also without ``DeploymentSight/progress``.
    struct Path: Equatable {
        private(set) var states: [String: [String]] = [:]

        fileprivate mutating func note(_ thing: String, _ state: String) { states[thing, default: []].append(state) }

        /// Without what a real Deployment controller may overlook.
        var overlooking: Path {
            var path = self
            path.states["condition Progressing"] = nil
            return path
        }
    }

    /// What `Progressing` says when the Deployment controller finds that the counts of pods come nearer to their end.
    private static let progress = "True ReplicaSetUpdated"

    mutating func take(_ change: ClusterChange) {
        switch change {
        case .all(_, let objects): for object in objects { see(object) }
        case .changed(let object): see(object)
        case .deleted(let object):
            pods[object.uid] = nil
            if sets.removeValue(forKey: object.uid) != nil { noteSizes() }
        }
    }

    /// What has changed, since this was last called.
    mutating func takePath() -> Path {
        defer { path = Path() }
        return path
    }

    private mutating func see(_ object: JSONValue) {
        switch object["kind"] {
        case "Deployment": see(deployment: object)
        case "ReplicaSet":
            sets[object.uid] = SetSight(
                revision: object.revision ?? 0, size: object.count("spec", "replicas"),
                containers: object["spec"]?["template"]?["spec"]?["containers"], text: object.replicaSetText)
            noteSizes()
        default:
            pods[object.uid] = PodSight(
                name: object.name, owner: object["metadata"]?["ownerReferences"]?.array?.first?["uid"]?.string ?? "",
                isTerminating: object.isTerminating, text: object.podText)
        }
    }

    private mutating func see(deployment: JSONValue) {
        if let revision = deployment.revision, revision != self.deployment.revision {
            path.note("revision", String(revision))
        }
        self.deployment = deployment
        let conditions = deployment.conditions
        for type in Set(conditions.keys).union(self.conditions.keys) where conditions[type] != self.conditions[type] {
            path.note("condition \(type)", conditions[type] ?? "none")
        }
        self.conditions = conditions
        if conditions["Progressing"] != Self.progress, conditions["Progressing"] != landmark {
            landmark = conditions["Progressing"]
            path.note("condition Progressing, but for progress", landmark ?? "none")
        }
    }

    private mutating func noteSizes() {
        let sizes = sortedSets.filter { $0.size > 0 }.map { "\($0.revision):\($0.size)" }.joined(separator: " ")
        if sizes != self.sizes { path.note("sizes", sizes) }
        self.sizes = sizes
    }

    private var sortedSets: [SetSight] { sets.values.sorted { $0.revision < $1.revision } }

    // MARK: What there is

    /// How all stands, without names and times: a line for each thing.
    ///
    /// - Parameter overlooking: Whether to leave out what a real Deployment controller may overlook.
    func lines(overlooking: Bool) -> [String] {
        var conditions = conditions
        if overlooking { conditions["Progressing"] = landmark }
        var lines = [deployment.deploymentText]
        lines += conditions.sorted { $0.key < $1.key }.map { "condition \($0.key): \($0.value)" }
        lines += sortedSets.map(\.text)
        let counts = pods.values.reduce(into: [String: Int]()) { counts, pod in
            counts["pods of \(sets[pod.owner]?.revision ?? 0), \(pod.text)", default: 0] += 1
        }
        return lines + counts.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
    }

    /// How many pods are ready, as the Deployment says.
    var readyCount: Int64 { deployment.count("status", "readyReplicas") }

    /// Whether the rollout is at its end and no old pod left.
    var isSettled: Bool {
        let wanted = deployment.count("spec", "replicas")
        return deployment.generation == deployment["status"]?["observedGeneration"]?.integer
            && ["replicas", "updatedReplicas", "availableReplicas"].allSatisfy {
                deployment.count("status", $0) == wanted
            } && pods.count == wanted
    }

    /// The name of a pod of a revision that is not going.
    func pod(ofRevision revision: Int) -> String? {
        pods.values.filter { !$0.isTerminating && sets[$0.owner]?.revision == revision }.map(\.name).min()
    }

    /// The containers in the template of a revision.
    func containers(ofRevision revision: Int) -> JSONValue? {
        sets.values.first { $0.revision == revision }?.containers
    }
}

extension JSONValue {
    fileprivate func count(_ part: String, _ name: String) -> Int64 { self[part]?[name]?.integer ?? 0 }

    private func annotation(_ name: String) -> String {
        self["metadata"]?["annotations"]?["deployment.kubernetes.io/\(name)"]?.string ?? "none"
    }

    fileprivate var revision: Int? { Int(annotation("revision")) }

    fileprivate var isTerminating: Bool { self["metadata"]?["deletionTimestamp"] != nil }

    /// Status and reason by type.
    fileprivate var conditions: [String: String] {
        let conditions = self["status"]?["conditions"]?.array ?? []
        return Dictionary(
            conditions.map {
                ($0["type"]?.string ?? "", "\($0["status"]?.string ?? "") \($0["reason"]?.string ?? "")")
            }, uniquingKeysWith: { $1 })
    }

    fileprivate var deploymentText: String {
        let counts = ["replicas", "updatedReplicas", "readyReplicas", "availableReplicas", "unavailableReplicas"]
            .map { "\($0) \(count("status", $0))" }
        let observed = "observed generation \(count("status", "observedGeneration")) of \(generation ?? 0)"
        return "Deployment of revision \(annotation("revision")): "
            + ([observed] + counts).joined(separator: ", ")
    }

    fileprivate var replicaSetText: String {
        let counts = ["replicas", "readyReplicas", "availableReplicas"].map { "\($0) \(count("status", $0))" }
        let generations = count("status", "observedGeneration") == generation ? "observed" : "not observed"
        let annotations = ["revision-history", "desired-replicas", "max-replicas"].map { "\($0) \(annotation($0))" }
        return "ReplicaSet of revision \(annotation("revision")): "
            + (["wanted \(count("spec", "replicas")), \(generations)"] + counts + annotations + Array(conditions.values))
            .joined(separator: ", ")
    }

    fileprivate var podText: String {
        let status = self["status"]
        let state = status?["containerStatuses"]?.array?.first
        let reason = state?["state"]?["waiting"]?["reason"] ?? state?["state"]?["terminated"]?["reason"]
        return [
            isTerminating ? "terminating" : nil, self["spec"]?["nodeName"] == nil ? "without a node" : nil,
            status?["phase"]?.string, isReadyPod ? "ready" : nil, reason?.string,
            "restarts \(state?["restartCount"]?.integer ?? 0)",
        ].compactMap(\.self).joined(separator: " ")
    }
}
