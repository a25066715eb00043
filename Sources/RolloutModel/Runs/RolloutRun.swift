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
    /// Whether it is carried out on a simulated cluster.
    public var isSimulated: Bool
    /// When the newest of its events happened.
    public var lastEventAt: Timestamp
    /// Why it turned back; `nil` while it goes forward.
    public var turnedBack: Turn?
    /// Whether what was there before is back.
    public var isRestored = false
    /// The calls of which nobody knows whether they were carried out, the oldest first.
    public var openCalls: [(id: EventID, call: CallIntended)] { open.map { ($0.id, $0.call) } }
    /// The UIDs of the objects that it created going forward, the newest of each name.
    private var created: [ObjectName: String] = [:]
    /// Those that it created on the way back.
    private var createdOnTheWayBack: [ObjectName: String] = [:]
    /// The rules that it gave HTTPRoutes last, in whatever direction, by the routes' names.
    private var rules: [String: JSONValue] = [:]
    /// The calls that were carried out since it began or turned back, the oldest first.
    public var calls: [Done] = []
    /// The newest check; `nil` if none was made since its step began, or since somebody had it go on.
    public var lastCheck: Check?
    /// The step that it is at; `nil` before the first.
    public var step: Step?
    /// Whether it is to wait, because somebody asked for it or because it failed.
    public var isPaused = false
    /// What failed, so that it waits for somebody; `nil` if nothing did.
    public var failure: String?
    /// When somebody had it go on last; `nil` if nobody did.
    public var resumedAt: Timestamp?
    /// Whether somebody asked it to wait no longer in the step that it is at.
    public var isPromoted = false
    /// Whether somebody asked it to leave out all steps but the last.
    public var isFullyPromoted = false
    /// Who asked it to go back, and why; `nil` if nobody did.
    public var abortRequest: Turn?
    /// How it ended; `nil` while it goes on.
    public var end: End?
    /// The newest call that was carried out, in whatever direction.
    public var newestCall: Done?
    /// The position of the newest of the events that were read from a ledger.
    public var position: Position = 0

    private var open: [Open] = []
    /// The events that it has taken in.
    private var applied: Set<EventID> = []

    private struct ObjectName: Hashable, Sendable {
        var resource: Resource
        var name: String
    }

    private struct Open: Hashable, Sendable {
        var id: EventID
        var call: CallIntended
    }

    /// A call that was carried out.
    public struct Done: Hashable, Sendable {
        public var call: CallIntended
        public var completed: CallCompleted
        public var at: Timestamp
    }

    /// A check that was made.
    public struct Check: Hashable, Sendable {
        public var completed: CheckCompleted
        public var at: Timestamp
    }

    /// A step of a run.
    public struct Step: Hashable, Sendable {
        public var step: RolloutStep
        public var startedAt: Timestamp
        /// When what it wants was reached; `nil` before.
        public var completedAt: Timestamp?
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
        isSimulated = fact.scenario != nil
        lastEventAt = event.occurredAt
    }

    /// Takes in the next event of the run; any other changes nothing, nor does one that it has taken in.
    ///
    /// - Throws: as ``Event/fact()``.
    public mutating func apply(_ event: Event) throws {
        guard event.rollout == id, applied.insert(event.id).inserted else { return }
        lastEventAt = max(lastEventAt, event.occurredAt)
        switch try event.fact() {
        case .callIntended(let fact):
            open.append(Open(id: event.id, call: fact))
        case .callCompleted(let fact):
            guard let index = open.firstIndex(where: { $0.id == fact.call }) else { break }
            let done = Done(call: open.remove(at: index).call, completed: fact, at: event.occurredAt)
            calls.append(done)
            newestCall = done
            guard let call = ClusterCall(done.call) else { break }
            if call.verb == .create, let uid = fact.uid {
                let object = ObjectName(resource: call.resource, name: call.name)
                if turnedBack == nil { created[object] = uid } else { createdOnTheWayBack[object] = uid }
            }
            if call.verb == .patch, call.resource == .services, call.name == stream.name {
                // Who had it go on before the switch did not speak of the old pods that are kept after it.
                isPromoted = false
            }
            if call.verb == .patch, call.resource == .httpRoutes {
                rules[call.name] = call.body["spec"]?["rules"] ?? rules[call.name]
            }
        case .callFailed(let fact):
            open.removeAll { $0.id == fact.call }
        case .rollbackStarted(let fact):
            turnedBack = Turn(reason: fact.reason, at: event.occurredAt)
            calls = []
        case .rollbackCompleted:
            isRestored = true
        case .rolloutStepStarted(let fact):
            step = Step(step: fact, startedAt: event.occurredAt)
            isPromoted = false
            lastCheck = nil
        case .rolloutStepCompleted:
            step?.completedAt = event.occurredAt
        case .checkCompleted(let fact):
            lastCheck = Check(completed: fact, at: event.occurredAt)
        case .rolloutPaused(let fact):
            isPaused = true
            failure = fact.failure ?? failure
        case .rolloutResumed:
            goOn(at: event.occurredAt)
        case .rolloutPromoted(let fact):
            goOn(at: event.occurredAt)
            isPromoted = true
            isFullyPromoted = isFullyPromoted || fact.isFull
        case .rolloutAbortRequested(let fact):
            let who = event.actor?.name ?? "somebody"
            abortRequest = Turn(
                reason: "\(who) gave it up\(fact.reason.map { ": \($0)" } ?? "")", at: event.occurredAt)
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

    /// The UID of the object that it created under a name going forward; `nil` if it created none.
    package func created(_ resource: Resource, _ name: String) -> String? {
        created[ObjectName(resource: resource, name: name)]
    }

    /// The UID of the object that it created under a name on the way back; `nil` if it created none.
    package func createdOnTheWayBack(_ resource: Resource, _ name: String) -> String? {
        createdOnTheWayBack[ObjectName(resource: resource, name: name)]
    }

    /// The rules that it gave an HTTPRoute last; `nil` if it gave it none.
    package func rules(of route: String) -> JSONValue? { rules[route] }

    private mutating func goOn(at time: Timestamp) {
        isPaused = false
        failure = nil
        resumedAt = time
        lastCheck = nil
    }

    /// Takes in the next event of the run as a ledger holds it.
    ///
    /// - Throws: as ``Event/fact()``.
    public mutating func apply(_ event: RecordedEvent) throws {
        try apply(event.event)
        position = event.position
    }
}
