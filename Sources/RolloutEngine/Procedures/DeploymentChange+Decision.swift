import RolloutModel

extension DeploymentChange {
    /// For how long a change may go on if neither plan nor Kubernetes ends it, in seconds.
    static let patience = 3_600

    func decision(in run: RolloutRun, _ state: DeploymentState, _ sight: Sight) -> Decision {
        guard state.uid == uid, !state.isDeleted else { return run.failed("deploy/\(run.stream.name) was deleted") }
        let isForward = run.turnedBack == nil
        let shape = isForward ? target : origin
        guard shape.isThat(of: state) else {
            if run.hasShaped(run.stream.name) {
                let other = state.templateActor.map { " by \($0.name)" } ?? ""
                return run.failed("deploy/\(run.stream.name) was changed\(other) meanwhile")
            }
            return .act(.shape(deployment: run.stream.name, uid: uid, shape))
        }
        let deadline = run.deadline(orAfter: Self.patience, sight)
        if state.isComplete {
            if isForward { return .end(RolloutRun.End(outcome: .succeeded, reason: state.progress)) }
            return run.restored(state.progress)
        }
        if let trouble = state.hopelessness ?? (sight.now >= deadline ? state.lateness : nil) {
            return isForward ? failure(trouble, run, state) : run.failedTwice(trouble)
        }
        // A Deployment that was paused before is not taken on, so that it is paused is this run's doing, or meant for it.
        let isToWait = isForward && run.isPaused
        if state.paused != isToWait,
            isToWait || !isForward || run.lastSet("paused", of: .deployments, run.stream.name) != nil
        {
            return .act(.pause(deployment: run.stream.name, uid: uid, isToWait))
        }
        let words = state.paused ? "deploy/\(run.stream.name) is paused" : state.progress
        return isToWait ? .hold(words) : .wait(until: deadline, words)
    }

    private func failure(_ reason: String, _ run: RolloutRun, _ state: DeploymentState) -> Decision {
        switch run.plan.onFailure {
        case .rollback: .turnBack(reason: reason)
        case .pause where !state.paused: .act(.pause(deployment: run.stream.name, uid: uid, true))
        case .pause, .abort: run.failed(reason)
        }
    }
}

extension DeploymentState {
    /// Whether all pods are of the current template and available, and no others are left.
    ///
    /// - SeeAlso: <https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#complete-deployment>
    var isComplete: Bool {
        status.observedGeneration >= generation && status.updated >= desired && status.replicas <= status.updated
            && status.available >= status.updated
    }

    /// How far the rollout is, as `kubectl rollout status` words it.
    var progress: String {
        if status.observedGeneration < generation { return "the controller has not seen the change yet" }
        if status.updated < desired { return "\(status.updated) of \(desired) new pods have been made" }
        let old = status.replicas - status.updated
        if old > 0 { return Self.leaving(old) }
        return "\(status.available) of \(status.updated) new pods are available"
    }

    /// What to say of pods that are still to go.
    static func leaving(_ count: Int) -> String { "\(count) old pod\(count == 1 ? " is" : "s are") still to go" }
}
