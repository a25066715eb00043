import Foundation
import RolloutModel

/// One line of the answer to a watch.
///
/// - SeeAlso: <https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes>
enum WatchLine {
    case changed(Change.Kind, KubernetesObject)
    case bookmark(resourceVersion: String)
    /// A Status.
    case error(Data)

    /// Takes a line apart without parsing the object in it.
    ///
    /// - Throws: `RawJSON.Malformed` or `DecodingError` if it is no such line, or cut short.
    init(json: Data) throws {
        let (type, object) = try json.withUnsafeBytes { bytes in
            let raw = RawJSON(bytes: bytes)
            let members = try raw.members(in: 0..<bytes.count)
            guard let type = members["type"].flatMap(raw.string), let object = members["object"] else {
                throw RawJSON.Malformed()
            }
            return (type, Data(UnsafeRawBufferPointer(rebasing: bytes[object])))
        }
        switch (Change.Kind(rawValue: type), type) {
        case (let kind?, _): self = .changed(kind, try KubernetesObject(json: object))
        case (nil, "BOOKMARK"): self = .bookmark(resourceVersion: try KubernetesObject(json: object).resourceVersion)
        case (nil, "ERROR"): self = .error(object)
        default: throw RawJSON.Malformed()
        }
    }
}
