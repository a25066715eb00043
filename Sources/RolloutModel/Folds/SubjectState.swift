/// The state of one subject: the fold of its stream.
///
/// `apply` is the only way it changes, and a function of state and event alone; so equal histories give equal states.
/// It also encodes as JSON, for snapshots.
public enum SubjectState: Hashable, Sendable, Codable {
    case deployment(DeploymentState)
    case service(ServiceState)
    case pod(BarePodState)
    /// A stream that has no state of its own: of an HTTPRoute, of a recorder, or of a ReplicaSet whose owner is not known.
    case none

    /// The state before the first event.
    public init(of stream: StreamName) {
        switch stream.kind {
        case "deployment": self = .deployment(DeploymentState(stream: stream))
        case "service": self = .service(ServiceState(stream: stream))
        case "pod": self = .pod(BarePodState(stream: stream))
        default: self = .none
        }
    }

    /// Its newest rollout, running or ended; `nil` before the first.
    public var rollout: Rollout? {
        switch self {
        case .deployment(let state): state.rollout
        case .service(let state): state.rollout
        case .pod(let state): state.rollout
        case .none: nil
        }
    }

    /// Takes in the next event of the stream, and tells which rollouts, revisions and outages it began or changed.
    ///
    /// - Throws: as ``Event/fact()``; then the state is as before.
    public mutating func apply(_ event: RecordedEvent) throws -> Changes {
        let fact = try event.event.fact()
        switch fact {
        case .actorAttributed(let fact): return Changes(attribution: fact, at: event.position)
        // What people say of a subject changes nothing about it.
        case .noteAdded: return Changes()
        // What we mean to do changes nothing either; what comes of it is observed.
        case .rolloutStarted, .rolloutSucceeded, .rolloutFailed, .rolloutAborted, .rollbackStarted, .rollbackCompleted,
            .rolloutStepStarted, .rolloutStepCompleted, .rolloutPaused, .rolloutResumed, .rolloutPromoted,
            .rolloutAbortRequested, .checkCompleted, .callIntended, .callCompleted, .callFailed, .replayStarted,
            .replayCompleted:
            return Changes()
        default: break
        }
        // Unless it is let go of, each state would be copied before it is changed, with all pods of a Deployment.
        switch self {
        case .deployment(var state):
            self = .none
            let changes = state.apply(fact, of: event)
            self = .deployment(state)
            return changes
        case .service(var state):
            self = .none
            let changes = state.apply(fact, of: event)
            self = .service(state)
            return changes
        case .pod(var state):
            self = .none
            let changes = state.apply(fact, of: event)
            self = .pod(state)
            return changes
        case .none:
            return Changes()
        }
    }
}
