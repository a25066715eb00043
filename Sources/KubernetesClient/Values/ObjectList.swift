import Foundation
import RolloutModel

/// Objects of one resource as they were at one moment, or a page of them.
public struct ObjectList: Sendable {
    /// The objects, by namespace and name.
    public var objects: [KubernetesObject]
    /// The moment: a watch from here tells everything that came later.
    public var resourceVersion: String
    /// What asks for the next page; `nil` on the last one.
    public var continueToken: String?

    /// Takes a list apart into its objects, without parsing them.
    ///
    /// - Parameter resource: What the list is of: the objects in a list do not say.
    /// - Throws: `RawJSON.Malformed` if it is no list.
    init(json: Data, of resource: Resource) throws {
        // Members of lists lack them. https://github.com/kubernetes/kubernetes/issues/3030
        let head = Data("{\"kind\":\"\(resource.kind)\",\"apiVersion\":\"\(resource.apiVersion)\",".utf8)
        (objects, resourceVersion, continueToken) = try json.withUnsafeBytes { bytes in
            let raw = RawJSON(bytes: bytes)
            let members = try raw.members(in: 0..<bytes.count)
            guard let items = members["items"], let metadataRange = members["metadata"] else {
                throw RawJSON.Malformed()
            }
            let metadata = try raw.members(in: metadataRange).compactMapValues { raw.string(in: $0) }
            // An empty list may be written as null.
            let isArray = bytes[items.lowerBound] == UInt8(ascii: "[")
            let objects = try (isArray ? raw.elements(in: items) : []).map { range in
                let item = UnsafeRawBufferPointer(rebasing: bytes[range])
                let isWhole = try raw.members(in: range)["kind"] != nil
                return try KubernetesObject(json: isWhole ? Data(item) : head + item.dropFirst())
            }
            let token = metadata["continue"].flatMap { $0.isEmpty ? nil : $0 }
            return (objects, metadata["resourceVersion"] ?? "", token)
        }
    }
}
