import Foundation
import RolloutModel

/// Objects as the API shows them.
extension SimulatedCluster {
    /// One object; `nil` if there is none.
    package func get(_ resource: Resource, _ name: String, namespace: String?) throws -> JSONValue? {
        let kind = ObjectKind(resource)
        let key = ObjectKey(kind: kind, namespace: resource.isNamespaced ? namespace ?? "" : "", name: name)
        guard let object = numbers[key].flatMap({ object($0, kind) }) else { return nil }
        return try render(object, as: resource)
    }

    /// The objects of a selection, by namespace and name.
    package func list(_ selection: ClusterSelection) throws -> [JSONValue] {
        try objects(selection)
            .sorted { ($0.metadata.namespace, $0.metadata.name) < ($1.metadata.namespace, $1.metadata.name) }
            .map { try render($0, as: selection.resource) }
    }

    /// The objects of a selection, in no order.
    func objects(_ selection: ClusterSelection) -> [AnObject] {
        let kind = ObjectKind(selection.resource)
        return numbers.filter { $0.key.kind == kind }.compactMap { object($0.value, kind) }
            .filter { selection.selects($0) }
    }

    /// What has changed since this was last called, in order, of the objects of some selections.
    package mutating func takeChanges(_ selections: [ClusterSelection]) throws -> [ClusterChange] {
        try takeObjectChanges().compactMap { try shown($0, to: selections) }
    }

    /// A change as those see it who watch some selections; `nil` if they do not.
    func shown(_ change: ObjectChange, to selections: [ClusterSelection]) throws -> ClusterChange? {
        guard let selection = selections.first(where: { $0.selects(change.object) }) else { return nil }
        let object = try render(change.object, as: selection.resource)
        return change.isDeleted ? .deleted(object) : .changed(object)
    }

    /// - Parameter resource: Whose version of the API it is to be of.
    func render(_ object: AnObject, as resource: Resource) throws -> JSONValue {
        var members: [String: JSONValue]
        switch object {
        case .deployment(let deployment):
            members = ["spec": deployment.document, "status": try status(of: deployment)]
        case .replicaSet(let set):
            members = [
                "spec": [
                    "replicas": .integer(Int64(set.replicas)), "selector": set.selector,
                    "minReadySeconds": .integer(Int64(set.minReadySeconds)), "template": set.template.document,
                ],
                "status": try status(of: set),
            ]
        case .pod(let pod): members = ["spec": podSpec(pod), "status": try status(of: pod)]
        case .service(let service): members = ["spec": service.document, "status": ["loadBalancer": .object([:])]]
        case .slice(let slice):
            members = ["addressType": "IPv4", "endpoints": endpoints(of: slice), "ports": .array([])]
        case .node(let node): members = ["spec": .object([:]), "status": status(of: node)]
        case .stored(let stored): members = stored.document
        }
        members["apiVersion"] = .string(resource.apiVersion)
        members["kind"] = .string(resource.kind)
        members["metadata"] = render(object.metadata, hasGeneration: object.hasGeneration)
        return .object(members)
    }

    private func render(_ metadata: SimulatedMetadata, hasGeneration: Bool) -> JSONValue {
        var members = metadata.others
        members["name"] = .string(metadata.name)
        if !metadata.namespace.isEmpty { members["namespace"] = .string(metadata.namespace) }
        members["uid"] = .string(uid(metadata.number))
        members["resourceVersion"] = .string(String(metadata.resourceVersion))
        members["creationTimestamp"] = .string(metadata.createdAt.rfc3339)
        if hasGeneration { members["generation"] = .integer(Int64(metadata.generation)) }
        if !metadata.labels.isEmpty { members["labels"] = .object(metadata.labels.mapValues { .string($0) }) }
        if !metadata.annotations.isEmpty {
            members["annotations"] = .object(metadata.annotations.mapValues { .string($0) })
        }
        if let deletion = metadata.deletion {
            members["deletionTimestamp"] = .string(
                (deletion.requestedAt + .seconds(deletion.gracePeriodSeconds)).rfc3339)
            members["deletionGracePeriodSeconds"] = .integer(Int64(deletion.gracePeriodSeconds))
        }
        if let owner = metadata.owner {
            let resource =
                owner.kind == .deployment ? Resource.deployments : owner.kind == .service ? .services : .replicaSets
            members["ownerReferences"] = [
                [
                    "apiVersion": .string(resource.apiVersion), "kind": .string(resource.kind),
                    "name": .string(owner.name), "uid": .string(uid(owner.number)), "controller": true,
                    "blockOwnerDeletion": true,
                ]
            ]
        }
        return .object(members)
    }

    // MARK: Status

    private func status(of deployment: SimulatedDeployment) throws -> JSONValue {
        let status = deployment.status
        var members = counts([
            "observedGeneration": status.observedGeneration, "replicas": status.replicas,
            "updatedReplicas": status.updated, "readyReplicas": status.ready, "availableReplicas": status.available,
            "unavailableReplicas": status.unavailable,
        ])
        if !status.conditions.isEmpty { members["conditions"] = try JSONValue(encoding: status.conditions) }
        return .object(members)
    }

    private func status(of set: SimulatedReplicaSet) throws -> JSONValue {
        let status = set.status
        var members = counts([
            "observedGeneration": status.observedGeneration, "fullyLabeledReplicas": status.counts.replicas,
            "readyReplicas": status.counts.ready, "availableReplicas": status.counts.available,
        ])
        members["replicas"] = .integer(Int64(status.counts.replicas))
        if var failure = status.failure {
            failure.lastUpdateTime = nil
            members["conditions"] = try JSONValue(encoding: [failure])
        }
        return .object(members)
    }

    /// Counts of none are left out, as the API does.
    private func counts(_ counts: [String: Int]) -> [String: JSONValue] {
        counts.filter { $0.value != 0 }.mapValues { .integer(Int64($0)) }
    }

    private func status(of node: SimulatedNode) -> JSONValue {
        let resources: JSONValue = [
            "cpu": .string("\(node.allocatable.milliCPU)m"), "memory": .string(String(node.allocatable.memoryBytes)),
            "pods": .string(String(node.podLimit)),
        ]
        return [
            "allocatable": resources, "capacity": resources,
            "conditions": [["type": "Ready", "status": "True", "reason": "KubeletReady"]],
        ]
    }

    // MARK: Pods

    func podSpec(_ pod: SimulatedPod) -> JSONValue {
        var spec = pod.spec.document
        if let node = pod.node { spec["nodeName"] = .string(nodes[node].metadata.name) }
        return spec
    }

    private func status(of pod: SimulatedPod) throws -> JSONValue {
        let metadata = pod.metadata
        let writer = PodStatusWriter(
            pod: "\(metadata.name)_\(metadata.namespace)(\(uid(metadata.number)))", containers: pod.spec.containers,
            images: pod.images, hostIP: pod.node.map { "192.168.\($0 >> 8).\($0 & 255)" } ?? "",
            podIP: Self.address(pod.address))
        return try JSONValue(encoding: writer.status(of: pod.moment))
    }

    /// An address of the network 10.64.0.0/10.
    private static func address(_ number: Int) -> String {
        "10.\(64 | number >> 16 & 63).\(number >> 8 & 255).\(number & 255)"
    }

    private func endpoints(of slice: SimulatedSlice) -> JSONValue {
        .array(
            slice.endpoints.sorted { $0.key < $1.key }.map { number, endpoint in
                var members: [String: JSONValue] = [
                    "addresses": [.string(Self.address(endpoint.address))],
                    "conditions": [
                        "ready": .bool(endpoint.isReady), "serving": .bool(endpoint.isServing),
                        "terminating": .bool(endpoint.isTerminating),
                    ],
                    "targetRef": [
                        "kind": "Pod", "namespace": .string(slice.metadata.namespace), "name": .string(endpoint.pod),
                        "uid": .string(uid(number)),
                    ],
                ]
                if let node = endpoint.node { members["nodeName"] = .string(nodes[node].metadata.name) }
                return .object(members)
            })
    }
}

extension AnObject {
    /// Whether its kind counts the changes of what is wanted.
    fileprivate var hasGeneration: Bool {
        switch self {
        case .deployment, .replicaSet, .slice: true
        case .stored(let object): object.resource.plural != "namespaces" && !object.resource.group.isEmpty
        case .pod, .service, .node: false
        }
    }
}

extension ClusterSelection {
    func selects(_ object: AnObject) -> Bool {
        let metadata = object.metadata
        return ObjectKind(resource) == ObjectKind(object.resource)
            && (namespace == nil || !resource.isNamespaced || namespace == metadata.namespace)
            && labels.allSatisfy { metadata.labels[$0] == $1 }
    }
}

extension JSONValue {
    /// A value as JSON.
    ///
    /// - Throws: `EncodingError` if it has no such form.
    fileprivate init(encoding value: some Encodable) throws {
        self = try CanonicalJSON.decode(JSONValue.self, from: try CanonicalJSON.encode(value))
    }
}
