import RolloutModel

/// How a Deployment's new pods take the place of the old ones.
///
/// - SeeAlso: <https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#strategy>
extension SimulatedCluster {
    /// One step of a rolling update: more new pods, or else fewer old ones.
    mutating func roll(_ deployment: SimulatedDeployment, _ sets: DeploymentSets) {
        var sets = sets
        let new = sets.new ?? makeReplicaSet(deployment, sets)
        sets.new = new
        let wanted = deployment.spec.replicas
        if new.replicas != wanted {
            let size = new.replicas > wanted ? wanted : newSize(deployment, sets)
            if size != new.replicas, resize(new, to: size, deployment) { return }
        }
        if scaleDownOld(deployment, sets) { return }
        if let current = deployments[deployment.metadata.number], current.isComplete(current.status) {
            cleanUp(current, sets.old)
        }
    }

    /// - Returns: Whether any old pod goes.
    private mutating func scaleDownOld(_ deployment: SimulatedDeployment, _ sets: DeploymentSets) -> Bool {
        var old = sets.old.filter { $0.replicas > 0 }
        guard let new = sets.new, !old.isEmpty else { return false }
        let leastAvailable = deployment.spec.replicas - deployment.spec.limits.unavailable
        let newUnavailable = new.replicas - new.status.counts.available
        let most = sets.size - leastAvailable - newUnavailable
        guard most > 0 else { return false }

        // The unhealthy ones first: they are of no use, and without them the rollout need not wait.
        var scaledDown = 0
        for index in old.indices where scaledDown < most {
            let unhealthy = min(most - scaledDown, old[index].replicas - old[index].status.counts.available)
            guard unhealthy > 0 else { continue }
            resize(old[index], to: old[index].replicas - unhealthy, deployment)
            old[index].replicas -= unhealthy
            scaledDown += unhealthy
        }
        var spare = sets.sum(\.status.counts.available) - leastAvailable
        for index in old.indices where spare > 0 && old[index].replicas > 0 {
            let count = min(old[index].replicas, spare)
            resize(old[index], to: old[index].replicas - count, deployment)
            spare -= count
            scaledDown += count
        }
        return scaledDown > 0
    }

    /// One step of a recreation: all old pods go, and only then come new ones.
    mutating func recreate(_ deployment: SimulatedDeployment, _ sets: DeploymentSets) {
        let active = sets.old.filter { $0.replicas > 0 }
        for set in active { resize(set, to: 0, deployment) }
        if !active.isEmpty || sets.old.contains(where: hasRunningPods) { return }
        if let new = sets.new {
            if new.replicas != deployment.spec.replicas { resize(new, to: deployment.spec.replicas, deployment) }
        } else {
            _ = makeReplicaSet(deployment, sets)
        }
        if let current = deployments[deployment.metadata.number], current.isComplete(current.status) {
            cleanUp(current, sets.old)
        }
    }

    private func hasRunningPods(_ set: SimulatedReplicaSet) -> Bool {
        set.status.counts.replicas > 0 || set.pods.contains { pods[$0]?.moment.phase.isTerminal == false }
    }

    // MARK: Scaling

    /// Whether a ReplicaSet has its size for another size of the Deployment.
    func isBeingScaled(_ deployment: SimulatedDeployment, _ sets: DeploymentSets) -> Bool {
        sets.contains { set in
            set.replicas > 0 && set.desiredReplicas.map { $0 != deployment.spec.replicas } ?? false
        }
    }

    /// Spreads the Deployment's size over its ReplicaSets.
    ///
    /// - SeeAlso: <https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#proportional-scaling>
    mutating func scale(_ deployment: SimulatedDeployment, _ sets: DeploymentSets) {
        let wanted = deployment.spec.replicas
        let active = (sets.old + [sets.new].compactMap(\.self)).filter { $0.replicas > 0 }
        if active.count <= 1 {
            guard let only = active.first ?? sets.new ?? sets.old.last, only.replicas != wanted else { return }
            resize(only, to: wanted, deployment)
            return
        }
        if let new = sets.new, new.replicas == wanted, new.desiredReplicas == wanted,
            new.status.counts.available == wanted
        {
            for set in active where set.metadata.number != new.metadata.number { resize(set, to: 0, deployment) }
            return
        }
        if deployment.spec.isRecreate { return }
        let allowed = wanted == 0 ? 0 : wanted + deployment.spec.limits.surge
        let missing = allowed - sets.size
        // The largest comes first: it takes what is left over by rounding. Of equal ones, the newer when there are to be
        // more, the older when there are to be fewer.
        let ordered = active.sorted {
            if $0.replicas != $1.replicas { return $0.replicas > $1.replicas }
            return missing > 0
                ? $0.metadata.number > $1.metadata.number : $0.metadata.number < $1.metadata.number
        }
        var added = 0
        var sizes = ordered.map { set in
            let part = proportion(of: set, deployment, allowed: allowed, missing: missing, added: added)
            added += part
            return set.replicas + part
        }
        if missing != 0 { sizes[0] = max(0, sizes[0] + missing - added) }
        for (set, size) in zip(ordered, sizes) { resize(set, to: size, deployment) }
    }

    private func proportion(
        of set: SimulatedReplicaSet, _ deployment: SimulatedDeployment, allowed: Int, missing: Int, added: Int
    ) -> Int {
        guard missing != 0, missing != added else { return 0 }
        let most = set.maxReplicas ?? deployment.status.replicas
        let share =
            deployment.spec.replicas == 0 || most == 0
            ? -set.replicas
            : Int((Double(set.replicas * allowed) / Double(most)).rounded(.toNearestOrAwayFromZero)) - set.replicas
        return missing > 0 ? min(share, missing - added) : max(share, missing - added)
    }
}
