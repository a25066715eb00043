import Foundation
import RolloutModel

/// What proves at one moment who we are.
struct Credential: Hashable, Sendable {
    /// The value of the header `Authorization`.
    var authorization: String?
    /// What is shown when a connection is made.
    var certificate: ClientCertificate?

    struct ClientCertificate: Hashable, Sendable {
        /// In PEM, with what signed it.
        var chain: Data
        /// In PEM.
        var key: Data
    }
}

/// Keeps the credentials of a user: reads files again from time to time, and asks a plugin when its answer expires.
actor Credentials {
    private let configuration: ClientConfiguration
    private let now: @Sendable () -> Date
    private var known: (credential: Credential, until: Date)?
    private var loading: Task<(Credential, Date), any Error>?

    /// Files are read again after this long, as client-go does it for tokens, in seconds.
    private static let fileLifetime: TimeInterval = 60
    /// A plugin is asked this long before its answer expires, in seconds: a request takes time, and clocks differ.
    private static let expiryMargin: TimeInterval = 10

    init(_ configuration: ClientConfiguration, now: @escaping @Sendable () -> Date = Date.init) {
        self.configuration = configuration
        self.now = now
    }

    /// The credential to use now.
    ///
    /// - Throws: ``ShipslogError`` if a file cannot be read, or the plugin does not say.
    func current() async throws -> Credential {
        if let known, now() < known.until { return known.credential }
        return try await load()
    }

    /// The credential to use after the server has refused one; the same if there is no other.
    ///
    /// - Throws: as ``current()``.
    func replacement(for refused: Credential) async throws -> Credential {
        // Another request may have been faster.
        if let known, known.credential != refused, now() < known.until { return known.credential }
        return try await load()
    }

    private func load() async throws -> Credential {
        // Everybody waits for one and the same run of the plugin.
        if let loading { return try await loading.value.0 }
        let task = Task { [configuration, now] in try await Self.load(configuration, at: now()) }
        loading = task
        defer { loading = nil }
        let (credential, until) = try await task.value
        known = (credential, until)
        return credential
    }

    private static func load(_ configuration: ClientConfiguration, at date: Date) async throws -> (Credential, Date) {
        let user = configuration.user
        var credential = Credential()
        var until = Date.distantFuture
        if let chain = user.certificate, let key = user.key {
            credential.certificate = .init(
                chain: try chain.read("client certificate"), key: try key.read("client key"))
            if chain.isFile || key.isFile { until = date + fileLifetime }
        }
        if let token = user.token {
            let text = String(decoding: try token.read("token file"), as: UTF8.self)
                .trimmingCharacters(in: .whitespacesAndNewlines)
            if case .file(let path) = token {
                guard !text.isEmpty else { throw ShipslogError(.unavailable, "The token file \(path) is empty.") }
                until = date + fileLifetime
            }
            credential.authorization = "Bearer \(text)"
        } else if let password = user.password {
            let text = Data("\(password.username):\(password.password)".utf8).base64EncodedString()
            credential.authorization = "Basic \(text)"
        } else if let plugin = user.plugin {
            let status = try await plugin.run(for: configuration)
            if let token = status.token?.nonEmpty { credential.authorization = "Bearer \(token)" }
            if let chain = status.clientCertificateData, let key = status.clientKeyData {
                credential.certificate = .init(chain: Data(chain.utf8), key: Data(key.utf8))
            }
            if let expiry = status.expirationTimestamp {
                until = Date(timeIntervalSince1970: Double(expiry.microseconds) / 1_000_000) - expiryMargin
            }
        }
        return (credential, until)
    }
}

extension ClientConfiguration.Bytes {
    fileprivate var isFile: Bool { if case .file = self { true } else { false } }
}
