import RolloutModel

extension DeploymentCreation {
    /// For how long the pods may take to come up where neither plan nor Kubernetes ends it, in seconds.
    static let patience = 3_600

    func decision(in run: RolloutRun, _ state: DeploymentState, _ sight: Sight) -> Decision {
        let name = run.stream.name
        let deadline = run.deadline(orAfter: Self.patience, sight)
        guard let uid = state.uid, !state.isDeleted, uid != former else {
            if run.turnedBack != nil { return run.restored("deploy/\(name) is gone again") }
            guard run.created(.deployments, name) == nil else {
                return run.failed("deploy/\(name) was deleted meanwhile")
            }
            return .act(.create(.deployments, name: name, manifest: manifest))
        }
        guard uid == run.created(.deployments, name) else {
            return run.failed("another Deployment was made under the name \(name)")
        }
        if run.turnedBack != nil {
            return run.calls.isEmpty
                ? .act(.delete(.deployments, name: name, uid: uid)) : .wait(until: deadline, "deploy/\(name) is going")
        }
        if state.isComplete { return .end(RolloutRun.End(outcome: .succeeded, reason: state.progress)) }
        if let trouble = state.hopelessness ?? (sight.now >= deadline ? state.lateness : nil) {
            return run.failure(trouble)
        }
        return .wait(until: deadline, state.progress)
    }
}
