/// A pod as a history tells of it.
public struct PodState: Hashable, Sendable, Codable {
    public var uid: String
    public var name: String
    public var createdAt: Timestamp
    public var owner: Owner?
    public var labels: [String: String]
    public var containers: [ContainerImage]
    public var node: String?
    /// `Pending`, `Running`, `Succeeded`, `Failed` or `Unknown`.
    public var phase: String
    public var ready: Bool
    public var readySince: Timestamp?
    /// Per container: why it does not run.
    ///
    /// Absent for one that runs.
    public var stuck: [String: Stuck]
    /// Per container that was ever started again: how often.
    public var restartCounts: [String: Int]
    /// Why the pod is not scheduled, or failed as a whole.
    public var podReason: String?
    public var terminating: Bool
    /// The newest trouble that it met; see ``Rollout/diagnosis``.
    var trouble: Stuck?
    /// Whether a container was ever started again; the counts themselves can go back to 0.
    var hasRestarted = false

    /// Why a container does not run.
    public struct Stuck: Hashable, Sendable, Codable {
        public var reason: String
        public var message: String?
        public var image: String
    }

    /// How often its containers were started again, added up: each at most 2³¹ − 1 times, as often as Kubernetes can count.
    public var restarts: Int { restartCounts.values.reduce(0) { $0 + min($1, Int(Int32.max)) } }

    /// What keeps it from being well, as `kubectl get pods` would put it in STATUS; `nil` if nothing does.
    public var reason: String? {
        if terminating { return "Terminating" }
        if let podReason { return podReason }
        for container in containers {
            if let reason = stuck[container.name]?.reason { return reason }
        }
        return stuck.min { $0.key < $1.key }?.value.reason
    }
}
