/// The rollout under way, and what is told late of the one before.
extension DeploymentState {
    /// The pods of the revision that is rolled out, but for those that are on their way out.
    private var newPods: [PodState] { rollout.map(newPods) ?? [] }

    private func newPods(of rollout: Rollout) -> [PodState] {
        pods.values.filter { !$0.terminating && revision(of: $0) == rollout.revision }
    }

    /// The number of the revision that a pod belongs to; `nil` if its ReplicaSet is not known.
    public func revision(of pod: PodState) -> Int? {
        pod.owner.flatMap { replicaSets[$0.uid]?.revision }
    }

    /// Why there is no point in waiting for the rollout under way, in one line; `nil` as long as there may be.
    ///
    /// The progress deadline has passed, a pod cannot be made, or Kubernetes itself has begun to put off trying again.
    package var hopelessness: String? {
        if rollout?.outcome == .failed { return rollout?.diagnosis }
        if rollout?.outcome == .running, status.observedGeneration >= generation, let replicaFailure {
            return replicaFailure
        }
        return newPods.contains { $0.hopelessness != nil } ? Diagnosis.of(newPods: newPods) : nil
    }

    /// Why pods cannot be made, as the controller has it; `nil` if they can.
    private var replicaFailure: String? {
        guard let failure = conditions["ReplicaFailure"], failure.status == "True" else { return nil }
        return [failure.reason, failure.message].compactMap { $0 }.joined(separator: ": ")
    }

    /// What stands against the pods of the newest revision that was rolled out, in one line; `nil` if nothing does.
    package var trouble: String? { Diagnosis.of(newPods: newPods) }

    var readyPods: Int { pods.values.count { $0.ready && !$0.terminating } }

    /// Takes in that a pod was made for a rollout.
    mutating func note(_ created: PodCreated, of event: RecordedEvent) {
        let number = unsettledRollout(ofPod: created.object.uid, at: event.event.occurredAt)?.number
        if number == rollout?.number {
            rollout?.note(podNamed: created.object.name)
        } else if number != nil {
            earlier?.note(podNamed: created.object.name)
        }
    }

    /// Takes in what stands against the pods of a rollout where that is told only after its end.
    mutating func noteLateTrouble(ofPod uid: String, at time: Timestamp) {
        guard let ended = unsettledRollout(ofPod: uid, at: time), ended.outcome != .running,
            let cause = Diagnosis.of(newPods: newPods(of: ended))
        else { return }
        if ended.number == rollout?.number {
            rollout?.note(lateCause: cause)
        } else {
            earlier?.note(lateCause: cause)
        }
    }

    /// The rollout that a pod is of, if it runs or has ended badly just now.
    private func unsettledRollout(ofPod uid: String, at time: Timestamp) -> Rollout? {
        guard let pod = pods[uid], let revision = revision(of: pod) else { return nil }
        let found = rollout?.revision == revision ? rollout : earlier?.revision == revision ? earlier : nil
        return found?.isUnsettled(at: time) == true ? found : nil
    }

    /// - SeeAlso: <https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#complete-deployment>
    mutating func judgeSuccess(by event: RecordedEvent) {
        guard rollout?.outcome == .running, !paused, !isDeleted, status.observedGeneration >= generation,
            status.updated >= desired, status.replicas <= status.updated, status.available >= status.updated
        else { return }
        rollout?.end(.succeeded, by: event)
    }

    /// - SeeAlso: <https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#failed-deployment>
    mutating func judgeFailure(_ fact: DeploymentConditionObserved, by event: RecordedEvent) {
        // Until the controller has seen the newest spec, its conditions speak of the rollout before.
        guard rollout?.outcome == .running, status.observedGeneration >= generation else { return }
        if fact.type == "Progressing", fact.status == "False", fact.reason == Rollout.deadlineExceeded {
            measure()
            let cause = rollout?.diagnosis
            rollout?.end(.failed, by: event)
            rollout?.diagnosis = cause.map { "\($0); \(Rollout.deadlineExceeded)" } ?? Rollout.deadlineExceeded
        }
    }

    /// Brings the figures of the running rollout up to date.
    mutating func measure() {
        guard rollout?.outcome == .running else { return }
        let newPods = newPods
        let (ready, pods) = (readyPods, pods.count)
        rollout?.measure(desired: desired, ready: ready, pods: pods)
        // What pods met stands until the new ones are well: one may look so for a moment between two crashes, and one that
        // takes the place of another has not shown yet how it does.
        if let diagnosis = Diagnosis.of(newPods: newPods) ?? replicaFailure {
            rollout?.diagnosis = diagnosis
        } else if !newPods.isEmpty, newPods.allSatisfy(\.ready) {
            rollout?.diagnosis = nil
        }
    }
}

extension Rollout {
    fileprivate static let deadlineExceeded = "ProgressDeadlineExceeded"

    /// For how many seconds after a rollout has ended what is told of its pods still speaks of it.
    ///
    /// Deployments and pods come by watches of their own, which have no common order: what ended a rollout may be told
    /// before what was wrong with it, most of all when a recorder catches up.
    private static let lateNewsSeconds = 30.0

    /// Whether it runs, or has ended badly just now.
    fileprivate func isUnsettled(at time: Timestamp) -> Bool {
        guard let endedAt else { return true }
        return outcome != .succeeded && time.seconds(since: endedAt) <= Self.lateNewsSeconds
    }

    fileprivate mutating func note(podNamed name: String) {
        if pods.count < 1000 { pods.append(name) }
    }

    fileprivate mutating func note(lateCause cause: String) {
        switch diagnosis {
        case nil: diagnosis = cause
        case Self.deadlineExceeded: diagnosis = "\(cause); \(Self.deadlineExceeded)"
        default: break
        }
    }
}
