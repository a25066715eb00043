/// The life of a pod as it was told, moment by moment, with nothing left to chance: that of its recorded twin.
package struct PodScript: Hashable, Sendable {
    /// When the twin was created, if the script keeps to the clock by which it was told; else `nil`.
    ///
    /// With it each moment comes when it came, and all are later by as much as the pod is created later; without it, each
    /// comes so long after the pod's creation.
    package var createdAt: Timestamp?
    /// What came to pass, in the order of time.
    package var steps: [Step]
    /// From its deletion to its end; `nil` if nobody saw that, and ``PodBehaviour/termination`` says it.
    package var termination: Duration?

    package init(createdAt: Timestamp? = nil, steps: [Step], termination: Duration? = nil) {
        self.createdAt = createdAt
        self.steps = steps
        self.termination = termination
    }

    /// What changed at one moment; what is `nil` stayed as it was.
    package struct Step: Hashable, Sendable {
        /// How long after the twin's creation.
        package var after: Duration
        /// Whether a node was found.
        package var isScheduled = false
        /// What the scheduler said, if no node was found.
        package var unschedulable: String?
        package var container: Container?
        /// How the run before ended, if nobody saw it end.
        package var previous: Ending?
        /// How often the container was started again by then.
        package var restartCount: Int?
        package var isReady: Bool?
        package var phase: PodMoment.Phase?

        package init(after: Duration) { self.after = after }
    }

    /// What became of the containers that the script is about.
    package enum Container: Hashable, Sendable {
        case waiting(reason: String, message: String?)
        case running
        case terminated(Ending)
    }

    /// How a run of a container ended.
    package struct Ending: Hashable, Sendable {
        package var reason: String
        package var code: Int

        package init(reason: String, code: Int) {
            self.reason = reason
            self.code = code
        }
    }

    /// When a step comes in the life of a pod that was created at a moment.
    func moment(of step: Step, createdAt time: Timestamp) -> Timestamp {
        guard let createdAt else { return time + step.after }
        return max(time, max(time, createdAt) + step.after)
    }
}

extension PodMoment {
    /// Takes in what changed.
    mutating func apply(_ step: PodScript.Step) {
        if step.isScheduled {
            unschedulableMessage = nil
            scheduledAt = since
            readyChangedAt = since
        }
        if let message = step.unschedulable { unschedulableMessage = message }
        if let phase = step.phase { self.phase = phase }
        if let count = step.restartCount { restartCount = count }
        if let previous = step.previous { end(previous) }
        switch step.container {
        case .waiting(let reason, _) where reason == "ContainerCreating":
            container = .waiting(.containerCreating)
        case .waiting(let reason, let message):
            firstTriedAt = firstTriedAt ?? since
            container = .waiting(.other(reason: reason, message: message))
        case .running:
            firstTriedAt = firstTriedAt ?? since
            container = .running(since: since)
            if phase == .pending { phase = .running }
        case .terminated(let ending):
            firstTriedAt = firstTriedAt ?? since
            end(ending)
        case nil: break
        }
        if let isReady = step.isReady, isReady != self.isReady {
            self.isReady = isReady
            readyChangedAt = since
        }
    }

    private mutating func end(_ ending: PodScript.Ending) {
        let startedAt = if case .running(let start) = container { start } else { since }
        let termination = Termination(
            code: ending.code, reason: ending.reason, startedAt: startedAt, finishedAt: since)
        container = .terminated(termination)
        lastTermination = termination
    }
}
