import RolloutModel

extension Candidate {
    /// What is to be done until the candidate is to have so many pods and enough of them are available; `nil` once that is
    /// so.
    ///
    /// - Parameter limit: Until when that may take.
    func bringUp(
        to replicas: Int, enough: Int, in run: RolloutRun, _ sight: Sight, until limit: Timestamp
    ) -> Decision? {
        guard let state = sight.deployment(name) else {
            guard run.created(.deployments, name) == nil, let manifest else {
                return run.failure("deploy/\(name) was deleted")
            }
            var complete = manifest
            complete["spec"]?["replicas"] = .integer(Int64(replicas))
            return .act(.create(.deployments, name: name, manifest: complete))
        }
        guard let uid = state.uid, uid == existing?.uid ?? run.created(.deployments, name) else {
            return run.failure("another Deployment was made under the name \(name) meanwhile")
        }
        if let target = existing?.target, !target.isThat(of: state) {
            if run.hasShaped(name) {
                return run.failure("deploy/\(name) was changed meanwhile")
            }
            return .act(.shape(deployment: name, uid: uid, target))
        }
        if let decision = state.scaled(to: replicas, in: run) { return decision }
        if state.isComplete || enough < replicas && state.availableNewPods >= enough { return nil }
        if let trouble = state.hopelessness ?? (sight.now >= limit ? state.lateness : nil) {
            return run.failure(trouble)
        }
        return .wait(until: limit, "deploy/\(name): \(state.progress)")
    }

    /// What is to be done until the candidate is as it was before the run; `nil` once that is so, or somebody has taken it
    /// away.
    func takeAway(in run: RolloutRun, _ sight: Sight, until limit: Timestamp) -> Decision? {
        guard let state = sight.deployment(name), let uid = state.uid else { return nil }
        guard let existing else {
            guard uid == run.created(.deployments, name) else { return nil }
            if run.lastCall(on: .deployments, name)?.verb == .delete {
                return sight.now >= limit
                    ? run.failedTwice("deploy/\(name) does not go") : .wait(until: limit, "deploy/\(name) is going")
            }
            return .act(.delete(.deployments, name: name, uid: uid))
        }
        guard uid == existing.uid else { return nil }
        if !existing.origin.isThat(of: state), !run.hasShaped(name) {
            return .act(.shape(deployment: name, uid: uid, existing.origin))
        }
        if state.desired != existing.replicas, run.lastSet("replicas", of: .deployments, name) == nil {
            return .act(.scale(deployment: name, uid: uid, replicas: existing.replicas))
        }
        // Whether it is well again is not for this run to judge.
        let isSeen = state.status.observedGeneration >= state.generation
        if isSeen, state.status.replicas <= state.desired || sight.now >= limit { return nil }
        return .wait(until: limit, "deploy/\(name): \(state.progress)")
    }
}

extension Incumbent {
    /// For how long those of its pods that are available wait for the others on the way back, in seconds.
    static let patience = 60

    /// What is to be done until it can serve again: all its pods are available, or some are and the others do not come.
    ///
    /// What the traffic goes to meanwhile is worse than too few pods.
    func restore(in run: RolloutRun, _ sight: Sight, until limit: Timestamp) -> Decision? {
        guard let state = sight.deployment(name), state.uid == uid else {
            return run.failedTwice("deploy/\(name) was deleted")
        }
        if state.desired < replicas, let decision = state.scaled(to: replicas, in: run) { return decision }
        let isSeen = state.status.observedGeneration >= state.generation
        if isSeen, state.status.available >= replicas { return nil }
        let words = "deploy/\(name): \(state.status.available) of \(replicas) old pods are available"
        if isSeen, state.status.available > 0 {
            let since = run.lastSet("replicas", of: .deployments, name) ?? run.headedSince
            let patience = min(limit, run.limit(since: since, after: Self.patience, sight))
            return state.hopelessness != nil || sight.now >= patience ? nil : .wait(until: patience, words)
        }
        if let trouble = state.hopelessness ?? (sight.now >= limit ? state.lateness : nil) {
            return run.failedTwice(trouble)
        }
        return .wait(until: limit, words)
    }

    /// What is to be done until it has so many pods and no more; `nil` once that is so.
    func shrink(to replicas: Int, in run: RolloutRun, _ sight: Sight, until limit: Timestamp) -> Decision? {
        guard let state = sight.deployment(name), state.uid == uid else {
            return run.failure("deploy/\(name) was deleted")
        }
        if state.desired > replicas, let decision = state.scaled(to: replicas, in: run) { return decision }
        if state.status.observedGeneration >= state.generation, state.status.replicas <= replicas { return nil }
        if sight.now >= limit { return run.failure("the pods of deploy/\(name) do not go") }
        return .wait(until: limit, "deploy/\(name): \(DeploymentState.leaving(state.status.replicas - replicas))")
    }
}

extension DeploymentState {
    /// What is to be done so that so many pods are wanted; `nil` if they are.
    func scaled(to replicas: Int, in run: RolloutRun) -> Decision? {
        guard desired != replicas, let uid else { return nil }
        let wanted = run.calls.contains { done in
            guard let call = ClusterCall(done.call), call.resource == .deployments, call.name == stream.name else {
                return false
            }
            return call.body["spec"]?["replicas"]?.integer == Int64(replicas)
        }
        // What the run set already, somebody else has set back.
        if wanted { return run.trouble("deploy/\(stream.name) was scaled to \(desired) meanwhile") }
        return .act(.scale(deployment: stream.name, uid: uid, replicas: replicas))
    }

    /// How many pods of the current template are available, at least.
    var availableNewPods: Int {
        guard status.observedGeneration >= generation else { return 0 }
        return max(0, status.available - (status.replicas - status.updated))
    }

    /// What to say of it when its time is up.
    var lateness: String { "not done in time" + (rollout?.diagnosis.map { "; \($0)" } ?? "") }

    /// The pods that are ready and to stay.
    var readyPodStates: [PodState] { pods.values.filter { $0.ready && !$0.terminating } }
}
