extension PodState {
    /// The pod as its creation shows it.
    init(_ created: PodCreated) {
        self.init(
            uid: created.object.uid, name: created.object.name, createdAt: created.createdAt, owner: created.owner,
            labels: created.labels, containers: created.containers, phase: "Pending", ready: false, stuck: [:],
            restartCounts: [:], terminating: false
        )
    }

    /// Takes in a fact about this pod, and ignores any other.
    mutating func apply(_ fact: Fact) {
        switch fact {
        case .podImageChanged(let fact):
            containers = fact.containers
        case .podLabelsChanged(let fact):
            labels = fact.labels
        case .podOwnerChanged(let fact):
            owner = fact.owner
        case .podScheduled(let fact):
            node = fact.node
            podReason = nil
        case .podUnschedulable(let fact):
            podReason = fact.reason
            trouble = Stuck(reason: fact.reason, message: fact.message, image: "")
        case .podPhaseObserved(let fact):
            phase = fact.phase
            podReason = fact.reason
            if fact.phase == "Failed", let reason = fact.reason {
                trouble = Stuck(reason: reason, message: fact.message, image: "")
            }
        case .podReadinessObserved(let fact):
            ready = fact.ready
            readySince = fact.ready ? fact.since : nil
            if ready, !hasRestarted { trouble = nil }
        case .podContainerWaiting(let fact):
            let stuck = Stuck(reason: fact.reason, message: fact.message, image: fact.image)
            self.stuck[fact.container] = stuck
            if !Self.benignReasons.contains(fact.reason) { trouble = stuck }
            if fact.reason == "CrashLoopBackOff" { hasRestarted = true }
        case .podContainerStarted(let fact):
            stuck[fact.container] = nil
        case .podContainerTerminated(let fact):
            // An init container that has done its work is no reason for anything.
            guard !(fact.isInit && fact.exitCode == 0) else {
                stuck[fact.container] = nil
                return
            }
            let image = containers.first { $0.name == fact.container }?.image ?? ""
            let stuck = Stuck(reason: fact.reason, message: fact.message, image: image)
            self.stuck[fact.container] = stuck
            if fact.exitCode != 0 { trouble = stuck }
        case .podContainerRestarted(let fact):
            restartCounts[fact.container] = fact.restartCount
            if fact.restartCount > 0 { hasRestarted = true }
        case .podTerminating:
            terminating = true
        default:
            break
        }
    }

    /// What a pod goes through on its way up.
    private static let benignReasons: Set<String> = ["ContainerCreating", "PodInitializing"]

    /// The trouble that stands against the pod, under the name that does not flicker: a pull that fails shows by turns
    /// as ErrImagePull and ImagePullBackOff, and a crash loop as waiting, running and terminated.
    ///
    /// `nil` for a pod that is ready and was never started again, or that has met no trouble.
    var standingTrouble: Stuck? {
        guard var trouble, !(ready && !hasRestarted) else { return nil }
        switch trouble.reason {
        case "ErrImagePull": trouble.reason = "ImagePullBackOff"
        case "Error" where hasRestarted: trouble.reason = "CrashLoopBackOff"
        default: break
        }
        return trouble
    }
}

extension PodState {
    /// Why there is no point in waiting for the pod, in one line; `nil` as long as there may be.
    package var hopelessness: String? {
        guard !ready else { return nil }
        let stuck = stuck.sorted { $0.key < $1.key }.map(\.value).first { Self.hopelessReasons.contains($0.reason) }
        if let stuck { return "\(stuck.reason): \(stuck.image)" }
        return phase == "Failed" ? podReason ?? "the pod failed" : nil
    }

    /// What Kubernetes says when it has tried in vain.
    ///
    /// - SeeAlso: <https://kubernetes.io/docs/concepts/containers/images/#imagepullbackoff>
    private static let hopelessReasons: Set<String> = [
        "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull", "CrashLoopBackOff", "CreateContainerConfigError",
        "CreateContainerError", "RunContainerError",
    ]
}

extension Fact {
    /// The UID of the pod that the fact is about; `nil` if it is about something else.
    var podUID: String? { object.flatMap { $0.kind == "Pod" ? $0.uid : nil } }
}
