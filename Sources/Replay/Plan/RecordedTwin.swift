import RolloutModel

/// A pod of the recording, and what was seen of it.
struct RecordedTwin {
    var role: PodRole
    /// The digest of its template; `nil` for a bare pod.
    var template: String?
    var images: [ContainerImage]
    var createdAt: Timestamp
    /// Whether it was there, and ready, at the beginning.
    var wasThere: Bool
    var facts: [(fact: Fact, version: String, at: Timestamp)] = []
    var goingAt: Timestamp?
    var goneAt: Timestamp?

    /// Whether it was seen to get ready, or to meet trouble, before it was asked to go.
    var isTold: Bool {
        guard !wasThere else { return false }
        return facts.contains { fact, _, at in
            if let goingAt, at > goingAt { return false }
            switch fact {
            case .podReadinessObserved(let fact): return fact.ready
            case .podContainerWaiting(let fact): return fact.reason != "ContainerCreating"
            case .podContainerTerminated, .podUnschedulable: return true
            default: return false
            }
        }
    }

    /// The container that the life is told of: the first that met trouble, else the first that ran.
    var container: ContainerImage? {
        let troubled = facts.lazy.compactMap { fact, _, _ -> String? in
            switch fact {
            case .podContainerWaiting(let fact) where fact.reason != "ContainerCreating": fact.container
            case .podContainerTerminated(let fact) where fact.exitCode != 0: fact.container
            default: nil
            }
        }
        return troubled.first.flatMap { name in images.first { $0.name == name } } ?? images.first
    }

    var script: PodScript {
        var script = PodScript(createdAt: createdAt, steps: [])
        if wasThere {
            var step = PodScript.Step(after: .zero)
            (step.isScheduled, step.container, step.isReady) = (true, .running, true)
            script.steps = [step]
        }
        var version: String?
        for (fact, factVersion, at) in facts where goingAt.map({ at < $0 }) ?? true {
            if factVersion != version {
                version = factVersion
                script.steps.append(
                    PodScript.Step(after: .microseconds(max(0, at.microseconds - createdAt.microseconds))))
            }
            script.steps[script.steps.count - 1].take(fact, of: container?.name)
        }
        script.steps.removeAll { $0 == PodScript.Step(after: $0.after) }
        if let goingAt, let goneAt { script.termination = .microseconds(goneAt.microseconds - goingAt.microseconds) }
        return script
    }
}

extension PodScript.Step {
    fileprivate mutating func take(_ fact: Fact, of container: String?) {
        switch fact {
        case .podScheduled: isScheduled = true
        case .podUnschedulable(let fact): unschedulable = fact.message ?? fact.reason
        case .podContainerWaiting(let fact) where fact.container == container || fact.isInit:
            self.container = .waiting(reason: fact.reason, message: fact.message)
        case .podContainerStarted(let fact) where fact.container == container: self.container = .running
        case .podContainerTerminated(let fact) where fact.container == container:
            self.container = .terminated(PodScript.Ending(reason: fact.reason, code: fact.exitCode))
        case .podContainerRestarted(let fact) where fact.container == container:
            restartCount = fact.restartCount
            if let reason = fact.lastReason {
                previous = PodScript.Ending(reason: reason, code: fact.lastExitCode ?? 1)
            }
        case .podReadinessObserved(let fact): isReady = fact.ready
        case .podPhaseObserved(let fact): phase = PodMoment.Phase(rawValue: fact.phase)
        default: break
        }
    }
}
