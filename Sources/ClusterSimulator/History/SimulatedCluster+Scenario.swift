import RolloutModel

extension SimulatedCluster {
    /// A cluster as a scenario has it.
    ///
    /// - Parameter name: Clusters of different names have different UIDs in them.
    /// - Throws: As ``apply(_:)``.
    package init(_ scenario: Scenario, named name: String) throws {
        let nodes = try scenario.nodes
        self.init(
            at: scenario.appliedAt, seed: UInt64(bitPattern: ShortDigest.of(["simulated cluster", name])),
            nodes: nodes.isEmpty ? Node.plenty : nodes)
        try apply(scenario)
    }

    /// Lets time pass until a scenario is applied, and applies it: pods made from then on live by its rules, if it has any,
    /// and its objects are made unless they are there.
    ///
    /// Nodes come only with the cluster.
    ///
    /// - Throws: ``ShipslogError`` with code `invalidArgument` if a document is none that a scenario may have, or the
    ///   cluster refuses it.
    package mutating func apply(_ scenario: Scenario) throws {
        advance(to: scenario.appliedAt)
        for document in scenario.documents where document["kind"]?.string == PodBehaviours.kind {
            behaviours = try PodBehaviours(document)
        }
        for document in scenario.documents {
            guard let call = try scenario.creation(of: document) else { continue }
            if let namespace = call.namespace, try get(.namespaces, namespace, namespace: nil) == nil {
                makeNamespace(namespace)
            }
            guard try get(call.resource, call.name, namespace: call.namespace) == nil else { continue }
            do {
                _ = try perform(call)
            } catch let error as StatusError {
                throw ShipslogError(
                    .invalidArgument, "\(call.resource.kind) \(call.name) is not as it must be: \(error.message)",
                    hint: nil)
            }
        }
    }

    /// Lets time pass until all Deployments are complete and all other pods ready, or it was so long.
    package mutating func settle(within duration: Duration) {
        let limit = now + duration
        while !isSettled, let due = nextDue, due <= limit { _ = step(until: limit) }
    }

    private var isSettled: Bool {
        nextDue != now
            && deployments.values.allSatisfy { deployment in
                deployment.status.updated == deployment.spec.replicas
                    && deployment.status.available == deployment.spec.replicas
                    && deployment.status.replicas == deployment.spec.replicas
            }
            && pods.values.allSatisfy { $0.metadata.owner != nil || $0.moment.isReady || $0.moment.phase.isTerminal }
    }
}

extension Scenario {
    /// What a scenario may have beside ``PodBehaviours`` and nodes.
    private static let resources: [Resource] = [
        .namespaces, .deployments, .services, .pods, .httpRoutes,
        Resource(
            group: "autoscaling", version: "v2", plural: "horizontalpodautoscalers", kind: "HorizontalPodAutoscaler"),
        Resource(plural: "resourcequotas", kind: "ResourceQuota"), Resource(plural: "configmaps", kind: "ConfigMap"),
    ]

    fileprivate func creation(of document: JSONValue) throws -> ClusterCall? {
        let kind = document["kind"]?.string ?? ""
        guard ![PodBehaviours.kind, Resource.nodes.kind].contains(kind) else { return nil }
        guard
            let resource = Self.resources.first(where: {
                $0.kind == kind && $0.apiVersion == document["apiVersion"]?.string
            })
        else {
            let known = Self.resources.map { "\($0.kind) (\($0.apiVersion))" }.joined(separator: ", ")
            throw ShipslogError(
                .invalidArgument, "A simulated cluster has no \(kind.isEmpty ? "object without a kind" : kind).",
                hint: "It can have Node, PodBehaviours, \(known).")
        }
        guard let name = document["metadata"]?["name"]?.string?.nonEmpty else {
            throw ShipslogError(.invalidArgument, "A \(kind) has no metadata.name.")
        }
        let namespace = document["metadata"]?["namespace"]?.string ?? namespace
        return ClusterCall(
            .create, resource, name, namespace: resource.isNamespaced ? namespace : nil, body: document)
    }

    fileprivate var nodes: [SimulatedCluster.Node] {
        get throws {
            try documents.filter { $0["kind"]?.string == Resource.nodes.kind }.map { document in
                let allocatable = document["status"]?["allocatable"]
                guard let name = document["metadata"]?["name"]?.string?.nonEmpty,
                    let cpu = allocatable?["cpu"].flatMap({ Quantity.thousandths($0) }),
                    let memory = allocatable?["memory"].flatMap({ Quantity.units($0) })
                else {
                    throw ShipslogError(
                        .invalidArgument,
                        "A Node needs metadata.name, and cpu and memory in status.allocatable.")
                }
                let pods = allocatable?["pods"].flatMap { Quantity.units($0) } ?? 110
                return SimulatedCluster.Node(
                    name: name, milliCPU: cpu, memoryBytes: memory, podLimit: Int(pods))
            }
        }
    }
}
