/// An error that a person can act on.
///
/// - SeeAlso: `README.md`, section "Exit codes".
public struct ShipslogError: Error, Sendable {
    /// What kind of error it is, for the program.
    public var code: Code
    /// One sentence for a person: what is wrong and where, with the names involved and no secrets.
    public var message: String
    /// What to do next, if that is known; a sentence.
    public var hint: String?
    /// Where in a document, `rules[2].exit.after`, if it is about one.
    package var place: String?

    /// Makes an error of a kind, with its sentence and what to do about it.
    public init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    /// The kinds of error, each with one exit code.
    public enum Code: String, Sendable, CaseIterable {
        /// The input is wrong whatever the state: do not retry.
        case invalidArgument
        /// No such subject, rollout or file.
        case notFound
        /// The stream is not where the caller expected it to be: read again, then retry.
        case conflict
        /// Locked, full, read-only or out of reach: the same call may work later.
        case unavailable
        /// The file was written by a newer version: upgrade.
        case unsupportedSchema
        /// A stored fact contradicts another, or the file was rolled back: stop and investigate.
        case tampered
        /// A bug of ours.
        case `internal`
    }
}

extension ShipslogError: CustomStringConvertible {
    public var description: String { hint.map { "\(message) \($0)" } ?? message }
}

/// An error that tells a program more than a ``ShipslogError`` does, and can be told to a person as one.
public protocol ExplainableError: Error, CustomStringConvertible {
    /// What is to be said of it.
    var explained: ShipslogError { get }
}

extension ShipslogError {
    /// What is to be said of an error; `nil` if it cannot be told to a person.
    package init?(explaining error: any Error) {
        guard let explained = (error as? any ExplainableError)?.explained ?? error as? ShipslogError else { return nil }
        self = explained
    }
}

extension ExplainableError {
    public var description: String { explained.description }
}
