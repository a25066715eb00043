import Foundation
import RolloutModel

/// Masks payloads that are handed out so that what differs still differs: templates that are told apart by a secret only
/// remain two revisions.
///
/// Each secret gets a number, in the order in which they first come; which were equal is all that it tells.
final class NumberedSecrets {
    private var numbers: [String: Int] = [:]

    /// The payload with everything masked that looks secret; `nil` if nothing does.
    ///
    /// - Throws: `DecodingError` if the payload is not JSON.
    func masked(_ payload: Data) throws -> Data? {
        let value = try CanonicalJSON.decode(JSONValue.self, from: payload)
        let masked = masked(value)
        return masked == value ? nil : try CanonicalJSON.encode(masked)
    }

    /// The value with everything masked that looks secret.
    func masked(_ value: JSONValue) -> JSONValue { Secrets(substitute: mask).masked(value) }

    private func mask(_ secret: String) -> String {
        let number = numbers[secret] ?? numbers.count + 1
        numbers[secret] = number
        return "\(Secrets.mask)\(number)"
    }
}
