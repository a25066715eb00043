import RolloutModel

/// What an observer remembers of a living object.
struct SeenObject: Codable, Sendable {
    var version: ObjectVersion
    var stream: StreamName
    var facets: FacetDigests
}

extension Fact {
    /// That an object is gone; `nil` for kinds whose end says nothing.
    ///
    /// A slice has no life of its own in a history: that it is gone says that its endpoints are.
    static func deletion(of object: ObjectVersion, in stream: StreamName) -> Fact? {
        switch object.kind {
        case "Deployment": .deploymentDeleted(.init(object: object))
        case "ReplicaSet": .replicaSetDeleted(.init(object: object))
        case "Pod": .podDeleted(.init(object: object))
        case "Service": .serviceDeleted(.init(object: object))
        case "EndpointSlice":
            .endpointsChanged(
                .init(object: object, service: stream.kind == "service" ? stream.name : object.name, endpoints: []))
        default: nil
        }
    }
}
