/// A second Deployment is brought up beside the one that serves, and then the Service's selector is switched to its pods,
/// all at once.
public struct BlueGreen: Hashable, Sendable, Codable {
    /// The UID of the Service, in whose stream the run is.
    public var service: String
    /// The Deployment that serves.
    public var blue: Incumbent
    /// The one that is to serve.
    public var green: Candidate
    /// How many pods the new one is to have.
    public var replicas: Int
    /// The labels that the Service selects.
    public var origin: [String: String]
    /// Those that it is to select.
    public var target: [String: String]
    /// How many ready pods the new labels must match before the switch, from 1.
    public var readyPods: Int
    /// For how long the old pods are kept after the switch, in seconds.
    public var keepSeconds: Int
    /// By what the new pods are checked before the switch; `nil` for nothing.
    public var check: PodCheck?
    /// The Service through which they can be reached meanwhile; `nil` for none.
    public var preview: Preview?

    /// A Service over the new pods alone, for as long as they are checked.
    public struct Preview: Hashable, Sendable, Codable {
        public var name: String
        /// What it is made from; `nil` if it is there and stays.
        public var manifest: JSONValue?

        public init(name: String, manifest: JSONValue? = nil) {
            self.name = name
            self.manifest = manifest
        }
    }

    public init(
        service: String, blue: Incumbent, green: Candidate, replicas: Int, origin: [String: String],
        target: [String: String], readyPods: Int, keepSeconds: Int, check: PodCheck? = nil,
        preview: Preview? = nil
    ) {
        self.service = service
        self.blue = blue
        self.green = green
        self.replicas = replicas
        self.origin = origin
        self.target = target
        self.readyPods = readyPods
        self.keepSeconds = keepSeconds
        self.check = check
        self.preview = preview
    }
}
