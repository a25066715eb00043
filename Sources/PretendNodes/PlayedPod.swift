import RolloutModel

/// A pod whose life is played: how far it was shown, and what comes next.
struct PlayedPod: Sendable {
    let uid: String
    let name: String
    let namespace: String
    /// The node it has, or is to get.
    var node: String?
    var isBound: Bool
    private(set) var podIP: String?
    /// Whether a request is under way.
    var isUnderWay = false
    /// Why the last request failed.
    private(set) var trouble: String?
    /// Whether it is shown to be ready.
    private(set) var isReady = false

    private let containers: [ContainerImage]
    /// `nil` for a pod that ended without our doing.
    private var life: PodLife?
    /// What has begun and was not wholly shown yet.
    private var moment: PodMoment?
    private var isShown = false
    private var deletionTimestamp: Timestamp?
    /// Whether it is seen to be deleted, and not gone yet.
    var isTerminating: Bool { deletionTimestamp != nil }
    /// Whether nothing is to be done any more.
    private var isFinished = false
    private var failures = 0

    init(pod: Pod, containers: [ContainerImage], life: PodLife?) {
        uid = pod.metadata.uid
        name = pod.metadata.name
        namespace = pod.metadata.namespace ?? ""
        node = pod.spec.nodeName
        isBound = node != nil
        podIP = pod.status?.podIP
        self.containers = containers
        self.life = life
    }

    /// When a pod needs something.
    enum Due {
        case now
        case at(Timestamp)
        /// Some time after a failure.
        case retry
    }

    /// When it needs something; `nil` if not before something is seen, or a request has ended.
    var nextDue: Due? {
        if isUnderWay || isFinished { return nil }
        if failures > 0 { return .retry }
        if moment != nil || life == nil && deletionTimestamp != nil { return .now }
        return life?.nextChange.map { .at($0) }
    }

    /// How long to wait after a failure: half a second, then twice as long each time, up to half a minute.
    var retryPause: Duration { min(.seconds(30), .milliseconds(500) * (1 << min(failures - 1, 10))) }

    /// Lets the past of a life pass without showing it.
    mutating func skip(to time: Timestamp) {
        while let change = life?.nextChange, change <= time { moment = life?.next() }
    }

    /// Takes in the status that the API server has.
    mutating func take(status: Pod.Status?) {
        // Evicted, say: whoever ended it has the last word.
        let phase = PodMoment.Phase(rawValue: status?.phase ?? "")
        if phase?.isTerminal == true, life?.moment.phase.isTerminal == false {
            (life, moment, isReady) = (nil, nil, false)
        }
    }

    /// Takes in whether it is being deleted.
    mutating func take(deletion metadata: ObjectMeta, at time: Timestamp) {
        guard let stamp = metadata.deletionTimestamp, stamp != deletionTimestamp else { return }
        deletionTimestamp = stamp
        life?.delete(at: time, gracePeriod: .seconds(metadata.deletionGracePeriodSeconds ?? 0))
    }

    /// What to ask for now; `nil` for nothing.
    mutating func nextAction(_ places: inout Places) -> PodStep.Action? {
        if life == nil { return deletionTimestamp == nil ? nil : .delete }
        if moment == nil { (moment, isShown) = (life?.next(), false) }
        guard let moment else { return nil }
        if isShown { return .delete }
        guard moment.scheduledAt != nil else { return .show(status(of: moment, hostIP: "")) }
        let node = node ?? places.choose()
        self.node = node
        guard isBound else { return .bind(node: node) }
        if moment.firstTriedAt != nil { podIP = podIP ?? places.chooseAddress() }
        return .show(status(of: moment, hostIP: places.address(of: node)))
    }

    /// Takes in what came of what was asked for.
    mutating func finish(_ action: PodStep.Action, _ outcome: PodStep.Outcome) {
        isUnderWay = false
        switch outcome {
        case .failed(let reason):
            failures += 1
            trouble = reason
            return
        case .gone:
            isFinished = true
        case .done:
            switch action {
            case .bind: isBound = true
            case .show:
                isReady = moment?.isReady == true
                isShown = true
                if moment?.isGone == false { moment = nil }
            case .delete: isFinished = true
            }
        }
        (failures, trouble) = (0, nil)
    }

    private func status(of moment: PodMoment, hostIP: String) -> Pod.Status {
        PodStatusWriter(
            pod: "\(name)_\(namespace)(\(uid))", containers: containers, images: life?.images, hostIP: hostIP,
            podIP: podIP ?? ""
        ).status(of: moment)
    }
}
