/// The life of a pod as it was told, moment by moment, with nothing left to chance: that of its recorded twin.
package struct PodScript: Hashable, Sendable {
    /// When the twin was created, if the script keeps to the clock by which it was told; else `nil`.
    ///
    /// With it each moment comes when it came; a pod that is created later lives twice as fast until it is on time, so that
    /// what pods were together they are together again. Without it, each comes so long after the pod's creation.
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

    /// When a step comes in the life of a pod.
    ///
    /// - Parameters:
    ///   - index: The step's.
    ///   - time: When the pod was created.
    ///   - previous: When the step before it came; for the first, when the pod was created.
    func moment(ofStep index: Int, createdAt time: Timestamp, after previous: Timestamp) -> Timestamp {
        let after = steps[index].after
        guard let createdAt else { return max(time + after, previous) }
        let pause = index == 0 ? after : after - steps[index - 1].after
        // A script whose moments are not in order must not turn time back.
        return max(createdAt + after, previous + max(.zero, pause / 2))
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
