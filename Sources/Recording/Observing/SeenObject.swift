import RolloutModel

/// What an observer remembers of a living object.
struct SeenObject: Codable, Sendable {
    var version: ObjectVersion
    var stream: StreamName
    /// The UID of its owner, if it has one.
    var owner: String?
    /// How often what is wanted of it was changed; `nil` for kinds where nobody counts.
    var generation: Int?
    /// `nil` if the object is passed over because it is not chosen.
    var facets: FacetDigests?

    init(_ object: ObservedObject, stream: StreamName, facets: FacetDigests?) {
        version = object.version
        self.stream = stream
        owner = object.owner?.uid
        generation = object.metadata.generation
        self.facets = facets
    }

    /// The same, passed over.
    var passedOver: SeenObject {
        var object = self
        object.facets = nil
        return object
    }
}

extension Fact {
    /// That an object is gone; `nil` for kinds whose end says nothing.
    ///
    /// A slice has no life of its own in a history: that it is gone says that its endpoints are.
    package static func deletion(of object: ObjectVersion, in stream: StreamName) -> Fact? {
        switch object.kind {
        case "Deployment": .deploymentDeleted(.init(object: object))
        case "ReplicaSet": .replicaSetDeleted(.init(object: object))
        case "Pod": .podDeleted(.init(object: object))
        case "Service": .serviceDeleted(.init(object: object))
        case "HTTPRoute": .routeDeleted(.init(object: object))
        case "EndpointSlice":
            .endpointsChanged(
                .init(object: object, service: stream.kind == "service" ? stream.name : object.name, endpoints: []))
        default: nil
        }
    }
}
