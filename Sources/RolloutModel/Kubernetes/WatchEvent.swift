/// One line of a watch stream.
///
/// - SeeAlso: <https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes>
package struct WatchEvent: Decodable, Sendable {
    package var type: Kind
    package var object: Object

    package enum Kind: String, Decodable, Sendable {
        case added = "ADDED"
        case modified = "MODIFIED"
        case deleted = "DELETED"
        case bookmark = "BOOKMARK"
        case error = "ERROR"
    }

    /// The object of the line, by its kind.
    package enum Object: Sendable {
        case deployment(Deployment)
        case replicaSet(ReplicaSet)
        case pod(Pod)
        case service(Service)
        case endpointSlice(EndpointSlice)
        case httpRoute(HTTPRoute)
        case coreEvent(CoreEvent)
        case bookmark(Bookmark)
        case status(Status)
        /// A kind that rollouts do not touch.
        case other(kind: String)
    }

    package init(type: Kind, object: Object) {
        self.type = type
        self.object = object
    }

    /// What a bookmark carries: where the stream is, and whether the objects there were at its start have all come.
    package struct Bookmark: Decodable, Sendable {
        package var kind: String
        package var metadata: Metadata

        package struct Metadata: Decodable, Sendable {
            package var resourceVersion: String
            package var annotations: [String: String]?
        }
    }

    private enum Key: String, CodingKey { case type, object }
    private enum ObjectKey: String, CodingKey { case kind }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        type = try container.decode(Kind.self, forKey: .type)
        let kind = try container.nestedContainer(keyedBy: ObjectKey.self, forKey: .object).decode(
            String.self, forKey: .kind)
        func decode<Value: Decodable>(_: Value.Type) throws -> Value {
            try container.decode(Value.self, forKey: .object)
        }
        object =
            switch (type, kind) {
            case (.bookmark, _): .bookmark(try decode(Bookmark.self))
            case (.error, _): .status(try decode(Status.self))
            case (_, "Deployment"): .deployment(try decode(Deployment.self))
            case (_, "ReplicaSet"): .replicaSet(try decode(ReplicaSet.self))
            case (_, "Pod"): .pod(try decode(Pod.self))
            case (_, "Service"): .service(try decode(Service.self))
            case (_, "EndpointSlice"): .endpointSlice(try decode(EndpointSlice.self))
            case (_, "HTTPRoute"): .httpRoute(try decode(HTTPRoute.self))
            case (_, "Event"): .coreEvent(try decode(CoreEvent.self))
            default: .other(kind: kind)
            }
    }

    /// The object's version, by which streams that were captured side by side are put in order; `nil` for an error.
    package var resourceVersion: String? {
        if case .bookmark(let bookmark) = object { return bookmark.metadata.resourceVersion }
        return metadata?.resourceVersion
    }

    /// The object's metadata; `nil` for bookmarks, errors and kinds that rollouts do not touch.
    package var metadata: ObjectMeta? {
        switch object {
        case .deployment(let object): object.metadata
        case .replicaSet(let object): object.metadata
        case .pod(let object): object.metadata
        case .service(let object): object.metadata
        case .endpointSlice(let object): object.metadata
        case .httpRoute(let object): object.metadata
        case .coreEvent(let object): object.metadata
        case .bookmark, .status, .other: nil
        }
    }
}
