import RolloutModel

/// A request to an API server that would bring an action about.
///
/// - SeeAlso: <https://kubernetes.io/docs/reference/using-api/api-concepts/>
public struct Request: Hashable, Sendable, Codable {
    /// `POST`, `PATCH` or `DELETE`.
    public var method: String
    /// The path on the server, without a query.
    public var path: String
    /// The media type of the body.
    public var contentType: String
    public var body: JSONValue

    static let json = "application/json"
    static let jsonPatch = "application/json-patch+json"
    static let mergePatch = "application/merge-patch+json"
}

extension Request {
    /// The request of an action; `nil` for what the cluster did by itself.
    ///
    /// A pod that a controller owns is the controller's business: only a bare pod's creation and deletion are actions.
    public init?(of fact: Fact, in stream: StreamName) {
        let apps = "/apis/apps/v1/namespaces/\(stream.namespace)/deployments"
        let core = "/api/v1/namespaces/\(stream.namespace)"
        switch fact {
        case .deploymentCreated(let fact):
            self.init(method: "POST", path: apps, contentType: Self.json, body: fact.manifest)
        case .deploymentTemplateChanged(let fact):
            self.init(replacing: "/spec/template", with: fact.template, in: "\(apps)/\(stream.name)")
        case .deploymentScaled(let fact):
            let spec: JSONValue = .object(["replicas": .integer(Int64(fact.replicas))])
            self.init(merging: .object(["spec": spec]), into: "\(apps)/\(stream.name)/scale")
        case .deploymentStrategyChanged(let fact):
            self.init(merging: .object(["spec": .object(fact.strategy.specFields)]), into: "\(apps)/\(stream.name)")
        case .deploymentPaused:
            self.init(merging: .object(["spec": .object(["paused": .bool(true)])]), into: "\(apps)/\(stream.name)")
        case .deploymentResumed:
            self.init(merging: .object(["spec": .object(["paused": .bool(false)])]), into: "\(apps)/\(stream.name)")
        case .deploymentChangeCauseSet(let fact):
            let cause = fact.changeCause.map(JSONValue.string) ?? .null
            let annotations: JSONValue = .object(["kubernetes.io/change-cause": cause])
            self.init(
                merging: .object(["metadata": .object(["annotations": annotations])]), into: "\(apps)/\(stream.name)")
        case .deploymentDeleted(let fact):
            self.init(deleting: fact.object.uid, at: "\(apps)/\(stream.name)")
        case .serviceCreated(let fact):
            self.init(method: "POST", path: "\(core)/services", contentType: Self.json, body: fact.manifest)
        case .serviceSelectorSwitched(let fact):
            self.init(
                replacing: "/spec/selector", with: .object(fact.selector.mapValues(JSONValue.string)),
                in: "\(core)/services/\(stream.name)"
            )
        case .serviceDeleted(let fact):
            self.init(deleting: fact.object.uid, at: "\(core)/services/\(stream.name)")
        case .podCreated(let fact) where stream.kind == "pod":
            self.init(method: "POST", path: "\(core)/pods", contentType: Self.json, body: fact.requestBody)
        case .podTerminating(let fact) where stream.kind == "pod":
            self.init(deleting: fact.object.uid, at: "\(core)/pods/\(stream.name)")
        default:
            return nil
        }
    }

    private init(replacing field: String, with value: JSONValue, in path: String) {
        let operation: JSONValue = .object(["op": .string("replace"), "path": .string(field), "value": value])
        self.init(method: "PATCH", path: path, contentType: Self.jsonPatch, body: .array([operation]))
    }

    private init(merging body: JSONValue, into path: String) {
        self.init(method: "PATCH", path: path, contentType: Self.mergePatch, body: body)
    }

    /// The UID as a precondition: an object that was made anew under the name is not meant.
    private init(deleting uid: String, at path: String) {
        let preconditions: JSONValue = .object(["uid": .string(uid)])
        self.init(
            method: "DELETE", path: path, contentType: Self.json,
            body: .object([
                "apiVersion": .string("v1"), "kind": .string("DeleteOptions"), "preconditions": preconditions,
            ])
        )
    }
}

extension Request {
    /// The request that deletes a pod of a controller.
    init(deletingPod pod: ObjectVersion) {
        self.init(deleting: pod.uid, at: "/api/v1/namespaces/\(pod.namespace)/pods/\(pod.name)")
    }
}

extension SubjectState {
    /// The request that makes the subject as it is; `nil` if it is not there.
    func creation(of stream: StreamName) -> Request? {
        let object = ObjectVersion(
            kind: "", namespace: stream.namespace, name: stream.name, uid: "", resourceVersion: "")
        switch self {
        case .deployment(let state):
            guard state.uid != nil, !state.isDeleted else { return nil }
            let fact = DeploymentCreated(
                object: object, createdAt: state.createdAt ?? Timestamp(microseconds: 0),
                generation: state.generation, replicas: state.desired, paused: state.paused, selector: state.selector,
                strategy: state.strategy, template: state.template, changeCause: state.changeCause)
            return Request(of: .deploymentCreated(fact), in: stream)
        case .service(let state):
            guard state.uid != nil, !state.isDeleted else { return nil }
            let fact = ServiceCreated(
                object: object, createdAt: state.createdAt ?? Timestamp(microseconds: 0), selector: state.selector,
                type: state.type, ports: state.ports)
            return Request(of: .serviceCreated(fact), in: stream)
        case .pod(let state):
            guard let pod = state.pod, let manifest = state.manifest else { return nil }
            let fact = PodCreated(
                object: object, createdAt: pod.createdAt, labels: pod.labels, containers: pod.containers,
                manifest: manifest)
            return Request(of: .podCreated(fact), in: stream)
        case .none: return nil
        }
    }
}

extension DeploymentCreated {
    /// The object to post.
    fileprivate var manifest: JSONValue {
        var metadata: [String: JSONValue] = ["name": .string(object.name), "namespace": .string(object.namespace)]
        if let changeCause {
            metadata["annotations"] = .object(["kubernetes.io/change-cause": .string(changeCause)])
        }
        var spec = strategy.specFields
        spec["replicas"] = .integer(Int64(replicas))
        spec["selector"] = selector
        spec["template"] = template
        if paused { spec["paused"] = .bool(true) }
        return .object([
            "apiVersion": .string("apps/v1"), "kind": .string("Deployment"), "metadata": .object(metadata),
            "spec": .object(spec),
        ])
    }
}

extension ServiceCreated {
    /// The object to post.
    fileprivate var manifest: JSONValue {
        var spec: [String: JSONValue] = ["selector": .object(selector.mapValues(JSONValue.string))]
        if let type { spec["type"] = .string(type) }
        if let ports { spec["ports"] = ports }
        return .object([
            "apiVersion": .string("v1"), "kind": .string("Service"),
            "metadata": .object(["name": .string(object.name), "namespace": .string(object.namespace)]),
            "spec": .object(spec),
        ])
    }
}

extension PodCreated {
    /// The object to post: the manifest, under the pod's name.
    fileprivate var requestBody: JSONValue {
        var metadata = manifest?["metadata"]?.object ?? [:]
        metadata["name"] = .string(object.name)
        metadata["namespace"] = .string(object.namespace)
        return .object([
            "apiVersion": .string("v1"), "kind": .string("Pod"), "metadata": .object(metadata),
            "spec": PodSpec.forAnother(manifest?["spec"] ?? [:]),
        ])
    }
}
