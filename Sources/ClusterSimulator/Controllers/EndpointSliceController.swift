import RolloutModel

/// Keeps the EndpointSlices of Services.
///
/// - SeeAlso: <https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#conditions>
extension SimulatedCluster {
    /// Takes in that something of a pod may have changed that its Services tell.
    mutating func lookAtEndpoint(_ pod: SimulatedPod) {
        for number in servicesInNamespace[pod.metadata.namespace] ?? [] {
            guard let service = services[number],
                service.placed[pod.metadata.number] != nil || service.selects(pod.metadata.labels)
            else { continue }
            services[number]?.dirtyPods.insert(pod.metadata.number)
            enqueue(.service(number))
        }
    }

    /// Takes in that a Service selects other pods than before, or is new.
    mutating func lookAtAllEndpoints(of number: Int) {
        guard let service = services[number] else { return }
        let selected = pods.values.lazy.filter {
            $0.metadata.namespace == service.metadata.namespace && service.selects($0.metadata.labels)
        }
        services[number]?.dirtyPods.formUnion(selected.map(\.metadata.number))
        services[number]?.dirtyPods.formUnion(service.placed.keys)
        enqueue(.service(number))
    }

    mutating func syncService(_ number: Int) {
        guard var service = services[number], !service.selector.isEmpty || !service.slices.isEmpty else { return }
        var touched: Set<Int> = []
        if service.slices.isEmpty { touched.insert(makeSlice(&service)) }
        for pod in service.dirtyPods.sorted() {
            let endpoint = pods[pod].flatMap { self.endpoint(of: $0, in: service) }
            let slice: Int
            if let place = service.placed[pod] {
                slice = place
            } else if endpoint != nil {
                slice =
                    service.slices.first { (slices[$0]?.endpoints.count ?? 0) < SimulatedSlice.limit }
                    ?? makeSlice(&service)
            } else {
                continue
            }
            guard slices[slice]?.endpoints[pod] != endpoint else { continue }
            slices[slice]?.endpoints[pod] = endpoint
            service.placed[pod] = endpoint == nil ? nil : slice
            touched.insert(slice)
        }
        service.dirtyPods = []
        for slice in touched.sorted().compactMap({ slices[$0] }) {
            if slice.endpoints.isEmpty, service.slices.count > 1 {
                service.slices.removeAll { $0 == slice.metadata.number }
                remove(.slice(slice))
            } else {
                var slice = slice
                slice.metadata.generation += slice.metadata.resourceVersion == 0 ? 0 : 1
                store(slice)
            }
        }
        services[number] = service
    }

    private mutating func makeSlice(_ service: inout SimulatedService) -> Int {
        var metadata = makeMetadata("", service.metadata.namespace)
        metadata.name = "\(service.metadata.name)-\(uid(metadata.number).prefix(5))"
        metadata.labels = [
            "kubernetes.io/service-name": service.metadata.name,
            "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
        ]
        metadata.owner = .init(number: service.metadata.number, kind: .service, name: service.metadata.name)
        slices[metadata.number] = SimulatedSlice(metadata: metadata, service: service.metadata.number)
        service.slices.append(metadata.number)
        return metadata.number
    }

    /// How a Service tells of a pod; `nil` if it does not.
    private func endpoint(of pod: SimulatedPod, in service: SimulatedService) -> SimulatedSlice.Endpoint? {
        guard service.selects(pod.metadata.labels), pod.address > 0, !pod.moment.phase.isTerminal, !pod.moment.isGone
        else { return nil }
        let isTerminating = pod.metadata.deletion != nil
        let isServing = pod.moment.isReady
        return SimulatedSlice.Endpoint(
            pod: pod.metadata.name, address: pod.address, node: pod.node,
            isReady: service.publishesNotReady || (isServing && !isTerminating), isServing: isServing,
            isTerminating: isTerminating
        )
    }
}
