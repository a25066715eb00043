import Crypto
import Foundation

/// What the folds need to know of a pod template.
package enum Template {
    /// SHA-256 of the template in canonical JSON, in hexadecimal, without the label that the ReplicaSet controller adds.
    ///
    /// That label's value is not stable across Kubernetes versions, so that two templates are the same revision if they
    /// are equal without it.
    ///
    /// - SeeAlso: <https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#pod-template-hash-label>
    package static func digest(_ template: JSONValue) -> String {
        var bare = template
        if var metadata = bare["metadata"], var labels = metadata["labels"] {
            labels["pod-template-hash"] = nil
            metadata["labels"] = labels
            bare["metadata"] = metadata
        }
        var hash = SHA256()
        bare.hashCanonically(into: &hash)
        return hash.finalize().map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }

    /// The containers' images, in the order of the spec.
    package static func images(_ template: JSONValue) -> [String] {
        (template["spec"]?["containers"]?.array ?? []).compactMap { $0["image"]?.string }
    }

    /// The labels that the template gives its pods.
    package static func labels(_ template: JSONValue) -> [String: String] {
        (template["metadata"]?["labels"]?.object ?? [:]).compactMapValues(\.string)
    }
}

extension JSONValue {
    /// Feeds a form to the hash in which no two values look alike: a tag, a length or count, then the contents.
    fileprivate func hashCanonically(into hash: inout SHA256) {
        func feed(_ tag: String, _ text: String) { hash.update(data: Array("\(tag)\(text.utf8.count):\(text)".utf8)) }
        switch self {
        case .null: feed("n", "")
        case .bool(let value): feed("b", value ? "1" : "0")
        case .integer(let value): feed("i", String(value))
        case .number(let value): feed("d", String(value))
        case .string(let value): feed("s", value)
        case .array(let elements):
            feed("a", String(elements.count))
            for element in elements { element.hashCanonically(into: &hash) }
        case .object(let members):
            // To an API server null is as good as nothing, and some write the one and some the other.
            let members = members.filter { $0.value != .null }
            feed("o", String(members.count))
            for (key, value) in members.sorted(by: { $0.key < $1.key }) {
                feed("k", key)
                value.hashCanonically(into: &hash)
            }
        }
    }
}
