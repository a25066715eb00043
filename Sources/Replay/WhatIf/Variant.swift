import RolloutModel

/// What is changed about a recorded rollout to see what would have come of it; what is `nil` stays as it was.
package struct Variant: Hashable, Sendable {
    package var maxSurge: String?
    package var maxUnavailable: String?
    package var minReadySeconds: Int?
    package var progressDeadlineSeconds: Int?
    package var replicas: Int?
    package var strategy: Strategy?
    /// How pods live, by rules that come before those of the recording.
    package var behaviours: PodBehaviours?

    /// By which procedure the pods are replaced.
    package enum Strategy: String, Hashable, Sendable, CaseIterable {
        case rolling, recreate
        case blueGreen = "blue-green"
        case canary
    }

    package init() {}

    /// What is changed, as options have it: `max-surge 2, replicas 8`; empty if nothing is.
    package var summary: String {
        let parts: [(String, String?)] = [
            ("strategy", strategy?.rawValue), ("max-surge", maxSurge), ("max-unavailable", maxUnavailable),
            ("min-ready", minReadySeconds.map { "\($0)s" }),
            ("progress-deadline", progressDeadlineSeconds.map { "\($0)s" }), ("replicas", replicas.map { "\($0)" }),
            ("image-behaves", behaviours == nil ? nil : "as given"),
        ]
        return parts.compactMap { name, value in value.map { "\(name) \($0)" } }.joined(separator: ", ")
    }

    /// A Deployment's spec with the changes.
    func applied(to spec: JSONValue) -> JSONValue {
        guard case .object(var members) = spec else { return spec }
        if let replicas, members["replicas"] != nil { members["replicas"] = .integer(Int64(replicas)) }
        guard members["strategy"] != nil || members["template"] != nil else { return .object(members) }
        if let minReadySeconds { members["minReadySeconds"] = .integer(Int64(minReadySeconds)) }
        if let progressDeadlineSeconds {
            members["progressDeadlineSeconds"] = .integer(Int64(progressDeadlineSeconds))
        }
        var numbers = DeploymentStrategy(specFields: .object(members))
        if strategy == .recreate {
            (numbers.type, numbers.maxSurge, numbers.maxUnavailable) = ("Recreate", nil, nil)
        } else if strategy != nil || maxSurge != nil || maxUnavailable != nil {
            numbers.type = "RollingUpdate"
            numbers.maxSurge = maxSurge ?? numbers.maxSurge ?? "25%"
            numbers.maxUnavailable = maxUnavailable ?? numbers.maxUnavailable ?? "25%"
        }
        return .object(members.merging(numbers.specFields) { $1 })
    }
}
