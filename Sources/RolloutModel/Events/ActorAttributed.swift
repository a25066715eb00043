/// `actor.attributed`: who did what an event says, told after the event was recorded, or on better evidence.
public struct ActorAttributed: Hashable, Sendable, Codable {
    /// The event that is attributed.
    ///
    /// It belongs to the same stream.
    public var event: EventID
    /// Who did it.
    public var actor: Actor
    /// The request, as the API server numbered it; its answer bore the same id in the header `Audit-ID`.
    public var auditID: String
    /// The groups that the user was in.
    public var groups: [String]
    /// The user who acted as the actor; `nil` if the actor acted in their own name.
    public var impersonatedBy: String?
    /// Where the request came from: the client first, then each proxy.
    public var sourceIPs: [String]
    /// What the client calls itself; its word only.
    public var userAgent: String?
    /// How surely the request is the one that caused the event.
    public var confidence: Confidence

    /// How a request and an event were found to belong together.
    public enum Confidence: String, Hashable, Sendable, Codable {
        /// The answer to the request holds the very version of the object that the event was read off, and nothing tells of
        /// versions before it that were not seen.
        case exact
        /// The request was for the object, of a fitting verb, and shortly before, or one of several that may have done it.
        case inferred
    }

    /// Attributes an event.
    public init(
        event: EventID, actor: Actor, auditID: String, groups: [String], impersonatedBy: String? = nil,
        sourceIPs: [String], userAgent: String? = nil, confidence: Confidence
    ) {
        self.event = event
        self.actor = actor
        self.auditID = auditID
        self.groups = groups
        self.impersonatedBy = impersonatedBy
        self.sourceIPs = sourceIPs
        self.userAgent = userAgent
        self.confidence = confidence
    }
}

/// What an attribution says of an event: a row of the projections.
public struct Attribution: Hashable, Sendable {
    /// The event that is attributed.
    public var event: EventID
    /// Who did it.
    public var actor: Actor
    /// How surely.
    public var confidence: ActorAttributed.Confidence
    /// The position of the attribution itself.
    public var position: Position
}
