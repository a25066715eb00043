import RolloutModel

/// What an observer remembers of a living object.
struct SeenObject: Codable, Sendable {
    var version: ObjectVersion
    var stream: StreamName
    /// The UID of its owner, if it has one.
    var owner: String?
    /// `nil` if the object is passed over because it is not chosen.
    var facets: FacetDigests?

    init(version: ObjectVersion, stream: StreamName, owner: String?, facets: FacetDigests?) {
        self.version = version
        self.stream = stream
        self.owner = owner
        self.facets = facets
    }

    init(_ object: ObservedObject, stream: StreamName, facets: FacetDigests?) {
        self.init(version: object.version, stream: stream, owner: object.owner?.uid, facets: facets)
    }
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
        case "HTTPRoute": .routeDeleted(.init(object: object))
        case "EndpointSlice":
            .endpointsChanged(
                .init(object: object, service: stream.kind == "service" ? stream.name : object.name, endpoints: []))
        default: nil
        }
    }
}
