import RolloutModel

extension PodReplacement {
    /// How long a pod may take to go and to be ready where the plan does not say, in seconds.
    static let patience = 300

    func decision(in run: RolloutRun, _ state: BarePodState, _ sight: Sight) -> Decision {
        run.turnedBack == nil ? forward(run, state, sight) : back(run, state, sight)
    }

    private func forward(_ run: RolloutRun, _ state: BarePodState, _ sight: Sight) -> Decision {
        let name = run.stream.name
        let deadline = run.deadline(orAfter: Self.patience, sight)
        let isLate = sight.now >= deadline
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
            if pod.isDone { return .end(RolloutRun.End(outcome: .succeeded, reason: "the new pod has done its work")) }
            if let trouble = pod.hopelessness ?? (isLate ? lateness(pod) : nil) { return run.failure(trouble) }
            return .wait(until: deadline, "the new pod is not ready")
        default:
            return run.failed("another pod was made under the name \(name) meanwhile")
        }
    }

    private func back(_ run: RolloutRun, _ state: BarePodState, _ sight: Sight) -> Decision {
        let name = run.stream.name
        let deadline = run.deadline(orAfter: Self.patience, sight)
        guard let pod = state.pod else {
            if run.createdOnTheWayBack(.pods, name) == nil { return .act(.create(.pods, name: name, manifest: origin)) }
            return run.failedTwice("the pod was deleted")
        }
        switch pod.uid {
        case uid:
            guard pod.terminating else { return run.restored("the old pod was left alone") }
            return sight.now >= deadline
                ? run.failedTwice("the old pod does not go") : .wait(until: deadline, "the old pod is going")
        case run.created(.pods, name):
            guard pod.terminating else { return .act(.delete(.pods, name: name, uid: pod.uid)) }
            return sight.now >= deadline
                ? run.failedTwice("the new pod does not go") : .wait(until: deadline, "the new pod is going")
        case run.createdOnTheWayBack(.pods, name):
            if run.isRestored || pod.ready || pod.isDone { return run.restored("the old pod is ready again") }
            if let trouble = pod.hopelessness ?? (sight.now >= deadline ? lateness(pod) : nil) {
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

extension PodState {
    /// Whether it has come to its end, and well: a pod that need not run for ever may do so before anybody looks.
    ///
    /// - SeeAlso: <https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-phase>
    fileprivate var isDone: Bool { phase == "Succeeded" }
}
