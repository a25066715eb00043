/// The state of a pod that has no controller, under one name: each pod made under that name replaces the one before.
public struct BarePodState: Hashable, Sendable, Codable {
    public var stream: StreamName
    /// The pod there is; `nil` before the first and after a deletion.
    public var pod: PodState?
    /// What is needed to make the newest pod again.
    public var manifest: JSONValue?
    /// Every manifest so far, the oldest first: element 0 is revision 1.
    public var revisions: [DeploymentState.RevisionSummary] = []
    /// The newest replacement, running or ended.
    public var rollout: Rollout?
    /// Where the newest pod was asked to go.
    var terminatingSince: Position?

    /// Nothing is known yet.
    public init(stream: StreamName) {
        self.stream = stream
    }
}
