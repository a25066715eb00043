/// The state of a Deployment: what is wanted of it, what runs, and the rollout under way.
public struct DeploymentState: Hashable, Sendable, Codable {
    public var stream: StreamName
    /// `nil` before the Deployment was first seen.
    public var uid: String?
    public var createdAt: Timestamp?
    /// Whether the Deployment is gone.
    public var isDeleted = false
    public var generation = 0
    public var paused = false
    public var selector: JSONValue = .object([:])
    public var strategy = DeploymentStrategy(type: "RollingUpdate")
    public var template: JSONValue = .object([:])
    /// Who set the template.
    public var templateActor: Actor?
    /// The event that says so.
    var templateEvent: EventID?
    public var changeCause: String?
    /// How many pods are wanted.
    public var desired = 0
    public var status = Status()
    /// By type: `Available`, `Progressing`, `ReplicaFailure`.
    public var conditions: [String: Condition] = [:]
    /// By UID.
    public var replicaSets: [String: ReplicaSet] = [:]
    /// The pods that are not gone, by UID.
    public var pods: [String: PodState] = [:]
    /// Every revision so far, the oldest first: element 0 is revision 1.
    public var revisions: [RevisionSummary] = []
    /// The newest rollout, running or ended.
    public var rollout: Rollout?
    /// The rollout before that one: some of what became of its pods may still be told.
    var earlier: Rollout?
    /// The first change of the template that the pause under way holds back.
    var heldSince: Position?
    /// Whether the Deployment was made and has not been rolled out yet; a new one is, whatever its template.
    var needsRollout = false

    /// The counts of the Deployment's status.
    public struct Status: Hashable, Sendable, Codable {
        public var observedGeneration = 0
        public var replicas = 0
        public var updated = 0
        public var ready = 0
        public var available = 0
        /// The number that Kubernetes gives the current revision.
        public var revision: Int?
    }

    /// A condition of the Deployment.
    public struct Condition: Hashable, Sendable, Codable {
        public var status: String
        public var reason: String?
        public var message: String?
    }

    /// A ReplicaSet of the Deployment.
    public struct ReplicaSet: Hashable, Sendable, Codable {
        public var uid: String
        public var name: String
        public var templateHash: String?
        public var kubernetesRevision: Int?
        public var desired: Int
        /// The number of the ``Revision`` whose pods it holds.
        public var revision: Int
        public var isDeleted = false
    }

    /// What the fold must remember of a revision.
    public struct RevisionSummary: Hashable, Sendable, Codable {
        public var digest: String
        public var images: [String]
        public var createdAt: Timestamp
        /// The number of the rollout that brought it first; `nil` while a paused Deployment holds it back.
        public var rollout: Int?
    }

    /// Nothing is known yet.
    public init(stream: StreamName) {
        self.stream = stream
    }

    /// The rollout of a number, if it is the newest or the one before.
    package func rollout(numbered number: Int) -> Rollout? {
        [rollout, earlier].compactMap { $0 }.first { $0.number == number }
    }
}
