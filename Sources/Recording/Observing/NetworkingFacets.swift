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

extension HTTPRoute {
    func observed() -> ObservedObject {
        let object = metadata.version(kind: "HTTPRoute")
        let rules = (spec?.rules ?? []).map { $0.summary(in: object.namespace) }
        return ObservedObject(
            version: object, metadata: metadata,
            created: .routeCreated(
                .init(
                    object: object, createdAt: metadata.creationTimestamp ?? Timestamp(microseconds: 0), rules: rules)),
            createdAt: metadata.creationTimestamp,
            facets: [
                Facet(
                    key: "rules",
                    value: rules.flatMap { rule in
                        ["rule"] + rule.matches
                            + rule.backends.map {
                                "\($0.kind) \(String(comparing: $0.namespace)) \($0.name) \($0.weight)"
                            }
                    },
                    fact: .routeWeightsChanged(.init(object: object, rules: rules)), isToldByCreation: true,
                    specField: "rules"
                ),
                metadata.labelsFacet { .routeLabelsChanged(.init(object: object, labels: $0)) },
            ]
        )
    }
}

extension HTTPRoute.Rule {
    /// In short, for a route in a namespace; what is absent is told as the API says it is meant.
    fileprivate func summary(in namespace: String) -> RouteRule {
        RouteRule(
            matches: (matches ?? []).map(\.summary),
            backends: (backendRefs ?? []).map { reference in
                RouteRule.Backend(
                    kind: reference.kind ?? "Service",
                    namespace: reference.namespace.flatMap { $0 == namespace ? nil : $0 }, name: reference.name,
                    weight: reference.weight ?? 1)
            })
    }
}

extension HTTPRoute.Match {
    fileprivate var summary: String {
        func values(_ values: [HTTPRoute.Value]?, _ word: String) -> [String] {
            (values ?? []).map { value in
                let comparison = value.type.flatMap { $0 == "Exact" ? nil : " (\($0))" } ?? ""
                return "\(word) \(value.name ?? ""): \(value.value ?? "")\(comparison)"
            }
        }
        let path = path.map { "\($0.type ?? "PathPrefix") \($0.value ?? "/")" }
        return ([method, path].compactMap(\.self) + values(headers, "header") + values(queryParams, "query parameter"))
            .joined(separator: ", ")
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
