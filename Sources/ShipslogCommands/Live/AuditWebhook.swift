#if Network
    import Foundation
    import Hummingbird
    import HummingbirdTLS
    import Logging
    import NIOCore
    import NIOSSL
    import Recording
    import RolloutModel
    import ServiceLifecycle

    /// The server that an API server posts its audit events to.
    struct AuditWebhook {
        let receiver: AuditReceiver
        let address: ListenAddress
        let tls: TLSConfiguration?
        let tokenFile: String?
        let readinessFile: String?
        let notice: @Sendable (String) throws -> Void

        /// An API server sends up to 10 MiB by its defaults, before it cuts what it wants to send in pieces.
        private static let largestBody = 64 << 20

        /// Reads the certificate.
        ///
        /// - Throws: ``ShipslogError`` with code `invalidArgument` if certificate, key or token are missing or wrong.
        init(
            receiver: AuditReceiver, address: ListenAddress, tls: (certificate: String, key: String)?,
            tokenFile: String?, readinessFile: String?, notice: @escaping @Sendable (String) throws -> Void
        ) throws {
            self.receiver = receiver
            self.address = address
            self.tls = try tls.map { try Self.configuration(certificate: $0.certificate, key: $0.key) }
            self.tokenFile = tokenFile
            self.readinessFile = readinessFile
            self.notice = notice
            if let tokenFile { _ = try Self.token(in: tokenFile) }
        }

        /// Serves until SIGINT or SIGTERM; requests that are being answered then get their answer.
        ///
        /// - Throws: ``ShipslogError`` with code `unavailable` if the address cannot be listened at.
        func run() async throws {
            if let readinessFile {
                try Self.write("", to: readinessFile)
                takeAwayReadiness()
            }
            var logger = Logger(label: "shipslog")
            logger.logLevel = .critical
            let application = Application(
                responder: router.buildResponder(),
                server: try tls.map { try .tls(.http1(), tlsConfiguration: $0) } ?? .http1(),
                configuration: ApplicationConfiguration(
                    address: .hostname(address.host, port: address.port), serverName: "shipslog"),
                onServerRunning: { channel in ready(at: channel.localAddress) },
                logger: logger
            )
            defer { takeAwayReadiness() }
            do {
                try await application.runService()
            } catch let error as ShipslogError {
                throw error
            } catch {
                throw ShipslogError(
                    .unavailable, "Listening at \(address.host):\(address.port) failed: \(error).",
                    hint: "Choose another address with --listen.")
            }
        }

        private var router: Router<BasicRequestContext> {
            let router = Router()
            router.get("healthz") { _, _ in "ok\n" }
            for path in ["", "**"] as [RouterPath] {
                router.post(path) { request, _ in try await answer(request) }
            }
            return router
        }

        private func answer(_ request: Request) async throws -> Response {
            guard try isAuthorized(request) else {
                return Self.response(.unauthorized, "The token is missing or wrong.")
            }
            var request = request
            do {
                let body = try await request.collectBody(upTo: Self.largestBody)
                let count = try await receiver.receive(Data(body.readableBytesView))
                return Self.response(.ok, "\(count) audit events are recorded.")
            } catch let error as ShipslogError {
                switch error.code {
                case .invalidArgument: return Self.response(.badRequest, error.message)
                case .unavailable: return Self.response(.serviceUnavailable, error.message)
                default: return Self.response(.internalServerError, error.message)
                }
            }
        }

        private static func response(_ status: HTTPResponse.Status, _ sentence: String) -> Response {
            Response(status: status, body: .init(byteBuffer: ByteBuffer(string: sentence + "\n")))
        }

        // MARK: Who may post

        private func isAuthorized(_ request: Request) throws -> Bool {
            guard let tokenFile else { return true }
            let given = Array((request.headers[.authorization] ?? "").utf8)
            let wanted = Array("Bearer \(try Self.token(in: tokenFile))".utf8)
            guard given.count == wanted.count else { return false }
            // The time it takes must not tell how much of it is right.
            return zip(given, wanted).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
        }

        private static func token(in file: String) throws -> String {
            guard let content = FileManager.default.contents(atPath: file) else {
                throw ShipslogError(.invalidArgument, "The token file \(file) cannot be read.")
            }
            let token = String(decoding: content, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
            guard !token.isEmpty else { throw ShipslogError(.invalidArgument, "The token file \(file) is empty.") }
            return token
        }

        private static func configuration(certificate: String, key: String) throws -> TLSConfiguration {
            do {
                return .makeServerConfiguration(
                    certificateChain: try NIOSSLCertificate.fromPEMFile(certificate).map { .certificate($0) },
                    privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem)))
            } catch {
                throw ShipslogError(
                    .invalidArgument, "\(certificate) and \(key) are no certificate and private key in PEM: \(error).")
            }
        }

        // MARK: Readiness

        private func ready(at local: SocketAddress?) {
            let port = local?.port ?? address.port
            let host = address.host == "::" ? "" : address.host.contains(":") ? "[\(address.host)]" : address.host
            let url = "\(tls == nil ? "http" : "https")://\(host):\(port)"
            do {
                if let readinessFile { try Self.write(url + "\n", to: readinessFile) }
                try notice("Listening at \(url).")
            } catch {
                // The file could be written a moment ago; and who does not read notices cannot be told in one.
            }
        }

        private static func write(_ text: String, to file: String) throws {
            do {
                try Data(text.utf8).write(to: URL(filePath: file), options: .atomic)
            } catch {
                throw ShipslogError(.unavailable, "The readiness file \(file) cannot be written.")
            }
        }

        private func takeAwayReadiness() {
            if let readinessFile { _ = try? FileManager.default.removeItem(atPath: readinessFile) }
        }
    }
#endif
