/// How far a run has got: the fold of its events.
///
/// A function of the events alone, so that another process can go on where the runner stopped.
public struct RolloutRun: Hashable, Sendable {
    /// The id of its `rollout.started`.
    public var id: EventID
    public var stream: StreamName
    public var plan: RolloutPlan
    public var reason: String?
    public var startedAt: Timestamp
    public var actor: Actor?
    /// Why it turned back; `nil` while it goes forward.
    public var turnedBack: Turn?
    /// Whether what was there before is back.
    public var isRestored = false
    /// The calls of which nobody knows whether they were carried out, the oldest first.
    public var openCalls: [(id: EventID, call: CallIntended)] { open.map { ($0.id, $0.call) } }
    /// The UIDs of the objects that it created going forward, the oldest first.
    public var created: [String] = []
    /// Those that it created on the way back.
    public var createdOnTheWayBack: [String] = []
    /// How many calls were carried out since it began or turned back.
    public var callsInThisDirection = 0
    /// How it ended; `nil` while it goes on.
    public var end: End?

    private var open: [Open] = []

    private struct Open: Hashable, Sendable {
        var id: EventID
        var call: CallIntended
    }

    /// Where a run changed its direction.
    public struct Turn: Hashable, Sendable {
        public var reason: String
        public var at: Timestamp
    }

    /// How a run ended.
    public struct End: Hashable, Sendable {
        public var outcome: Outcome
        public var reason: String

        public enum Outcome: Hashable, Sendable { case succeeded, failed, aborted }

        public init(outcome: Outcome, reason: String) {
            self.outcome = outcome
            self.reason = reason
        }
    }

    /// Begins with the event that started the run; `nil` if the event is of another type.
    ///
    /// - Throws: as ``Event/fact()``.
    public init?(startedBy event: Event) throws {
        guard case .rolloutStarted(let fact) = try event.fact() else { return nil }
        id = event.id
        stream = event.stream
        plan = fact.plan
        reason = fact.reason
        startedAt = event.occurredAt
        actor = event.actor
    }

    /// Takes in the next event of the run; any other changes nothing.
    ///
    /// - Throws: as ``Event/fact()``.
    public mutating func apply(_ event: Event) throws {
        guard event.rollout == id else { return }
        switch try event.fact() {
        case .callIntended(let fact):
            open.append(Open(id: event.id, call: fact))
        case .callCompleted(let fact):
            let isCreation = open.first { $0.id == fact.call }?.call.method == "POST"
            if isCreation, let uid = fact.uid {
                if turnedBack == nil { created.append(uid) } else { createdOnTheWayBack.append(uid) }
            }
            open.removeAll { $0.id == fact.call }
            callsInThisDirection += 1
        case .callFailed(let fact):
            open.removeAll { $0.id == fact.call }
        case .rollbackStarted(let fact):
            turnedBack = Turn(reason: fact.reason, at: event.occurredAt)
            callsInThisDirection = 0
        case .rollbackCompleted:
            isRestored = true
        case .rolloutSucceeded(let fact):
            end = End(outcome: .succeeded, reason: fact.reason)
        case .rolloutFailed(let fact):
            end = End(outcome: .failed, reason: fact.reason)
        case .rolloutAborted(let fact):
            end = End(outcome: .aborted, reason: fact.reason)
        default:
            break
        }
    }
}
