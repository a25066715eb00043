import Foundation
import RolloutModel

/// Reads the watch events of one saved stream, in the order in which they were saved.
struct WatchStreamReader {
    private var lines: ParsedLines<WatchEvent>
    /// The resource that the stream is about, as far as its lines have told: `deployments`.
    private(set) var resource = "objects"

    var bytesRead: Int { lines.bytesRead }

    /// There are several streams, and the objects in them are large: some lines of each are enough.
    private static let partSize = 1 << 16

    /// - Throws: as ``LineReader/init(path:)``.
    init(path: String) throws {
        lines = try ParsedLines(path: path, what: "watch event", partSize: Self.partSize) { text in
            let event = try CanonicalJSON.decode(WatchEvent.self, from: text)
            try event.checkNames()
            return event
        }
    }

    /// The next event, or what is wrong with the next line; `nil` at the end.
    ///
    /// - Throws: as ``LineReader/next()``.
    mutating func next() async throws -> Result<WatchEvent, BrokenLine>? {
        let line = try await lines.next()
        if case .success(let event) = line, let kind = event.kind { resource = Observer.resource(ofKind: kind) }
        return line
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
    func checkNames(at path: String = "object") throws {
        guard let metadata else { return }
        var names = [("name", metadata.name), ("namespace", metadata.namespace ?? "default")]
        names += (metadata.ownerReferences ?? []).map { ("ownerReferences.name", $0.name) }
        if case .endpointSlice(let slice) = object, let service = slice.service {
            names.append(("labels[\"kubernetes.io/service-name\"]", service))
        }
        for (field, name) in names where !StreamName.isValidPart(name) {
            throw BrokenLine.Refusal(reason: "\(path).metadata.\(field) is not a name that Kubernetes allows")
        }
    }
}
