import RolloutModel

extension PodReplacement {
    /// How long a pod may take to go and to be ready where the plan does not say, in seconds.
    static let patience = 300

    func decision(in run: RolloutRun, _ state: BarePodState, now: Timestamp) -> Decision {
        run.turnedBack == nil ? forward(run, state, now: now) : back(run, state, now: now)
    }

    private func forward(_ run: RolloutRun, _ state: BarePodState, now: Timestamp) -> Decision {
        let name = run.stream.name
        let deadline = run.deadline(orAfter: Self.patience, now: now)
        let isLate = now >= deadline
        guard let pod = state.pod else {
            if run.created(.pods, name) == nil { return .act(.create(.pods, name: name, manifest: target)) }
            return run.failure("the new pod was deleted")
        }
        switch pod.uid {
        case uid:
            guard pod.terminating else { return .act(.delete(.pods, name: name, uid: uid)) }
            return isLate ? run.failed("the old pod does not go") : .wait(until: deadline, "the old pod is going")
        case run.created(.pods, name):
            if pod.ready { return .end(RolloutRun.End(outcome: .succeeded, reason: "the new pod is ready")) }
            if let trouble = pod.hopelessness ?? (isLate ? lateness(pod) : nil) { return run.failure(trouble) }
            return .wait(until: deadline, "the new pod is not ready")
        default:
            return run.failed("another pod was made under the name \(name) meanwhile")
        }
    }

    private func back(_ run: RolloutRun, _ state: BarePodState, now: Timestamp) -> Decision {
        let name = run.stream.name
        let deadline = run.deadline(orAfter: Self.patience, now: now)
        guard let pod = state.pod else {
            if run.createdOnTheWayBack(.pods, name) == nil { return .act(.create(.pods, name: name, manifest: origin)) }
            return run.failedTwice("the pod was deleted")
        }
        switch pod.uid {
        case uid:
            guard pod.terminating else { return run.restored("the old pod was left alone") }
            return now >= deadline
                ? run.failedTwice("the old pod does not go") : .wait(until: deadline, "the old pod is going")
        case run.created(.pods, name):
            guard pod.terminating else { return .act(.delete(.pods, name: name, uid: pod.uid)) }
            return now >= deadline
                ? run.failedTwice("the new pod does not go") : .wait(until: deadline, "the new pod is going")
        case run.createdOnTheWayBack(.pods, name):
            if run.isRestored || pod.ready { return run.restored("the old pod is ready again") }
            if let trouble = pod.hopelessness ?? (now >= deadline ? lateness(pod) : nil) {
                return run.failedTwice(trouble)
            }
            return .wait(until: deadline, "the old pod is not ready again")
        default:
            return run.failedTwice("another pod was made under the name \(name) meanwhile")
        }
    }

    private func lateness(_ pod: PodState) -> String {
        "not ready in time" + (pod.reason.map { "; \($0)" } ?? "")
    }
}
