/// What a simulated cluster is given: with the calls made since, it gives the same cluster again, to the last UID.
public struct Scenario: Hashable, Sendable, Codable {
    /// When it was given.
    public var appliedAt: Timestamp
    /// Objects as Kubernetes writes them, nodes among them, and how pods live (`kind: PodBehaviours`).
    ///
    /// An object that is there already stays as it is.
    public var documents: [JSONValue]
    /// The namespace of objects that name none.
    public var namespace: String

    public init(appliedAt: Timestamp, documents: [JSONValue], namespace: String) {
        self.appliedAt = appliedAt
        self.documents = documents
        self.namespace = namespace
    }
}
