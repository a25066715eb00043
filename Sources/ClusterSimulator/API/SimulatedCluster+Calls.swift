import RolloutModel

/// What the simulated API server does.
extension SimulatedCluster {
    /// Carries out a call.
    ///
    /// The objects that others than the simulated controllers can change are Deployments, pods (but for their specs),
    /// Services and those of kinds that no controller touches; of subresources there is `scale`. All that is not kept by
    /// the controllers can be deleted. What controllers make of a call happens in ``step(until:)``.
    ///
    /// - Throws: ``StatusError`` if it is refused; then nothing has changed.
    package mutating func perform(_ call: ClusterCall) throws -> CallAnswer {
        var call = call
        // To write null is to leave out, but for a patch, where it is to take away.
        if call.verb != .patch { call.body = JSONValue.object([:]).merging(call.body) }
        if call.isDryRun {
            var trial = self
            return try trial.carryOut(call)
        }
        eventCount += 1
        return try carryOut(call)
    }

    private mutating func carryOut(_ call: ClusterCall) throws -> CallAnswer {
        if call.verb == .create { return CallAnswer(code: 201, object: try render(create(call), as: call.resource)) }
        let refusal = Refusal(call: call)
        let kind = ObjectKind(call.resource)
        let key = ObjectKey(kind: kind, namespace: call.namespace ?? "", name: call.name)
        guard let number = numbers[key], let current = object(number, kind) else { throw refusal.notFound() }
        if call.verb == .delete { return try delete(current, call) }
        if call.subresource == "scale" { return try scale(current, call) }
        guard call.subresource == nil else { throw refusal.notAllowed() }
        let wanted = call.verb == .patch ? try render(current, as: call.resource).merging(call.body) : call.body
        try checkPreconditions(wanted["metadata"] ?? .object([:]), current.metadata, refusal)
        try replace(current, with: wanted, call)
        guard let updated = object(number, kind) else { throw refusal.notFound() }
        return CallAnswer(code: 200, object: try render(updated, as: call.resource))
    }

    private func checkPreconditions(
        _ metadata: JSONValue, _ current: SimulatedMetadata, _ refusal: Refusal
    ) throws {
        if let wanted = metadata["uid"]?.string?.nonEmpty, wanted != uid(current.number) {
            guard refusal.call.verb == .patch else { throw refusal.otherObject(wanted, uid(current.number)) }
            throw refusal.invalid([.invalid("metadata.uid", Fault.text(.string(wanted)), "field is immutable")])
        }
        if let version = metadata["resourceVersion"]?.string?.nonEmpty, version != String(current.resourceVersion) {
            throw refusal.stale()
        }
    }

    // MARK: Creating

    private mutating func create(_ call: ClusterCall) throws -> AnObject {
        let refusal = Refusal(call: call)
        let kind = ObjectKind(call.resource)
        guard call.subresource == nil else { throw refusal.notAllowed() }
        guard call.body["metadata"]?["name"]?.string == call.name, !call.name.isEmpty else {
            throw refusal.badRequest(
                "the name of the object (\(call.body["metadata"]?["name"]?.string ?? "")) does not match the name on "
                    + "the URL (\(call.name))")
        }
        let namespace = call.resource.isNamespaced ? call.namespace ?? "" : ""
        if call.resource.isNamespaced,
            numbers[ObjectKey(kind: .namespace, namespace: "", name: namespace)] == nil
        {
            throw refusal.noNamespace(namespace)
        }
        if numbers[ObjectKey(kind: kind, namespace: namespace, name: call.name)] != nil {
            throw refusal.alreadyExists()
        }
        switch kind {
        case .deployment:
            var document = call.body["spec"] ?? .object([:])
            let (spec, faults) = SimulatedDeployment.Spec.read(&document)
            guard faults.isEmpty else { throw refusal.invalid(faults) }
            store(SimulatedDeployment(metadata: written(call), document: document, spec: spec))
        case .pod:
            add(try pod(call, in: namespace))
        case .service:
            let service = SimulatedService(metadata: written(call), spec: call.body["spec"] ?? .object([:]))
            store(service)
            lookAtAllEndpoints(of: service.metadata.number)
        case .namespace, .other:
            store(StoredObject(metadata: written(call), resource: call.resource, document: call.body.contents))
        case .replicaSet, .endpointSlice, .node:
            throw refusal.notAllowed()
        }
        let key = ObjectKey(kind: kind, namespace: namespace, name: call.name)
        guard let object = numbers[key].flatMap({ object($0, kind) }) else { throw refusal.notFound() }
        return object
    }

    /// The metadata of a new object.
    private mutating func written(_ call: ClusterCall) -> SimulatedMetadata {
        var metadata = makeMetadata(call.name, call.resource.isNamespaced ? call.namespace ?? "" : "")
        metadata.take(call.body["metadata"])
        return metadata
    }

    private mutating func pod(_ call: ClusterCall, in namespace: String) throws -> SimulatedPod {
        let refusal = Refusal(call: call)
        var body = call.body
        PodDefaults.fillIn(&body)
        let faults = PodDefaults.faults(body["spec"], at: "spec")
        guard faults.isEmpty else { throw refusal.invalid(faults) }
        if let why = quotaRefusal(of: call.name, in: namespace) { throw refusal.forbidden(why) }
        var pod = SimulatedPod(
            metadata: written(call), spec: PodSpec(body["spec"] ?? .object([:])), moment: PodMoment(since: now))
        if let name = body["spec"]?["nodeName"]?.string {
            pod.node = nodes.firstIndex { $0.metadata.name == name }
        }
        return pod
    }

    // MARK: Changing

    /// Puts an object in the place of another; what is the same as before stays the same version.
    private mutating func replace(_ current: AnObject, with wanted: JSONValue, _ call: ClusterCall) throws {
        let refusal = Refusal(call: call)
        var metadata = current.metadata
        metadata.take(wanted["metadata"])
        let isRelabeled = metadata.isOther(than: current.metadata)
        switch current {
        case .deployment(var deployment):
            var document = wanted["spec"] ?? .object([:])
            let (spec, faults) = SimulatedDeployment.Spec.read(&document)
            guard faults.isEmpty else { throw refusal.invalid(faults) }
            guard spec.selector == deployment.spec.selector else {
                throw refusal.invalid([
                    .invalid("spec.selector", Fault.text(spec.selector), "field is immutable")
                ])
            }
            guard isRelabeled || document != deployment.document else { return }
            // Of Deployments alone the annotations count as well: controllers other than Kubernetes' own read them.
            if document != deployment.document || metadata.annotations != deployment.metadata.annotations {
                metadata.generation += 1
            }
            (deployment.metadata, deployment.document, deployment.spec) = (metadata, document, spec)
            store(deployment)
        case .pod(let pod):
            guard wanted["spec"] == podSpec(pod) else {
                throw refusal.invalid([
                    Fault(
                        field: "spec", reason: "FieldValueForbidden",
                        message: "Forbidden: pod updates may not change fields other than the metadata")
                ])
            }
            guard isRelabeled else { return }
            update(pod: metadata.number) { $0.metadata = metadata }
        case .service(var service):
            let wanted = SimulatedService(metadata: metadata, spec: wanted["spec"] ?? .object([:]))
            guard isRelabeled || wanted.document != service.document else { return }
            (service.metadata, service.document) = (metadata, wanted.document)
            (service.selector, service.publishesNotReady) = (wanted.selector, wanted.publishesNotReady)
            store(service)
            lookAtAllEndpoints(of: metadata.number)
        case .stored(var object):
            guard isRelabeled || wanted.contents != object.document else { return }
            if wanted["spec"] != object.document["spec"] { metadata.generation += 1 }
            (object.metadata, object.document) = (metadata, wanted.contents)
            store(object)
        case .replicaSet, .slice, .node:
            throw refusal.notAllowed()
        }
    }

    /// - SeeAlso: <https://kubernetes.io/docs/reference/kubernetes-api/autoscaling-resources/scale-v1/>
    private mutating func scale(_ current: AnObject, _ call: ClusterCall) throws -> CallAnswer {
        let refusal = Refusal(call: call)
        guard case .deployment(let deployment) = current else { throw refusal.notAllowed() }
        try checkPreconditions(call.body["metadata"] ?? .object([:]), deployment.metadata, refusal)
        guard let replicas = call.body["spec"]?["replicas"] else {
            throw refusal.invalid([.required("spec.replicas")])
        }
        if let count = replicas.integer, count < 0 {
            let fault = Fault.invalid("spec.replicas", String(count), "must be greater than or equal to 0")
            throw refusal.invalid([fault], kind: "Scale.autoscaling")
        }
        var wanted = try render(current, as: call.resource)
        wanted.setMember("replicas", replicas, at: ["spec"])
        try replace(current, with: wanted, call)
        guard let updated = deployments[deployment.metadata.number] else { throw refusal.notFound() }
        let metadata = updated.metadata
        return CallAnswer(
            code: 200,
            object: [
                "apiVersion": "autoscaling/v1", "kind": "Scale",
                "metadata": [
                    "name": .string(metadata.name), "namespace": .string(metadata.namespace),
                    "uid": .string(uid(metadata.number)),
                    "resourceVersion": .string(String(metadata.resourceVersion)),
                    "creationTimestamp": .string(metadata.createdAt.rfc3339),
                ],
                "spec": ["replicas": .integer(Int64(updated.spec.replicas))],
                "status": [
                    "replicas": .integer(Int64(updated.status.replicas)),
                    "selector": .string(updated.spec.selector.selectorText),
                ],
            ])
    }

    // MARK: Deleting

    private mutating func delete(_ current: AnObject, _ call: ClusterCall) throws -> CallAnswer {
        let refusal = Refusal(call: call)
        let (metadata, wanted) = (current.metadata, call.body["preconditions"])
        if let wanted = wanted?["uid"]?.string, wanted != uid(metadata.number) {
            throw refusal.otherUID(wanted, uid(metadata.number))
        }
        if let wanted = wanted?["resourceVersion"]?.string, wanted != String(metadata.resourceVersion) {
            throw refusal.otherVersion(wanted, String(metadata.resourceVersion))
        }
        switch current {
        case .pod:
            delete(
                pod: metadata.number, gracePeriodSeconds: call.body["gracePeriodSeconds"]?.integer.map { Int($0) })
            // Of pods the API shows what it deletes, also when it is gone.
            let pod = pods[metadata.number].map { AnObject.pod($0) } ?? current
            return CallAnswer(code: 200, object: try render(pod, as: call.resource))
        case .deployment, .replicaSet:
            if call.body["propagationPolicy"] == "Orphan" { orphanDependents(of: metadata.number) }
            remove(current)
            enqueue(.orphans(of: metadata.number))
        case .stored(let object):
            if object.resource.plural == "namespaces" { empty(namespace: metadata.name) }
            remove(current)
        case .service: remove(current)
        case .slice, .node: throw refusal.notAllowed()
        }
        return CallAnswer(
            code: 200,
            object: [
                "apiVersion": "v1", "kind": "Status", "status": "Success",
                "details": [
                    "name": .string(metadata.name), "group": .string(call.resource.group),
                    "kind": .string(call.resource.plural), "uid": .string(uid(metadata.number)),
                ],
            ])
    }

    private mutating func orphanDependents(of number: Int) {
        for set in replicaSetsOfDeployment.removeValue(forKey: number) ?? [] {
            guard var set = replicaSets[set] else { continue }
            set.metadata.owner = nil
            store(set)
        }
        for pod in pods.values.filter({ $0.metadata.owner?.number == number }).map(\.metadata.number).sorted() {
            update(pod: pod) { $0.metadata.owner = nil }
        }
    }

    private mutating func empty(namespace: String) {
        for (key, number) in numbers.filter({ $0.key.namespace == namespace }).sorted(by: { $0.value < $1.value }) {
            switch object(number, key.kind) {
            case .pod?: delete(pod: number, gracePeriodSeconds: nil)
            case .deployment(let deployment)?:
                remove(.deployment(deployment))
                enqueue(.orphans(of: number))
            // They go with what they belong to.
            case .replicaSet?, .slice?, .node?, nil: break
            case let object?: remove(object)
            }
        }
    }
}

extension SimulatedMetadata {
    /// Takes over what a writer may set.
    mutating func take(_ written: JSONValue?) {
        var members = written?.object ?? [:]
        labels = (members.removeValue(forKey: "labels")?.object ?? [:]).compactMapValues(\.string)
        annotations = (members.removeValue(forKey: "annotations")?.object ?? [:]).compactMapValues(\.string)
        for key in Self.kept { members[key] = nil }
        if owner != nil { members["ownerReferences"] = nil }
        others = members
    }

    /// What the server alone sets.
    private static let kept = [
        "name", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp",
        "deletionGracePeriodSeconds", "selfLink", "managedFields",
    ]

    fileprivate func isOther(than earlier: SimulatedMetadata) -> Bool {
        labels != earlier.labels || annotations != earlier.annotations || others != earlier.others
    }
}

extension SimulatedService {
    fileprivate init(metadata: SimulatedMetadata, spec: JSONValue) {
        var members = spec.object ?? [:]
        members["type"] = members["type"] ?? "ClusterIP"
        members["sessionAffinity"] = members["sessionAffinity"] ?? "None"
        self.init(
            metadata: metadata, document: .object(members),
            selector: (members["selector"]?.object ?? [:]).compactMapValues(\.string),
            publishesNotReady: members["publishNotReadyAddresses"] == true)
    }
}

extension JSONValue {
    /// An object's members but those that every object has.
    fileprivate var contents: [String: JSONValue] {
        (object ?? [:]).filter { !["apiVersion", "kind", "metadata"].contains($0.key) }
    }

    /// This label selector as `kubectl -l` takes it.
    fileprivate var selectorText: String {
        let labels = (self["matchLabels"]?.object ?? [:]).map { "\($0)=\($1.string ?? "")" }
        let expressions = (self["matchExpressions"]?.array ?? []).map { expression in
            let key = expression["key"]?.string ?? ""
            let values = (expression["values"]?.array ?? []).compactMap(\.string).sorted().joined(separator: ",")
            return switch expression["operator"]?.string {
            case "In": "\(key) in (\(values))"
            case "NotIn": "\(key) notin (\(values))"
            case "DoesNotExist": "!\(key)"
            default: key
            }
        }
        return (labels + expressions).sorted().joined(separator: ",")
    }

    /// This value with a merge patch applied.
    ///
    /// - SeeAlso: <https://www.rfc-editor.org/rfc/rfc7386>
    func merging(_ patch: JSONValue) -> JSONValue {
        guard case .object(let changes) = patch else { return patch }
        var members = object ?? [:]
        for (key, change) in changes {
            members[key] = change == .null ? nil : (members[key] ?? .null).merging(change)
        }
        return .object(members)
    }
}
