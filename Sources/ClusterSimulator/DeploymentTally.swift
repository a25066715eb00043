import RolloutModel

/// How a Deployment fares at a moment, in numbers.
package struct DeploymentTally: Hashable, Sendable {
    /// How many pods are wanted.
    package var wanted: Int
    /// The pods that are ready and stay.
    package var ready: Int
    /// All pods, those included that are on their way out.
    package var pods: Int
    package var isPaused: Bool
    /// Whether the rule of `kubectl rollout status` calls its rollout complete.
    package var isComplete: Bool
    /// Whether its rollout has made no progress for as long as it may take.
    package var isLate: Bool
    /// What keeps pods that are not ready from being so, the most frequent first; `nil` if nothing is known against them.
    package var trouble: String?
}

extension SimulatedCluster {
    /// How a Deployment fares; `nil` if there is none.
    ///
    /// - Parameter isTold: Whether its trouble is wanted too, for which each pod must be looked at.
    package func tally(of name: String, in namespace: String, withTrouble isTold: Bool = false) -> DeploymentTally? {
        let key = ObjectKey(kind: .deployment, namespace: namespace, name: name)
        guard let number = numbers[key], let deployment = deployments[number] else { return nil }
        let sets = (replicaSetsOfDeployment[number] ?? []).compactMap { replicaSets[$0] }
        let progress = deployment.status.condition("Progressing")
        return DeploymentTally(
            wanted: deployment.spec.replicas, ready: sets.reduce(0) { $0 + $1.counts.ready },
            pods: sets.reduce(0) { $0 + $1.pods.count }, isPaused: deployment.spec.isPaused,
            isComplete: !deployment.spec.isPaused && deployment.isComplete(deployment.status),
            isLate: progress?.reason == "ProgressDeadlineExceeded"
                && deployment.status.observedGeneration >= deployment.metadata.generation,
            trouble: isTold ? trouble(of: sets) : nil)
    }

    private func trouble(of sets: [SimulatedReplicaSet]) -> String? {
        var counts: [String: Int] = [:]
        for pod in sets.flatMap(\.pods).compactMap({ pods[$0] }) where pod.isActive && !pod.moment.isReady {
            let reason: String? =
                switch pod.moment.container {
                case .waiting(.errImagePull), .waiting(.imagePullBackOff): "ImagePullBackOff"
                case .waiting(.crashLoopBackOff): "CrashLoopBackOff"
                case .waiting(.other(let reason, _)): reason == "ErrImagePull" ? "ImagePullBackOff" : reason
                case .terminated(let ended): ended.reason
                case .waiting(.containerCreating), .running:
                    pod.moment.unschedulableMessage == nil ? nil : "Unschedulable"
                }
            if let reason { counts[reason, default: 0] += 1 }
        }
        return counts.min { ($1.value, $0.key) < ($0.value, $1.key) }?.key
    }
}
