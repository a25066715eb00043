import RolloutModel

/// Why there is no answer of an API server, or no whole one.
public struct NetworkError: ExplainableError, Sendable {
    /// What happened.
    public var kind: Kind
    /// The server that was asked.
    public var server: String
    /// The particulars, in a few words.
    public var details: String

    /// What happened, and with it whether the server may have done what it was asked.
    public enum Kind: Sendable {
        /// No connection came about; nothing was sent.
        case unreachable
        /// The server's certificate is not one to trust; nothing was sent.
        case untrusted
        /// The answer took too long.
        case timeout
        /// Nothing came any more.
        case silent
        /// The connection ended before the answer did.
        case cut
        /// What came is not what an API server answers.
        case malformed
    }

    init(_ kind: Kind, server: String, details: String) {
        self.kind = kind
        self.server = server
        self.details = details
    }

    /// Whether the server may have done what it was asked.
    public var mayHaveBeenDone: Bool {
        switch kind {
        case .unreachable, .untrusted: false
        case .timeout, .silent, .cut, .malformed: true
        }
    }

    public var explained: ShipslogError {
        switch kind {
        case .unreachable:
            ShipslogError(.unavailable, "The API server \(server) cannot be reached: \(details).")
        case .untrusted:
            ShipslogError(
                .unavailable, "The certificate of the API server \(server) is not to be trusted: \(details).",
                hint: "See certificate-authority and tls-server-name in the kubeconfig.")
        case .timeout:
            ShipslogError(.unavailable, "The API server \(server) did not answer in time: \(details).")
        case .silent:
            ShipslogError(.unavailable, "The connection to the API server \(server) is dead: \(details).")
        case .cut:
            ShipslogError(.unavailable, "The connection to the API server \(server) ended too early: \(details).")
        case .malformed:
            ShipslogError(.unavailable, "The answer of the API server \(server) makes no sense: \(details).")
        }
    }
}
