#if Network
    import AsyncHTTPClient
    import Foundation
    import NIOCore
    import NIOHTTPCompression
    import NIOSSL
    import RolloutModel

    /// The connections to a server that were made with one client certificate.
    ///
    /// They end with the last one who uses them.
    final class Connections: Sendable {
        let http: HTTPClient
        let certificate: Credential.ClientCertificate?

        /// - Throws: ``ShipslogError`` with code `notFound` or `invalidArgument` if certificates or keys cannot be used.
        init(
            _ configuration: ClientConfiguration, endpoint: Endpoint, certificate: Credential.ClientCertificate?
        ) throws {
            let name = endpoint.certificateName.map(ServerName.init)
            var settings = HTTPClient.Configuration(
                tlsConfiguration: try Self.tls(configuration, name, certificate),
                redirectConfiguration: .disallow,
                timeout: .init(connect: .seconds(10), read: .nanoseconds(configuration.silenceTimeout.nanoseconds)),
                decompression: .enabled(limit: .none)
            )
            // A watch holds on to its connection where HTTP/2 is not spoken, and there may be many.
            settings.connectionPool = .init(idleTimeout: .seconds(60), concurrentHTTP1ConnectionsPerHostSoftLimit: 256)
            // Whoever asks decides whether and when to try again.
            settings.connectionPool.retryConnectionEstablishment = false
            settings.proxy = try configuration.proxy.map(Self.proxy)
            if let (name, host) = endpoint.connectsTo { settings.dnsOverride = [name: host] }
            if let name, !configuration.skipsTLSVerification {
                // Nothing is sent before these have succeeded.
                settings.http1_1ConnectionDebugInitializer = { name.check($0) }
                settings.http2ConnectionDebugInitializer = { name.check($0) }
            }
            if configuration.httpVersions == .http1 { settings.httpVersion = .http1Only }
            http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: settings)
            self.certificate = certificate
        }

        deinit {
            // Nobody is left who could be told.
            http.shutdown { _ in }
        }

        private static func tls(
            _ configuration: ClientConfiguration, _ name: ServerName?, _ certificate: Credential.ClientCertificate?
        ) throws -> TLSConfiguration {
            var tls = TLSConfiguration.makeClientConfiguration()
            if configuration.skipsTLSVerification {
                tls.certificateVerification = .none
            } else {
                // An address would be compared with that of the proxy or the tunnel. We compare it with the right one.
                tls.certificateVerification = name?.isAddress == true ? .noHostnameVerification : .fullVerification
                if let authority = configuration.certificateAuthority {
                    let bytes = try authority.read("certificate authority")
                    tls.trustRoots = .certificates(try certificates(bytes, "certificate authority"))
                }
            }
            if let certificate {
                tls.certificateChain = try certificates(certificate.chain, "client certificate").map {
                    .certificate($0)
                }
                do {
                    tls.privateKey = .privateKey(try NIOSSLPrivateKey(bytes: Array(certificate.key), format: .pem))
                } catch {
                    throw ShipslogError(.invalidArgument, "The client key is not a private key in PEM.")
                }
                guard (try? NIOSSLContext(configuration: tls)) != nil else {
                    throw ShipslogError(.invalidArgument, "The client key is not that of the client certificate.")
                }
            }
            return tls
        }

        private static func certificates(_ pem: Data, _ what: String) throws -> [NIOSSLCertificate] {
            guard let certificates = try? NIOSSLCertificate.fromPEMBytes(Array(pem)), !certificates.isEmpty else {
                throw ShipslogError(.invalidArgument, "The \(what) is not a certificate in PEM.")
            }
            return certificates
        }

        private static func proxy(_ text: String) throws -> HTTPClient.Configuration.Proxy {
            let components = URLComponents(string: text)
            guard let components, let host = components.host?.nonEmpty else {
                throw ShipslogError(.invalidArgument, "The proxy-url is not a URL.")
            }
            switch components.scheme {
            case "http":
                let authorization = components.user.map {
                    HTTPClient.Authorization.basic(username: $0, password: components.password ?? "")
                }
                return .server(host: host, port: components.port ?? 80, authorization: authorization)
            case "socks5", "socks5h":
                return .socksServer(host: host, port: components.port ?? 1080)
            default:
                throw ShipslogError(
                    .invalidArgument, "A proxy of the kind '\(components.scheme ?? "")' is not supported.",
                    hint: "Use http:// or socks5://.")
            }
        }
    }

    extension Duration {
        /// Rounded down.
        var nanoseconds: Int64 {
            let (seconds, attoseconds) = components
            return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
        }
    }
#endif
