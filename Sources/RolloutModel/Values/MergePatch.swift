/// Changes to JSON values as RFC 7386 writes them: members replace members, null removes, lists are replaced whole.
///
/// - SeeAlso: <https://www.rfc-editor.org/rfc/rfc7386>
package enum MergePatch {
    /// The patch that makes one value the other; `nil` if they are equal.
    ///
    /// - Precondition: `target` holds no null: that could not be expressed.
    package static func difference(from origin: JSONValue, to target: JSONValue) -> JSONValue? {
        if origin == target { return nil }
        guard case .object(let before) = origin, case .object(let after) = target else { return target }
        var patch: [String: JSONValue] = [:]
        for key in before.keys where after[key] == nil { patch[key] = .null }
        for (key, value) in after {
            patch[key] = before[key].map { difference(from: $0, to: value) } ?? value
        }
        return .object(patch)
    }

    /// The value that a patch makes of another.
    package static func apply(_ patch: JSONValue, to value: JSONValue?) -> JSONValue {
        guard case .object(let members) = patch else { return patch }
        var result = value?.object ?? [:]
        for (key, change) in members {
            result[key] = change == .null ? nil : apply(change, to: result[key])
        }
        return .object(result)
    }
}
