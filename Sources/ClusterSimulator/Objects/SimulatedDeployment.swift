import RolloutModel

/// A Deployment.
struct SimulatedDeployment: Sendable {
    var metadata: SimulatedMetadata
    /// `spec` as it was written, with the defaults.
    var document: JSONValue
    var spec: Spec
    var status = Status()

    /// What the controller needs of `spec`.
    struct Spec: Hashable, Sendable {
        var replicas: Int
        var isPaused: Bool
        var isRecreate: Bool
        var maxSurge: Share
        var maxUnavailable: Share
        var minReadySeconds: Int
        /// `nil` for none.
        var progressDeadlineSeconds: Int?
        /// `nil` for none.
        var revisionHistoryLimit: Int?
        var selector: JSONValue
        var template: JSONValue
        /// ``Template/digest(_:)``: what tells one revision from another.
        var templateDigest: String

        /// How many pods there may be beyond those wanted, and how many may be missing.
        ///
        /// - SeeAlso: <https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#max-unavailable>
        var limits: (surge: Int, unavailable: Int) {
            guard !isRecreate else { return (0, 0) }
            let surge = maxSurge.count(of: replicas, roundsUp: true)
            var unavailable = maxUnavailable.count(of: replicas, roundsUp: false)
            // Otherwise nothing could ever move.
            if surge == 0, unavailable == 0 { unavailable = 1 }
            return (surge, min(unavailable, replicas))
        }
    }

    /// A number of pods, or a percentage.
    enum Share: Hashable, Sendable {
        case count(Int)
        case percent(Int)

        func count(of total: Int, roundsUp: Bool) -> Int {
            switch self {
            case .count(let count): count
            case .percent(let percent): (total * percent + (roundsUp ? 99 : 0)) / 100
            }
        }
    }

    /// What the controller has observed.
    struct Status: Hashable, Sendable {
        var observedGeneration = 0
        var replicas = 0
        var updated = 0
        var ready = 0
        var available = 0
        var unavailable = 0
        var conditions: [Condition] = []

        func condition(_ type: String) -> Condition? { conditions.first { $0.type == type } }

        mutating func remove(_ type: String) { conditions.removeAll { $0.type == type } }

        /// Sets a condition, unless one of that status and reason is there.
        mutating func set(_ condition: Condition) {
            let current = self.condition(condition.type)
            if let current, current.status == condition.status, current.reason == condition.reason { return }
            var condition = condition
            if let current, current.status == condition.status {
                condition.lastTransitionTime = current.lastTransitionTime
            }
            remove(condition.type)
            conditions.append(condition)
        }
    }
}
