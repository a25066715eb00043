import RolloutModel

extension Service {
    func observed() -> ObservedObject {
        let object = metadata.version(kind: "Service")
        let selector = spec.selector ?? [:]
        return ObservedObject(
            version: object, metadata: metadata,
            created: .serviceCreated(
                .init(
                    object: object, createdAt: metadata.creationTimestamp ?? Timestamp(microseconds: 0),
                    selector: selector, type: spec.type, ports: spec.ports
                )),
            createdAt: metadata.creationTimestamp,
            facets: [
                Facet(
                    key: "selector", value: selector.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] },
                    fact: .serviceSelectorSwitched(.init(object: object, selector: selector)), isToldByCreation: true,
                    specField: "selector"
                ),
                metadata.labelsFacet { .serviceLabelsChanged(.init(object: object, labels: $0)) },
            ]
        )
    }
}

extension EndpointSlice {
    /// A slice has no life of its own in a history.
    func observed() -> ObservedObject {
        let object = metadata.version(kind: "EndpointSlice")
        let endpoints = (endpoints ?? []).map { endpoint in
            // https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#conditions
            let ready = endpoint.conditions?.ready ?? true
            return EndpointsChanged.Endpoint(
                pod: endpoint.targetRef?.kind == "Pod" ? endpoint.targetRef?.uid : nil,
                podName: endpoint.targetRef?.kind == "Pod" ? endpoint.targetRef?.name : nil,
                addresses: endpoint.addresses ?? [], ready: ready, serving: endpoint.conditions?.serving ?? ready,
                terminating: endpoint.conditions?.terminating ?? false
            )
        }
        return ObservedObject(
            version: object, metadata: metadata, created: nil,
            facets: [
                Facet(
                    key: "endpoints",
                    value: endpoints.map {
                        "\($0.pod ?? "-") \($0.addresses.joined(separator: ",")) \($0.ready) \($0.serving) \($0.terminating)"
                    },
                    fact: .endpointsChanged(
                        .init(object: object, service: service ?? metadata.name, endpoints: endpoints)),
                    since: metadata.annotations?["endpoints.kubernetes.io/last-change-trigger-time"]
                        .flatMap { Timestamp(rfc3339: $0) }
                )
            ],
            owner: service.map { name in
                let reference = metadata.ownerReferences?.first { $0.kind == "Service" && $0.name == name }
                return Owner(kind: "Service", name: name, uid: reference?.uid ?? "")
            }
        )
    }
}
