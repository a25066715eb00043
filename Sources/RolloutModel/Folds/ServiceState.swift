/// The state of a Service: whom it selects, and whom its traffic reaches.
public struct ServiceState: Hashable, Sendable, Codable {
    public var stream: StreamName
    /// `nil` before the Service was first seen.
    public var uid: String?
    public var createdAt: Timestamp?
    public var isDeleted = false
    public var selector: [String: String] = [:]
    public var type: String?
    public var ports: JSONValue?
    /// The endpoints of each slice, by the slice's UID.
    public var slices: [String: [EndpointsChanged.Endpoint]] = [:]
    /// Every selector so far, the oldest first: element 0 is revision 1.
    public var selectors: [SelectorSummary] = []
    /// The newest switch, running or ended.
    public var rollout: Rollout?
    /// When those pods came into the slices that no switch was through by yet, by UID; a snapshot may be older than this.
    public var arrivals: [String: Timestamp]?
    /// The pods that the running switch is to take out of the slices, by UID.
    public var before: Set<String> = []
    /// The newest outage, lasting or over.
    public var outage: Outage?
    /// Whether an endpoint was ever ready.
    public var hasServed = false

    /// What the fold must remember of a selector.
    public struct SelectorSummary: Hashable, Sendable, Codable {
        public var selector: [String: String]
        public var createdAt: Timestamp?
        /// The number of the rollout that brought it first; `nil` for the first.
        public var rollout: Int?
    }

    /// Nothing is known yet.
    public init(stream: StreamName) {
        self.stream = stream
    }
}
