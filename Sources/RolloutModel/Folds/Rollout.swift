/// One rollout of a subject: from the change that began it to its outcome.
///
/// Numbered from 1 within its subject, without gaps, and kept for ever.
public struct Rollout: Hashable, Sendable, Codable {
    public var stream: StreamName
    /// From 1 in its stream.
    public var number: Int
    public var kind: Kind
    public var strategy: Strategy
    public var outcome: Outcome
    /// The images before, in the order of the containers; empty for a first rollout and for a Service.
    public var fromImages: [String]
    /// The images after.
    public var toImages: [String]
    /// For a Service: the labels it selected before.
    public var fromSelector: [String: String]?
    /// For a Service: the labels it selects since.
    public var toSelector: [String: String]?
    /// The revision that is rolled out; see ``Revision``.
    ///
    /// For a Service, its selectors are numbered likewise.
    public var revision: Int
    /// The revision before; `nil` for a first rollout.
    public var fromRevision: Int?
    /// For a rollback: the number of the rollout whose revision it brings back; `nil` if no rollout brought that one.
    public var restores: Int?
    public var startedAt: Timestamp
    /// `nil` while it runs.
    public var endedAt: Timestamp?
    /// Why it is not well, in one line; `nil` if nothing is known against it.
    public var diagnosis: String?
    public var actor: Actor?
    /// The event that the actor is of: what somebody did to bring the rollout about.
    ///
    /// Attributions of it say more.
    public var actorEvent: EventID?
    public var changeCause: String?
    /// How many pods were wanted when it was last looked at.
    public var desired: Int
    /// The pods that were created for it, in order of creation; at most the first 1,000.
    public var pods: [String]
    /// The lowest number of ready pods, of any revision, from its start to its end.
    public var lowestReady: Int
    /// The most pods at once, terminating ones included, from its start to its end.
    public var mostPods: Int
    /// The position of the first action that belongs to it: before ``startPosition`` if a paused Deployment held changes
    /// back, or if the old pod was deleted before the new one was made.
    public var firstPosition: Position
    /// The position of the event that began it.
    public var startPosition: Position
    /// The position of the event that ended it; `nil` while it runs.
    public var endPosition: Position?

    /// Puts a rollout together.
    package init(
        stream: StreamName, number: Int, kind: Kind, strategy: Strategy, outcome: Outcome, fromImages: [String],
        toImages: [String], fromSelector: [String: String]? = nil, toSelector: [String: String]? = nil, revision: Int,
        fromRevision: Int? = nil, restores: Int? = nil, startedAt: Timestamp, endedAt: Timestamp? = nil,
        diagnosis: String? = nil, actor: Actor? = nil, actorEvent: EventID? = nil, changeCause: String? = nil,
        desired: Int, pods: [String], lowestReady: Int, mostPods: Int, firstPosition: Position,
        startPosition: Position, endPosition: Position? = nil
    ) {
        self.stream = stream
        self.number = number
        self.kind = kind
        self.strategy = strategy
        self.outcome = outcome
        self.fromImages = fromImages
        self.toImages = toImages
        self.fromSelector = fromSelector
        self.toSelector = toSelector
        self.revision = revision
        self.fromRevision = fromRevision
        self.restores = restores
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.diagnosis = diagnosis
        self.actor = actor
        self.actorEvent = actorEvent
        self.changeCause = changeCause
        self.desired = desired
        self.pods = pods
        self.lowestReady = lowestReady
        self.mostPods = mostPods
        self.firstPosition = firstPosition
        self.startPosition = startPosition
        self.endPosition = endPosition
    }

    /// Whether it moves forward, or back to an earlier revision.
    public enum Kind: String, Hashable, Sendable, Codable { case rollout, rollback }

    /// By which procedure the pods are replaced.
    public enum Strategy: String, Hashable, Sendable, Codable {
        case rollingUpdate = "RollingUpdate"
        case recreate = "Recreate"
        case blueGreen = "BlueGreen"
        case canary = "Canary"
        case replace = "Replace"
    }

    /// How it ended.
    public enum Outcome: String, Hashable, Sendable, Codable, CaseIterable {
        case running, succeeded, failed, rolledBack, superseded, aborted
    }

    /// Ends the rollout with an event, if it runs; what has ended stays as it is.
    mutating func end(_ outcome: Outcome, by event: RecordedEvent) {
        guard self.outcome == .running else { return }
        self.outcome = outcome
        endedAt = event.event.occurredAt
        endPosition = event.position
        if outcome == .succeeded { diagnosis = nil }
    }

    /// Takes its end back: what looked like one was none.
    mutating func resume() {
        outcome = .running
        endedAt = nil
        endPosition = nil
    }

    /// Takes in how many pods are wanted, ready and there at a moment of the rollout.
    mutating func measure(desired: Int, ready: Int, pods: Int) {
        self.desired = desired
        lowestReady = min(lowestReady, ready)
        mostPods = max(mostPods, pods)
    }

    /// From start to end in seconds; `nil` while it runs.
    public var durationSeconds: Double? { endedAt.map { max(0, $0.seconds(since: startedAt)) } }
}

/// One distinct template (or, for a Service, selector) that a subject has had, numbered from 1 in the order in which
/// they first came.
///
/// Unlike Kubernetes' revisions it keeps its number when it is returned to.
public struct Revision: Hashable, Sendable, Codable {
    public var stream: StreamName
    /// From 1 in its stream.
    public var number: Int
    /// SHA-256 of the canonical template without its `pod-template-hash` label, in hexadecimal.
    public var digest: String
    public var images: [String]
    /// `spec.template`; for a bare pod its manifest; for a Service `{"selector": …}`.
    public var template: JSONValue
    public var createdAt: Timestamp
    /// The rollout that brought it first; `nil` for what a Service selected when it was created.
    public var rollout: Int?
    /// The ReplicaSet that holds its pods, once known.
    public var replicaSet: ReplicaSet?

    /// What Kubernetes knows a revision by.
    public struct ReplicaSet: Hashable, Sendable, Codable {
        public var uid: String
        public var name: String
        public var templateHash: String?
        /// The newest number that Kubernetes gave it.
        public var kubernetesRevision: Int?
    }
}

/// A time in which a Service that had had a ready endpoint had none.
public struct Outage: Hashable, Sendable, Codable {
    /// The Service's stream.
    public var stream: StreamName
    /// From 1 in its stream.
    public var number: Int
    public var startedAt: Timestamp
    /// `nil` while it lasts.
    public var endedAt: Timestamp?
    public var startPosition: Position
    public var endPosition: Position?
}

/// What an event changed beyond the state of its subject: the rows of the projections.
public struct Changes: Hashable, Sendable {
    public var rollouts: [Rollout] = []
    public var revisions: [Revision] = []
    public var outages: [Outage] = []
    public var attributions: [Attribution] = []
    /// What the stream's subject is labelled with now; `nil` if that did not change.
    public var labels: [String: String]?

    /// No change.
    public init() {}

    /// What an attribution changes.
    init(attribution fact: ActorAttributed, at position: Position) {
        attributions = [
            Attribution(event: fact.event, actor: fact.actor, confidence: fact.confidence, position: position)
        ]
    }
}
