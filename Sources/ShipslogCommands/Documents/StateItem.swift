import RolloutModel

/// A subject as it was at a moment, as `state` answers with it.
struct StateItem: Printable {
    var stream: StreamName
    var state: SubjectState
    /// The Services over it, at the same moment.
    var services: [ServiceOverItem]
    /// The position up to which the log was read; `nil` if a time was asked for.
    var position: Position?
    /// The time that was asked for.
    var time: Timestamp?

    var namespace: String { stream.namespace }
    var name: String { stream.shortName }

    static func columns(_ style: TextStyle) -> [Column<StateItem>] {
        [
            Column("CLUSTER", isWide: true) { StyledText($0.stream.cluster) },
            Column("NAME") { StyledText($0.name) },
            Column("READY") { StyledText($0.readyText) },
            Column("IMAGES") { StyledText($0.contentText) },
            Column("ROLLOUT") { item in item.rollout.map { "@\($0.number) \($0.outcomeText)" } ?? "<none>" },
            Column("CREATED", isWide: true) { item in item.createdAt.map(style.moment) ?? "<unknown>" },
        ]
    }

    /// Whether the subject had been seen by then.
    var isKnown: Bool {
        switch state {
        case .deployment(let state): state.uid != nil
        case .service(let state): state.uid != nil
        case .pod(let state): state.pod != nil || !state.revisions.isEmpty
        case .none: false
        }
    }

    /// Whether the subject was gone by then.
    var isDeleted: Bool {
        switch state {
        case .deployment(let state): state.isDeleted
        case .service(let state): state.isDeleted
        case .pod(let state): state.pod == nil
        case .none: false
        }
    }

    /// Its newest rollout.
    var rollout: Rollout? {
        switch state {
        case .deployment(let state): state.rollout
        case .service(let state): state.rollout
        case .pod(let state): state.rollout
        case .none: nil
        }
    }

    var createdAt: Timestamp? {
        switch state {
        case .deployment(let state): state.createdAt
        case .service(let state): state.createdAt
        case .pod(let state): state.pod?.createdAt
        case .none: nil
        }
    }

    /// Its pods, by name.
    var pods: [PodItem] {
        switch state {
        case .deployment(let state): state.podItems
        case .pod(let state):
            state.pod.map { [PodItem(pod: $0, revision: state.rollout?.revision, namespace: namespace)] } ?? []
        case .service, .none: []
        }
    }

    var images: [String] {
        switch state {
        case .deployment(let state): Template.images(state.template)
        case .pod(let state): state.pod?.containers.map(\.image) ?? []
        case .service, .none: []
        }
    }

    private var readyText: String {
        switch state {
        case .deployment(let state): "\(state.status.ready)/\(state.desired)"
        case .service(let state): "\(state.endpoints.count { $0.ready })/\(state.endpoints.count)"
        case .pod(let state): state.pod?.ready == true ? "1/1" : "0/1"
        case .none: "<none>"
        }
    }

    private var contentText: String {
        if case .service(let state) = state { return ImageText.labels(state.selector) }
        return ImageText.list(images)
    }

    var document: JSONValue {
        var members: [String: JSONValue] = [
            "asOf": .object(["position": .position(position), "time": .time(time)]),
            "cluster": .string(stream.cluster),
            "createdAt": .time(createdAt),
            "deleted": .bool(isDeleted),
            "images": .texts(images),
            "kind": .string(stream.kind),
            "name": .string(stream.name),
            "namespace": .string(stream.namespace),
            "pods": .array(pods.map(\.document)),
            "rollout": .whole(rollout?.number),
            "services": .array(services.map(\.document)),
            "subject": .string(stream.subject),
        ]
        for key in ["changeCause", "conditions", "endpoints", "paused", "replicas", "revision", "selector", "strategy"]
        {
            members[key] = .null
        }
        switch state {
        case .deployment(let state): members.merge(state.documentMembers) { $1 }
        case .service(let state): members.merge(state.documentMembers) { $1 }
        case .pod, .none: break
        }
        return .object(members)
    }
}

extension DeploymentState {
    fileprivate var documentMembers: [String: JSONValue] {
        [
            "changeCause": .text(changeCause),
            "conditions": .object(
                conditions.mapValues {
                    .object(["message": .text($0.message), "reason": .text($0.reason), "status": .string($0.status)])
                }),
            "paused": .bool(paused),
            "replicas": .object([
                "available": .whole(status.available), "desired": .whole(desired), "ready": .whole(status.ready),
                "total": .whole(status.replicas), "updated": .whole(status.updated),
            ]),
            "revision": .whole(status.revision),
            "selector": selector,
            "strategy": .string(strategy.type),
        ]
    }
}

extension ServiceState {
    fileprivate var documentMembers: [String: JSONValue] {
        let endpoints = endpoints.map { endpoint -> JSONValue in
            .object([
                "addresses": .texts(endpoint.addresses), "pod": .text(endpoint.podName), "ready": .bool(endpoint.ready),
                "serving": .bool(endpoint.serving), "terminating": .bool(endpoint.terminating),
            ])
        }
        return ["endpoints": .array(endpoints), "selector": .labels(selector)]
    }
}
