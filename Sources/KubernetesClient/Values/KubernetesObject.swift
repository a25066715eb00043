import Foundation
import RolloutModel

/// An object as the API server sent it: its bytes, and of its metadata what says which object and which version it is.
///
/// Nothing is lost in it, and it is parsed no sooner and no further than somebody asks.
public struct KubernetesObject: Sendable {
    /// The whole object as JSON, with `apiVersion` and `kind`.
    public let json: Data
    /// The name of its type: `Pod`.
    public let kind: String
    /// Its name; empty if it has none, as the objects of bookmarks.
    public let name: String
    /// Its namespace; `nil` if it is not in one.
    public let namespace: String?
    /// Its UID; empty if it has none.
    public let uid: String
    /// Its version; empty if it has none.
    public let resourceVersion: String

    /// Looks at the bytes of an object.
    ///
    /// - Throws: `DecodingError` if they are no JSON object, as far as one sees without parsing all of it.
    public init(json: Data) throws {
        let head: Head
        do {
            head = try json.withUnsafeBytes { try Head(RawJSON(bytes: $0)) }
        } catch {
            throw DecodingError.dataCorrupted(
                .init(codingPath: [], debugDescription: "it is no JSON object, or cut short"))
        }
        self.json = json
        kind = head.kind
        name = head.metadata["name"] ?? ""
        namespace = head.metadata["namespace"]
        uid = head.metadata["uid"] ?? ""
        resourceVersion = head.metadata["resourceVersion"] ?? ""
    }

    private struct Head {
        var kind = ""
        var metadata: [String: String] = [:]

        init(_ raw: RawJSON) throws {
            let members = try raw.members(in: 0..<raw.bytes.count)
            if let range = members["kind"] { kind = raw.string(in: range) ?? "" }
            guard let range = members["metadata"], raw.bytes[range.lowerBound] == UInt8(ascii: "{") else { return }
            metadata = try raw.members(in: range).compactMapValues { raw.string(in: $0) }
        }
    }

    /// All of the object, with the fields that Shipslog does not know, to be changed and written back.
    ///
    /// - Throws: `DecodingError` if the bytes are no JSON.
    public func value() throws -> JSONValue { try CanonicalJSON.decode(JSONValue.self, from: json) }

    /// The object as one of the types of the model.
    ///
    /// - Throws: `DecodingError` if it is not of that shape.
    public func decode<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
        try CanonicalJSON.decode(type, from: json)
    }

    /// The object as a line of a watch stream would tell it.
    ///
    /// - Throws: `DecodingError` if it is not of the shape that its kind has.
    package func watchEvent(_ type: WatchEvent.Kind) throws -> WatchEvent {
        try CanonicalJSON.decode(
            WatchEvent.self, from: Data("{\"type\":\"\(type.rawValue)\",\"object\":".utf8) + json + Data("}".utf8))
    }
}
