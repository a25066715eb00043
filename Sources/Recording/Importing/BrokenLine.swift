import Foundation

/// A line of a file that could not be taken in.
public struct BrokenLine: Error, Hashable, CustomStringConvertible {
    public var path: String
    /// From 1.
    public var line: Int
    public var reason: String

    public var description: String { "\(path):\(line): \(reason)" }

    /// In a few words, why a text is not what it should be.
    ///
    /// - Parameters:
    ///   - error: What decoding it threw.
    ///   - what: What it should be: `watch event`.
    static func reason(_ error: any Error, what: String) -> String {
        switch error {
        case let error as Refusal:
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

    /// What can be decoded, and is not to be taken in all the same.
    struct Refusal: Error {
        /// In a few words, why not.
        var reason: String
    }
}
