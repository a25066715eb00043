import RolloutModel

/// What an audit log says of one request, as far as rollouts are concerned.
///
/// - SeeAlso: <https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/#audit-k8s-io-v1-Event>
struct AuditEntry: Sendable {
    /// When the answer was complete, by the API server's clock.
    var at: Timestamp
    /// What the request changed; `nil` if nothing that rollouts touch.
    var change: Change?

    /// A request and what it left behind.
    struct Change: Sendable {
        var request: AuditRequest
        var effect: Effect
    }

    /// What a successful request to change something left behind.
    enum Effect: Sendable {
        /// A version of an object. It may be the last one: what was deleted at once, or never to be seen again.
        case version(WatchEvent.Object, isLast: Bool)
        /// A Deployment scaled through its subresource.
        case scale(Scale)
        /// An object that is gone, by its UID.
        case removal(uid: String)
        /// Something that the log does not hold, since the audit policy does not ask for it.
        case unknown
    }

    /// What `deployments/scale` answers: a part of the Deployment, of the Deployment's own version.
    ///
    /// - SeeAlso: <https://kubernetes.io/docs/reference/kubernetes-api/autoscaling-resources/scale-v1/>
    struct Scale: Decodable, Sendable {
        var metadata: ObjectMeta
        /// `nil` for none: a zero is left out.
        var replicas: Int
        /// How many pods there were when the answer was given.
        var currentReplicas: Int

        private enum Key: String, CodingKey { case metadata, spec, status }
        private struct Replicas: Decodable { var replicas: Int? }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            metadata = try container.decode(ObjectMeta.self, forKey: .metadata)
            replicas = try container.decodeIfPresent(Replicas.self, forKey: .spec)?.replicas ?? 0
            currentReplicas = try container.decodeIfPresent(Replicas.self, forKey: .status)?.replicas ?? 0
        }
    }
}

extension AuditEntry: Decodable {
    init(from decoder: any Decoder) throws {
        let request = try AuditRequest(from: decoder)
        at = request.at
        change = try Change(request, from: decoder)
    }
}

extension AuditEntry.Change {
    typealias Effect = AuditEntry.Effect
    typealias Scale = AuditEntry.Scale

    private enum Key: String, CodingKey { case responseObject }
    private enum ObjectKey: String, CodingKey { case kind, metadata, details }
    private struct Details: Decodable { var uid: String? }
    private struct Finality: Decodable {
        var deletionTimestamp: Timestamp?
        var deletionGracePeriodSeconds: Int?
        var finalizers: [String]?
    }

    /// - Parameter decoder: Of the entry.
    /// - Returns: `nil` if the request failed, or can have changed nothing that rollouts touch.
    init?(_ request: AuditRequest, from decoder: any Decoder) throws {
        guard request.changesRollouts, (200..<300).contains(request.code) else { return nil }
        let container = try decoder.container(keyedBy: Key.self)
        self.request = request
        guard let object = try? container.nestedContainer(keyedBy: ObjectKey.self, forKey: .responseObject) else {
            effect = .unknown
            return
        }
        func decode<Value: Decodable>(_: Value.Type) throws -> Value {
            try container.decode(Value.self, forKey: .responseObject)
        }
        func version(_ object: WatchEvent.Object, _ finality: Finality) throws -> Effect {
            let isGoing = finality.deletionTimestamp != nil && finality.deletionGracePeriodSeconds ?? 0 > 0
            let isLast = request.verb == .delete && !isGoing && (finality.finalizers ?? []).isEmpty
            try WatchEvent(type: .modified, object: object).checkNames(at: "responseObject")
            return .version(object, isLast: isLast)
        }
        let kind = try object.decodeIfPresent(String.self, forKey: .kind) ?? ""
        func finality() throws -> Finality { try object.decode(Finality.self, forKey: .metadata) }
        effect =
            switch kind {
            case "Deployment": try version(.deployment(decode(Deployment.self)), finality())
            case "ReplicaSet": try version(.replicaSet(decode(ReplicaSet.self)), finality())
            case "Pod": try version(.pod(decode(Pod.self)), finality())
            case "Service": try version(.service(decode(Service.self)), finality())
            case "EndpointSlice": try version(.endpointSlice(decode(EndpointSlice.self)), finality())
            case "HTTPRoute": try version(.httpRoute(decode(HTTPRoute.self)), finality())
            case "Scale": .scale(try decode(Scale.self))
            case "Status" where request.verb == .delete:
                try object.decodeIfPresent(Details.self, forKey: .details)?.uid.map { .removal(uid: $0) } ?? .unknown
            default: .unknown
            }
    }
}
