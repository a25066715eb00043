import Foundation
import RolloutModel

/// Where requests go: the URL that they start with, and under which name the server is known.
struct Endpoint: Hashable, Sendable {
    /// The URL with the name that the certificate must have, without a slash at its end.
    var base: String
    /// The host that connections are made to, if that is another than the one in `base`.
    var connectsTo: (name: String, host: String)? {
        certificateName.flatMap { $0 == host ? nil : ($0, host) }
    }
    /// The header `Host`, if it is another than what `base` says.
    var hostHeader: String?

    /// The name or address that the certificate must be for; `nil` without TLS.
    var certificateName: String?

    private var host: String

    /// - Throws: ``ShipslogError`` with code `invalidArgument` if the server is no URL of an API server.
    init(server: String, tlsServerName: String?) throws {
        guard var components = URLComponents(string: server), let scheme = components.scheme?.lowercased(),
            scheme == "https" || scheme == "http", let host = components.host, !host.isEmpty,
            components.query == nil, components.fragment == nil, components.user == nil
        else {
            throw ShipslogError(
                .invalidArgument, "'\(server)' is not the URL of an API server.", hint: "Such as https://host:6443.")
        }
        // Brackets belong to the URL, not to the address.
        self.host = host.trimmingCharacters(in: ["[", "]"])
        if scheme == "https" { certificateName = tlsServerName ?? self.host }
        if let tlsServerName, scheme == "https", tlsServerName != self.host {
            hostHeader = components.port.map { "\(host):\($0)" } ?? host
            components.host = tlsServerName
        }
        while components.path.hasSuffix("/") { components.path.removeLast() }
        guard let base = components.string else {
            throw ShipslogError(.invalidArgument, "'\(tlsServerName ?? "")' is not the name of a server.")
        }
        self.base = base
    }
}
