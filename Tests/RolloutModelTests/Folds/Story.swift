import RolloutModel

/// Builds a history fact by fact, one second apart, and folds it.
struct Story {
    let stream: StreamName
    private(set) var state: SubjectState
    private(set) var rollouts: [Int: Rollout] = [:]
    private(set) var revisions: [Int: Revision] = [:]
    private(set) var outages: [Int: Outage] = [:]
    private var position: Int64 = 0
    /// Seconds since 2026-01-01T00:00:00Z at the next fact.
    var clock: Int64 = 0

    static let start: Int64 = 1_767_225_600

    init(_ subject: String) {
        let parts = subject.split(separator: "/").map(String.init)
        stream = StreamName(cluster: "c", namespace: "shop", kind: parts[0], name: parts[1])
        state = SubjectState(of: stream)
    }

    /// The next fact.
    mutating func tell(_ fact: Fact, by actor: String? = nil) throws {
        position += 1
        let event = try Event(
            id: .derived(from: [stream.description, String(position)]), stream: stream, fact: fact,
            occurredAt: Timestamp(microseconds: (Self.start + clock) * 1_000_000),
            actor: actor.map { Actor(name: $0, evidence: .fieldManager) }, origin: .import
        )
        clock += 1
        let changes = try state.apply(
            RecordedEvent(
                position: Position(rawValue: position), version: position, recordedAt: event.occurredAt, event: event))
        for row in changes.rollouts { rollouts[row.number] = row }
        for row in changes.revisions { revisions[row.number] = row }
        for row in changes.outages { outages[row.number] = row }
    }

    /// Each rollout in a few words: `1 rollout succeeded web:1`.
    var told: [String] {
        rollouts.sorted { $0.key < $1.key }.map { number, rollout in
            let restores = rollout.restores.map { " restoring \($0)" } ?? ""
            let images = rollout.toImages.joined(separator: ",")
            return "\(number) \(rollout.kind)\(restores) \(rollout.outcome)\(images.isEmpty ? "" : " " + images)"
        }
    }
}

/// Facts about one Deployment `web`, as short as they can be.
enum Web {
    static func object(_ version: Int, kind: String = "Deployment", name: String = "web", uid: String = "d")
        -> ObjectVersion
    {
        ObjectVersion(kind: kind, namespace: "shop", name: name, uid: uid, resourceVersion: String(version))
    }

    static func template(_ image: String, hash: String? = nil) -> JSONValue {
        var labels: [String: JSONValue] = ["app": .string("web")]
        if let hash { labels["pod-template-hash"] = .string(hash) }
        let container: JSONValue = .object(["name": .string("web"), "image": .string(image)])
        return .object([
            "metadata": .object(["labels": .object(labels)]), "spec": .object(["containers": .array([container])]),
        ])
    }

    static func created(_ image: String, replicas: Int = 2, paused: Bool = false, uid: String = "d") -> Fact {
        .deploymentCreated(
            DeploymentCreated(
                object: object(1, uid: uid), createdAt: Timestamp(microseconds: Story.start * 1_000_000), generation: 1,
                replicas: replicas, paused: paused,
                selector: .object(["matchLabels": .object(["app": .string("web")])]),
                strategy: DeploymentStrategy(type: "RollingUpdate", maxSurge: "25%", maxUnavailable: "25%"),
                template: template(image)
            ))
    }

    static func image(_ image: String, generation: Int) -> Fact {
        .deploymentTemplateChanged(
            DeploymentTemplateChanged(
                object: object(generation * 10), generation: generation, template: template(image)))
    }

    static func status(
        generation: Int, observed: Int? = nil, replicas: Int = 2, updated: Int = 2, available: Int = 2
    ) -> Fact {
        .deploymentStatusObserved(
            DeploymentStatusObserved(
                object: object(generation * 10 + 5), generation: generation, observedGeneration: observed ?? generation,
                replicas: replicas, updated: updated, ready: available, available: available
            ))
    }

    static func condition(_ type: String, _ status: String, _ reason: String, _ message: String? = nil) -> Fact {
        .deploymentConditionObserved(
            DeploymentConditionObserved(
                object: object(99), type: type, status: status, reason: reason, message: message))
    }

    static let deadlineExceeded = condition("Progressing", "False", "ProgressDeadlineExceeded")

    static func mark(generation: Int) -> DeploymentSpecMark {
        DeploymentSpecMark(object: object(generation * 10), generation: generation)
    }

    static func replicaSet(_ uid: String, _ image: String, revision: Int = 1) -> Fact {
        .replicaSetCreated(
            ReplicaSetCreated(
                object: object(3, kind: "ReplicaSet", name: "web-\(uid)", uid: uid),
                createdAt: Timestamp(microseconds: Story.start * 1_000_000),
                owner: Owner(kind: "Deployment", name: "web", uid: "d"), revision: revision, templateHash: uid,
                replicas: 2,
                template: template(image, hash: uid)
            ))
    }

    static func pod(_ name: String, of replicaSet: String, _ image: String) -> Fact {
        .podCreated(
            PodCreated(
                object: object(4, kind: "Pod", name: name, uid: name),
                createdAt: Timestamp(microseconds: Story.start * 1_000_000),
                owner: Owner(kind: "ReplicaSet", name: "web-\(replicaSet)", uid: replicaSet), labels: ["app": "web"],
                containers: [ContainerImage(name: "web", image: image)]
            ))
    }

    static func ready(_ pod: String, _ ready: Bool = true) -> Fact {
        .podReadinessObserved(PodReadinessObserved(object: object(5, kind: "Pod", name: pod, uid: pod), ready: ready))
    }

    static func waiting(_ pod: String, _ reason: String, _ image: String) -> Fact {
        .podContainerWaiting(
            PodContainerWaiting(
                object: object(6, kind: "Pod", name: pod, uid: pod), container: "web", isInit: false, image: image,
                reason: reason
            ))
    }

    static func restarted(_ pod: String, _ count: Int) -> Fact {
        .podContainerRestarted(
            PodContainerRestarted(
                object: object(6, kind: "Pod", name: pod, uid: pod), container: "web", restartCount: count))
    }
}
