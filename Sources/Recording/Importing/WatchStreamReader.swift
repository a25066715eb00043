import Foundation
import RolloutModel

/// Reads the watch events of one saved stream, in the order in which they were saved.
struct WatchStreamReader: FileReader {
    private var lines: ParsedLines<WatchEvent>
    /// The resource that the stream is about, as far as its lines have told.
    private var resource = "objects"

    /// A watch event, and what it is known by where its stream is one of several.
    struct Line {
        /// The resource that the stream is about, as far as it has told: `deployments`.
        var resource: String
        var event: WatchEvent
        /// The place among the lines of other streams; `nil` for errors.
        ///
        /// Versions of different resources are comparable in fact, though not by promise, where one etcd holds them.
        var version: ResourceVersion?
    }

    var bytesRead: Int { lines.bytesRead }

    /// There are several streams, and the objects in them are large: some lines of each are enough.
    private static let partSize = 1 << 16

    init(path: String) throws {
        lines = try ParsedLines(path: path, what: "watch event", partSize: Self.partSize) { text in
            let event = try CanonicalJSON.decode(WatchEvent.self, from: text)
            try event.checkNames()
            return [.success(event)]
        }
    }

    mutating func next() async throws -> Result<Line, BrokenLine>? {
        guard let line = try await lines.next() else { return nil }
        if case .success(let event) = line, let kind = event.kind { resource = Observer.resource(ofKind: kind) }
        return line.map { event in
            Line(resource: resource, event: event, version: event.resourceVersion.flatMap { ResourceVersion($0) })
        }
    }
}

extension WatchEvent {
    /// The kind that the line is about; `nil` for an error.
    fileprivate var kind: String? {
        switch object {
        case .deployment: "Deployment"
        case .replicaSet: "ReplicaSet"
        case .pod: "Pod"
        case .service: "Service"
        case .endpointSlice: "EndpointSlice"
        case .httpRoute: "HTTPRoute"
        case .coreEvent: "Event"
        case .bookmark(let bookmark): bookmark.kind
        case .other(let kind): kind
        case .status: nil
        }
    }

    /// Refuses names that no API server would let pass, and no stream could bear.
    ///
    /// Those of owners are not among them: there an API server lets any text pass.
    func checkNames(at path: String = "object") throws {
        guard let metadata else { return }
        for (field, name) in [("name", metadata.name), ("namespace", metadata.namespace ?? "default")]
        where !StreamName.isValidPart(name) {
            throw BrokenLine.Refusal(reason: "\(path).metadata.\(field) is not a name that Kubernetes allows")
        }
    }
}
