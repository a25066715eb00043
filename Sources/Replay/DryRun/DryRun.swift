import RolloutModel

/// Reruns a recorded span against nothing but the state: each action as the request it would be, checked against the state
/// before it; each consequence as it was recorded.
///
/// A function of the events it is given. The state is rebuilt from the requests' own bodies, so that a request that says
/// less than the action did shows in the end.
public struct DryRun: Sendable {
    private var state: SubjectState
    private var summary = Summary()

    /// What came of one event.
    public struct Step: Hashable, Sendable {
        /// The event that is rerun.
        public var event: RecordedEvent
        /// Its fact.
        public var fact: Fact
        /// For an action, the request; `nil` for a consequence.
        public var request: Request?
        /// What did not hold, in words; `nil` if all is as it was.
        public var divergence: String?
    }

    /// The figures of a run.
    public struct Summary: Hashable, Sendable, Codable {
        public var actions = 0
        public var expectations = 0
        /// Actions that were valid, and expectations that fit.
        public var matched = 0
        /// Those that were not or did not, and one more if the state at the end is another.
        public var diverged = 0

        /// Nothing yet.
        public init() {}
    }

    /// Prepares a run.
    ///
    /// - Parameter before: The subject's state before the first event of the span.
    public init(before: SubjectState) {
        state = before
    }

    /// Reruns the next event of the subject's stream.
    ///
    /// - Throws: as ``Event/fact()``.
    public mutating func take(_ recorded: RecordedEvent) throws -> Step {
        let recorded = try recorded.withFact()
        let fact = try recorded.event.fact()
        var step = Step(event: recorded, fact: fact)
        guard let request = Request(of: fact, in: recorded.event.stream) else {
            summary.expectations += 1
            step.divergence = state.contradiction(with: fact)
            _ = try state.apply(recorded)
            count(step)
            return step
        }
        summary.actions += 1
        step.request = request
        guard let effect = request.effect(recorded: fact) else {
            step.divergence = "the request does not say what was done"
            count(step)
            return step
        }
        step.divergence = state.objection(to: effect)
        var replayed = recorded
        replayed.event.payload = try effect.encodePayload()
        replayed.event.schemaVersion = effect.type.currentSchemaVersion
        _ = try state.apply(replayed)
        count(step)
        return step
    }

    /// Compares the state that the run arrived at with the recorded one.
    ///
    /// - Returns: The figures, and in words what differs; `nil` if nothing does.
    public mutating func finish(recorded: SubjectState) -> (summary: Summary, difference: String?) {
        let difference = state.difference(from: recorded)
        if difference != nil { summary.diverged += 1 }
        return (summary, difference)
    }

    private mutating func count(_ step: Step) {
        if step.divergence == nil { summary.matched += 1 } else { summary.diverged += 1 }
    }
}

extension SubjectState {
    /// What the first difference between this state and a recorded one is about; `nil` if they are equal.
    fileprivate func difference(from recorded: SubjectState) -> String? {
        if self == recorded { return nil }
        switch (self, recorded) {
        case (.deployment(let replayed), .deployment(let recorded)):
            if replayed.template != recorded.template { return "the pod template at the end is another" }
            if replayed.desired != recorded.desired {
                return "\(replayed.desired) replicas are wanted at the end, not \(recorded.desired)"
            }
            if replayed.strategy != recorded.strategy { return "the strategy at the end is another" }
            if replayed.pods != recorded.pods { return "the pods at the end are others" }
            if replayed.rollout?.outcome != recorded.rollout?.outcome {
                return
                    "the outcome is \(replayed.rollout?.outcome.rawValue ?? "none"), not \(recorded.rollout?.outcome.rawValue ?? "none")"
            }
        case (.service(let replayed), .service(let recorded)):
            if replayed.selector != recorded.selector { return "the selector at the end is another" }
            if replayed.slices != recorded.slices { return "the endpoints at the end are others" }
        case (.pod(let replayed), .pod(let recorded)):
            if replayed.pod != recorded.pod { return "the pod at the end is another" }
        default:
            break
        }
        return "the state at the end is another"
    }
}
