/// What a run is to bring about, whole: with it and the events of the run anybody can go on where the runner stopped.
public struct RolloutPlan: Hashable, Sendable, Codable {
    /// What is to be done.
    public var procedure: Procedure
    /// What is done when it fails.
    public var onFailure: OnFailure
    /// How long it may take, in seconds, until it counts as failed; `nil`: as long as Kubernetes lets it.
    public var timeoutSeconds: Int?

    /// What is to be done.
    public enum Procedure: Hashable, Sendable {
        case deployment(DeploymentChange)
        case creation(DeploymentCreation)
        case pod(PodReplacement)
        case blueGreen(BlueGreen)
        case canary(Canary)
    }

    /// What is done when a run fails.
    public enum OnFailure: String, Hashable, Sendable, Codable, CaseIterable {
        /// What was there before is brought back.
        case rollback
        /// It waits for somebody to have it go on or back; what the Deployment controller does is paused, and the run has
        /// failed.
        case pause
        /// Everything is left as it is.
        case abort
    }

    public init(_ procedure: Procedure, onFailure: OnFailure, timeoutSeconds: Int? = nil) {
        self.procedure = procedure
        self.onFailure = onFailure
        self.timeoutSeconds = timeoutSeconds
    }

    /// The Service through which the new pods can be reached while they are checked; `nil` for none.
    public var preview: String? {
        guard case .blueGreen(let plan) = procedure else { return nil }
        return plan.preview?.name
    }

    /// The HTTPRoute that shares the traffic; `nil` for none.
    public var route: String? {
        guard case .canary(let plan) = procedure else { return nil }
        return plan.route?.name
    }

    /// The streams of what the run is about, its own first.
    public func streams(of stream: StreamName) -> [StreamName] {
        func other(_ kind: String, _ name: String) -> StreamName {
            StreamName(cluster: stream.cluster, namespace: stream.namespace, kind: kind, name: name)
        }
        return switch procedure {
        case .deployment, .creation, .pod: [stream]
        case .blueGreen(let plan):
            [stream, other("deployment", plan.blue.name), other("deployment", plan.green.name)]
                + (plan.preview.map { [other("service", $0.name)] } ?? [])
        case .canary(let plan):
            [stream, other("deployment", plan.canary.name)]
                + (plan.route.map { [other("service", $0.canaryService), other("httproute", $0.name)] } ?? [])
        }
    }

    /// Whether it has anything before which it can wait, if somebody asks for it.
    public var canPause: Bool {
        switch procedure {
        case .deployment, .blueGreen, .canary: true
        case .creation, .pod: false
        }
    }

    private enum Key: String, CodingKey { case deployment, creation, pod, blueGreen, canary, onFailure, timeoutSeconds }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        if let replacement = try container.decodeIfPresent(PodReplacement.self, forKey: .pod) {
            procedure = .pod(replacement)
        } else if let creation = try container.decodeIfPresent(DeploymentCreation.self, forKey: .creation) {
            procedure = .creation(creation)
        } else if let plan = try container.decodeIfPresent(BlueGreen.self, forKey: .blueGreen) {
            procedure = .blueGreen(plan)
        } else if let plan = try container.decodeIfPresent(Canary.self, forKey: .canary) {
            procedure = .canary(plan)
        } else {
            procedure = .deployment(try container.decode(DeploymentChange.self, forKey: .deployment))
        }
        onFailure = try container.decode(OnFailure.self, forKey: .onFailure)
        timeoutSeconds = try container.decodeIfPresent(Int.self, forKey: .timeoutSeconds)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        switch procedure {
        case .deployment(let change): try container.encode(change, forKey: .deployment)
        case .creation(let creation): try container.encode(creation, forKey: .creation)
        case .pod(let replacement): try container.encode(replacement, forKey: .pod)
        case .blueGreen(let plan): try container.encode(plan, forKey: .blueGreen)
        case .canary(let plan): try container.encode(plan, forKey: .canary)
        }
        try container.encode(onFailure, forKey: .onFailure)
        try container.encodeIfPresent(timeoutSeconds, forKey: .timeoutSeconds)
    }
}

/// A Deployment gets another template, and its controller replaces the pods: a rolling update, a recreation, or the way
/// back to an earlier revision.
public struct DeploymentChange: Hashable, Sendable, Codable {
    /// The Deployment, which must still be the same.
    public var uid: String
    /// What it is to be.
    public var target: Shape
    /// What it was.
    public var origin: Shape
    /// The number of the rollout that the target brings back; `nil` if it is meant to be new.
    public var restores: Int?

    /// The part of a Deployment that a rollout changes.
    public struct Shape: Hashable, Sendable, Codable {
        /// `spec.template`.
        public var template: JSONValue
        public var strategy: DeploymentStrategy
        /// The annotation `kubernetes.io/change-cause`; `nil` for none.
        public var changeCause: String?

        public init(template: JSONValue, strategy: DeploymentStrategy, changeCause: String? = nil) {
            self.template = template
            self.strategy = strategy
            self.changeCause = changeCause
        }
    }

    public init(uid: String, target: Shape, origin: Shape, restores: Int? = nil) {
        self.uid = uid
        self.target = target
        self.origin = origin
        self.restores = restores
    }
}

/// A Deployment that was deleted is made again.
public struct DeploymentCreation: Hashable, Sendable, Codable {
    /// What it is made from.
    public var manifest: JSONValue
    /// The one that was deleted, whose end nobody may have recorded; `nil` if there was none.
    public var former: String?
    /// The number of the rollout that it brings back; `nil` if it is meant to be new.
    public var restores: Int?

    public init(manifest: JSONValue, former: String? = nil, restores: Int? = nil) {
        self.manifest = manifest
        self.former = former
        self.restores = restores
    }
}

/// A pod without a controller is deleted and made again under its name.
public struct PodReplacement: Hashable, Sendable, Codable {
    /// The pod that is to go.
    public var uid: String
    /// The manifest of the new pod: `apiVersion`, `kind`, `metadata`, `spec`.
    public var target: JSONValue
    /// The manifest of the old one.
    public var origin: JSONValue

    public init(uid: String, target: JSONValue, origin: JSONValue) {
        self.uid = uid
        self.target = target
        self.origin = origin
    }
}
