/// The Deployment that a run brings up beside the one that serves.
public struct Candidate: Hashable, Sendable, Codable {
    public var name: String
    /// What it is made from, with all its fields but `spec.replicas`; `nil` if there is one already.
    public var manifest: JSONValue?
    /// The one there is; `nil` if it is to be made.
    public var existing: Existing?

    /// A Deployment that was there before the run.
    public struct Existing: Hashable, Sendable, Codable {
        /// The Deployment, which must still be the same.
        public var uid: String
        /// How many pods it had.
        public var replicas: Int
        /// What it was.
        public var origin: DeploymentChange.Shape
        /// What it is to be.
        public var target: DeploymentChange.Shape
        /// How often the containers of its pods had been started again, by the pods' UIDs; `nil` if that is not known.
        public var restarts: [String: Int]?

        public init(
            uid: String, replicas: Int, origin: DeploymentChange.Shape, target: DeploymentChange.Shape,
            restarts: [String: Int]? = nil
        ) {
            self.uid = uid
            self.replicas = replicas
            self.origin = origin
            self.target = target
            self.restarts = restarts
        }
    }

    /// One that is to be made.
    public init(name: String, manifest: JSONValue) {
        self.name = name
        self.manifest = manifest
    }

    /// One that there is.
    public init(name: String, existing: Existing) {
        self.name = name
        self.existing = existing
    }
}

/// The Deployment that serves when a run begins.
public struct Incumbent: Hashable, Sendable, Codable {
    public var name: String
    /// The Deployment, which must still be the same.
    public var uid: String
    /// How many pods it had.
    public var replicas: Int

    public init(name: String, uid: String, replicas: Int) {
        self.name = name
        self.uid = uid
        self.replicas = replicas
    }
}
