import Foundation
import RolloutModel

/// Reads the watch events of one saved stream, in the order in which they were saved.
struct WatchStreamReader {
    private var lines: LineReader
    private let decoder = JSONDecoder()
    private var lineNumber = 0
    /// The resource that the stream is about, as far as its lines have told: `deployments`.
    private(set) var resource = "objects"

    var path: String { lines.path }
    var bytesRead: Int { lines.bytesRead }

    /// A line that cannot be taken in.
    struct BrokenLine: Error {
        var line: Int
        var reason: String
    }

    /// - Throws: as ``LineReader/init(path:)``.
    init(path: String) throws {
        lines = try LineReader(path: path)
    }

    /// The next event, or what is wrong with the next line; `nil` at the end.
    ///
    /// Empty lines are passed over.
    ///
    /// - Throws: as ``LineReader/next()``.
    mutating func next() throws -> Result<WatchEvent, BrokenLine>? {
        while let line = try lines.next() {
            lineNumber += 1
            guard case .text(let text) = line else {
                return .failure(BrokenLine(line: lineNumber, reason: "the line is longer than 16 MiB"))
            }
            if text.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { continue }
            do {
                let event = try decoder.decode(WatchEvent.self, from: text)
                if let kind = event.kind { resource = Observer.resource(ofKind: kind) }
                try event.checkNames()
                return .success(event)
            } catch {
                return .failure(BrokenLine(line: lineNumber, reason: Self.reason(error, what: "watch event")))
            }
        }
        return nil
    }

    /// In a few words, why a line is not what it should be.
    static func reason(_ error: any Error, what: String) -> String {
        switch error {
        case let error as InvalidName:
            return error.reason
        case DecodingError.keyNotFound(let key, let context):
            if context.codingPath.isEmpty { return "it is no \(what): it has no \"\(key.stringValue)\"" }
            return "\(path(context.codingPath + [key])) is missing"
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
            if context.codingPath.isEmpty { return "it is no JSON object" }
            return "\(path(context.codingPath)) is of the wrong kind"
        case DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty:
            return "\(path(context.codingPath)): \(context.debugDescription)"
        default:
            return "it is not JSON, or cut short"
        }
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        keys.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
            .replacingOccurrences(of: ".[", with: "[")
    }
}

/// A name that no API server would let pass, and no stream could bear.
private struct InvalidName: Error {
    var reason: String
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
        case .coreEvent: "Event"
        case .bookmark(let bookmark): bookmark.kind
        case .other(let kind): kind
        case .status: nil
        }
    }

    /// Refuses names that no API server would let pass.
    func checkNames(at path: String = "object") throws {
        guard let metadata else { return }
        var names = [("name", metadata.name), ("namespace", metadata.namespace ?? "default")]
        names += (metadata.ownerReferences ?? []).map { ("ownerReferences.name", $0.name) }
        if case .endpointSlice(let slice) = object, let service = slice.service {
            names.append(("labels[\"kubernetes.io/service-name\"]", service))
        }
        for (field, name) in names where !StreamName.isValidPart(name) {
            throw InvalidName(reason: "\(path).metadata.\(field) is not a name that Kubernetes allows")
        }
    }
}
