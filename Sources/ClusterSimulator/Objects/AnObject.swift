import RolloutModel

/// An object of any kind.
enum AnObject: Sendable {
    case deployment(SimulatedDeployment)
    case replicaSet(SimulatedReplicaSet)
    case pod(SimulatedPod)
    case service(SimulatedService)
    case slice(SimulatedSlice)
    case node(SimulatedNode)
    case stored(StoredObject)

    var metadata: SimulatedMetadata {
        switch self {
        case .deployment(let object): object.metadata
        case .replicaSet(let object): object.metadata
        case .pod(let object): object.metadata
        case .service(let object): object.metadata
        case .slice(let object): object.metadata
        case .node(let object): object.metadata
        case .stored(let object): object.metadata
        }
    }

    var resource: Resource {
        switch self {
        case .deployment: .deployments
        case .replicaSet: .replicaSets
        case .pod: .pods
        case .service: .services
        case .slice: .endpointSlices
        case .node: .nodes
        case .stored(let object): object.resource
        }
    }
}

extension SimulatedCluster {
    /// The object of a number, if it is of that kind.
    func object(_ number: Int, _ kind: ObjectKind) -> AnObject? {
        switch kind {
        case .deployment: deployments[number].map { .deployment($0) }
        case .replicaSet: replicaSets[number].map { .replicaSet($0) }
        case .pod: pods[number].map { .pod($0) }
        case .service: services[number].map { .service($0) }
        case .endpointSlice: slices[number].map { .slice($0) }
        case .node: nodes.first { $0.metadata.number == number }.map { .node($0) }
        case .namespace, .other: stored[number].map { .stored($0) }
        }
    }

    // MARK: Keeping objects: each is a new version, which those who watch its kind look at

    mutating func store(_ deployment: SimulatedDeployment) {
        var deployment = deployment
        deployment.metadata.resourceVersion = nextVersion()
        let metadata = deployment.metadata
        if deployments.updateValue(deployment, forKey: metadata.number) == nil {
            numbers[ObjectKey(kind: .deployment, namespace: metadata.namespace, name: metadata.name)] = metadata.number
        }
        note(.deployment(deployment))
        enqueue(.deployment(metadata.number))
    }

    mutating func store(_ replicaSet: SimulatedReplicaSet) {
        var replicaSet = replicaSet
        replicaSet.metadata.resourceVersion = nextVersion()
        let metadata = replicaSet.metadata
        if replicaSets.updateValue(replicaSet, forKey: metadata.number) == nil {
            numbers[ObjectKey(kind: .replicaSet, namespace: metadata.namespace, name: metadata.name)] = metadata.number
        }
        note(.replicaSet(replicaSet))
        enqueue(.replicaSet(metadata.number))
        if let owner = metadata.owner { enqueue(.deployment(owner.number)) }
    }

    /// Changes a pod, with all that is counted of it.
    mutating func update(pod number: Int, _ change: (inout SimulatedPod) -> Void) {
        guard var pod = pods[number] else { return }
        count(pod, -1)
        change(&pod)
        pod.metadata.resourceVersion = nextVersion()
        count(pod, 1)
        pods[number] = pod
        note(.pod(pod))
        if let owner = pod.metadata.owner { enqueue(.replicaSet(owner.number)) }
        lookAtEndpoint(pod)
    }

    mutating func store(_ service: SimulatedService) {
        var service = service
        service.metadata.resourceVersion = nextVersion()
        let metadata = service.metadata
        let key = ObjectKey(kind: .service, namespace: metadata.namespace, name: metadata.name)
        if numbers.updateValue(metadata.number, forKey: key) == nil {
            servicesInNamespace[metadata.namespace, default: []].append(metadata.number)
        }
        services[metadata.number] = service
        note(.service(service))
        enqueue(.service(metadata.number))
    }

    mutating func store(_ slice: SimulatedSlice) {
        var slice = slice
        slice.metadata.resourceVersion = nextVersion()
        let metadata = slice.metadata
        numbers[ObjectKey(kind: .endpointSlice, namespace: metadata.namespace, name: metadata.name)] = metadata.number
        slices[metadata.number] = slice
        note(.slice(slice))
    }

    mutating func store(_ object: StoredObject) {
        var object = object
        object.metadata.resourceVersion = nextVersion()
        let metadata = object.metadata
        let kind = ObjectKind(object.resource)
        numbers[ObjectKey(kind: kind, namespace: metadata.namespace, name: metadata.name)] = metadata.number
        stored[metadata.number] = object
        note(.stored(object))
        if object.resource.plural == "resourcequotas" { hasQuotas = true }
        retryFailing(in: metadata.namespace)
    }

    // MARK: Removing them

    mutating func remove(_ object: AnObject) {
        let metadata = object.metadata
        let kind = ObjectKind(object.resource)
        let number = metadata.number
        numbers[ObjectKey(kind: kind, namespace: metadata.namespace, name: metadata.name)] = nil
        let version = nextVersion()
        switch object {
        case .deployment(var deployment):
            deployments[number] = nil
            deployment.metadata.resourceVersion = version
            note(.deployment(deployment), isDeleted: true)
        case .replicaSet(var replicaSet):
            replicaSets[number] = nil
            failingReplicaSets.remove(number)
            if let owner = metadata.owner {
                replicaSetsOfDeployment[owner.number]?.removeAll { $0 == number }
                enqueue(.deployment(owner.number))
            }
            replicaSet.metadata.resourceVersion = version
            note(.replicaSet(replicaSet), isDeleted: true)
        case .pod(var pod):
            forget(pod)
            pod.metadata.resourceVersion = version
            note(.pod(pod), isDeleted: true)
        case .service(var service):
            services[number] = nil
            servicesInNamespace[metadata.namespace]?.removeAll { $0 == number }
            service.metadata.resourceVersion = version
            note(.service(service), isDeleted: true)
            for slice in service.slices.compactMap({ slices[$0] }) { remove(.slice(slice)) }
        case .slice(var slice):
            slices[number] = nil
            slice.metadata.resourceVersion = version
            note(.slice(slice), isDeleted: true)
        case .stored(var stored):
            self.stored[number] = nil
            stored.metadata.resourceVersion = version
            note(.stored(stored), isDeleted: true)
            retryFailing(in: metadata.namespace)
        case .node: break
        }
    }
}
