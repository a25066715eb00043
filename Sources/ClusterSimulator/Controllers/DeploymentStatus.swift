import RolloutModel

/// What the Deployment controller says of how far it has come.
///
/// - SeeAlso: <https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#deployment-status>
extension SimulatedCluster {
    /// Says that a Deployment is paused, or no longer.
    ///
    /// - Returns: Whether that is news.
    mutating func notePause(_ number: Int) -> Bool {
        guard var deployment = deployments[number], deployment.spec.progressDeadlineSeconds != nil else {
            return false
        }
        let reason = deployment.status.condition("Progressing")?.reason
        // What has exceeded its deadline stays so.
        guard reason != "ProgressDeadlineExceeded", deployment.spec.isPaused != (reason == "DeploymentPaused") else {
            return false
        }
        deployment.status.set(
            deployment.spec.isPaused
                ? condition("Progressing", "Unknown", "DeploymentPaused", "Deployment is paused")
                : condition("Progressing", "Unknown", "DeploymentResumed", "Deployment is resumed"))
        store(deployment)
        return true
    }

    /// Counts the pods, and judges the progress of a rollout that is under way.
    mutating func syncStatus(_ number: Int, isRollingOut: Bool) {
        guard var deployment = deployments[number] else { return }
        let sets = readSets(number)
        var status = countedStatus(deployment, sets)
        if isRollingOut {
            judgeProgress(&status, deployment, sets)
            if let failure = (sets.new?.status.failure ?? sets.old.lazy.compactMap(\.status.failure).first) {
                status.set(failure)
            } else {
                status.remove("ReplicaFailure")
            }
        }
        guard status != deployment.status else { return }
        deployment.status = status
        store(deployment)
        expectDeadline(deployment)
    }

    private func countedStatus(
        _ deployment: SimulatedDeployment, _ sets: DeploymentSets
    ) -> SimulatedDeployment.Status {
        var status = deployment.status
        status.observedGeneration = deployment.metadata.generation
        status.replicas = sets.sum(\.status.counts.replicas)
        status.updated = sets.new?.status.counts.replicas ?? 0
        status.ready = sets.sum(\.status.counts.ready)
        status.available = sets.sum(\.status.counts.available)
        status.unavailable = max(0, sets.size - status.available)
        let isAvailable = status.available >= deployment.spec.replicas - deployment.spec.limits.unavailable
        status.set(
            isAvailable
                ? condition(
                    "Available", "True", "MinimumReplicasAvailable", "Deployment has minimum availability.")
                : condition(
                    "Available", "False", "MinimumReplicasUnavailable",
                    "Deployment does not have minimum availability."))
        return status
    }

    private func judgeProgress(
        _ status: inout SimulatedDeployment.Status, _ deployment: SimulatedDeployment, _ sets: DeploymentSets
    ) {
        guard let deadline = deployment.spec.progressDeadlineSeconds else { return status.remove("Progressing") }
        let current = deployment.status.condition("Progressing")
        if status.replicas == status.updated, current?.reason == "NewReplicaSetAvailable" { return }
        let name =
            sets.new.map { "ReplicaSet \"\($0.metadata.name)\"" } ?? "Deployment \"\(deployment.metadata.name)\""
        if deployment.isComplete(status) {
            status.set(
                condition("Progressing", "True", "NewReplicaSetAvailable", "\(name) has successfully progressed."))
        } else if status.hasProgressed(since: deployment.status) {
            var progress = condition("Progressing", "True", "ReplicaSetUpdated", "\(name) is progressing.")
            if current?.status == "True" { progress.lastTransitionTime = current?.lastTransitionTime }
            // Also if it says the same as before: the deadline counts from the last progress.
            status.remove("Progressing")
            status.set(progress)
        } else if let current, current.reason != "NewReplicaSetAvailable", let updated = current.lastUpdateTime,
            current.reason == "ProgressDeadlineExceeded" || updated + .seconds(deadline) <= now
        {
            status.set(
                condition("Progressing", "False", "ProgressDeadlineExceeded", "\(name) has timed out progressing."))
        }
    }

    /// Looks again when the deadline will have passed.
    private mutating func expectDeadline(_ deployment: SimulatedDeployment) {
        guard let deadline = deployment.spec.progressDeadlineSeconds, !deployment.isComplete(deployment.status),
            let progress = deployment.status.condition("Progressing"), progress.reason != "ProgressDeadlineExceeded",
            let updated = progress.lastUpdateTime
        else { return }
        let due = updated + .seconds(deadline)
        // One alarm is enough, unless the deadline was drawn nearer: when it rings too early, another is set.
        let number = deployment.metadata.number
        guard due > now, deadlineAlarms[number].map({ due < $0 }) ?? true else { return }
        deadlineAlarms[number] = due
        alarms.set(.deadline(deployment: deployment.metadata.number), due: due)
    }

    /// Looks at a Deployment whose deadline may have passed.
    mutating func reachDeadline(_ number: Int) {
        deadlineAlarms[number] = nil
        guard let deployment = deployments[number] else { return }
        expectDeadline(deployment)
        enqueue(.deployment(number))
    }
}

extension SimulatedDeployment {
    /// Whether all pods are of the present template and available, and no others are there.
    func isComplete(_ status: Status) -> Bool {
        status.updated == spec.replicas && status.replicas == spec.replicas && status.available == spec.replicas
            && status.observedGeneration >= metadata.generation
    }
}

extension SimulatedDeployment.Status {
    fileprivate func hasProgressed(since earlier: SimulatedDeployment.Status) -> Bool {
        updated > earlier.updated || replicas - updated < earlier.replicas - earlier.updated || ready > earlier.ready
            || available > earlier.available
    }
}
