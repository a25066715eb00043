#if Network
    import AsyncHTTPClient
    import Foundation
    import NIOCore
    import NIOFoundationCompat
    import NIOHTTP1
    import RolloutModel
    import Synchronization

    /// Speaks to the API server of one cluster, as one user.
    ///
    ///     let client = try KubernetesClient(.load())
    ///     let answer = try await client.get(.deployments, "web", namespace: "shop")
    ///     let deployment = try answer.object().value()
    ///
    /// Requests throw a ``StatusError`` if the server says no, a ``NetworkError`` if it does not say anything, and a
    /// ``ShipslogError`` if certificates, tokens or plugins cannot be used. Credentials are kept fresh: after a refusal they
    /// are read or asked for again, once. What the server puts off with 429, and for requests that only read also with 503,
    /// is sent again after the time that it names, as long as ``ClientConfiguration/requestTimeout`` allows.
    public final class KubernetesClient: Sendable {
        /// Where the server is, and as whom to speak to it.
        public let configuration: ClientConfiguration

        private let endpoint: Endpoint
        private let credentials: Credentials
        private let connections = Mutex<Connections?>(nil)

        /// The size of the largest answer that is taken, in bytes: lists come in pages, and an object has at most 3 MiB.
        static let largestAnswer = 256 << 20

        /// Makes a client.
        ///
        /// No connection is made before the first request.
        ///
        /// - Throws: ``ShipslogError`` with code `invalidArgument` if the configuration's server is no URL.
        public init(_ configuration: ClientConfiguration) throws {
            self.configuration = configuration
            endpoint = try Endpoint(server: configuration.server, tlsServerName: configuration.tlsServerName)
            credentials = Credentials(configuration)
        }

        /// Sends a request and takes in its answer.
        public func send(_ request: Request) async throws -> Answer {
            let timeout = configuration.requestTimeout
            return try await withThrowingTaskGroup(of: Answer.self) { group in
                group.addTask { try await self.sendUntilAnswered(request, deadline: .now + timeout) }
                group.addTask {
                    try await Task.sleep(for: timeout)
                    throw NetworkError(.timeout, server: self.configuration.server, details: "\(timeout) passed")
                }
                defer { group.cancelAll() }
                guard let answer = try await group.next() else { throw CancellationError() }
                return answer
            }
        }

        private func sendUntilAnswered(_ request: Request, deadline: ContinuousClock.Instant) async throws -> Answer {
            var isFirstTry = true
            while true {
                do {
                    let opened = try await open(request)
                    return try await opened.answer()
                } catch let error as StatusError {
                    let isPutOff =
                        error.code == 429 && !error.isDisruptionBudget || error.code == 503 && request.method.isRead
                    guard isPutOff, let pause = error.retryAfter, .now + pause < deadline else { throw error }
                    try await Task.sleep(for: pause)
                } catch let error as NetworkError {
                    // The server may close a connection that was not in use at the very moment at which we use it again.
                    guard error.kind == .cut, request.method.isRead, isFirstTry else { throw error }
                    isFirstTry = false
                }
            }
        }

        /// Sends a request and returns as soon as its answer begins.
        func open(_ request: Request, compressed: Bool = true) async throws -> OpenedAnswer {
            var credential = try await credentials.current()
            var mayReplaceCredential = true
            while true {
                let connections = try connections(with: credential.certificate)
                let answer = try await attempt(request, compressed, as: credential, over: connections)
                if (200..<300).contains(answer.response.status.code) { return answer }
                let error = await answer.statusError()
                if error.code == 401, mayReplaceCredential {
                    mayReplaceCredential = false
                    let replacement = try await credentials.replacement(for: credential)
                    if replacement != credential {
                        credential = replacement
                        continue
                    }
                }
                throw error
            }
        }

        private func attempt(
            _ request: Request, _ compressed: Bool, as credential: Credential, over connections: Connections
        ) async throws -> OpenedAnswer {
            do {
                var message = message(for: request, as: credential)
                // Said in any case: the library would ask for compression where nothing is said.
                message.headers.add(name: "Accept-Encoding", value: compressed ? "gzip" : "identity")
                let response = try await connections.http.execute(message, deadline: .distantFuture)
                return OpenedAnswer(
                    response: response, request: request, server: configuration.server,
                    connections: connections, giveUp: { [weak self] in self?.discard(connections) })
            } catch {
                try Task.checkCancellation()
                discard(connections)
                throw NetworkError(error, server: configuration.server)
            }
        }

        private func message(for request: Request, as credential: Credential) -> HTTPClientRequest {
            var message = HTTPClientRequest(url: endpoint.base + request.target)
            message.method = HTTPMethod(rawValue: request.method.rawValue)
            if let host = endpoint.hostHeader { message.headers.add(name: "Host", value: host) }
            message.headers.add(name: "User-Agent", value: configuration.userAgent)
            message.headers.add(name: "Accept", value: "application/json")
            if let value = credential.authorization { message.headers.add(name: "Authorization", value: value) }
            for (name, value) in configuration.impersonation.headers { message.headers.add(name: name, value: value) }
            if let body = request.body {
                message.headers.add(name: "Content-Type", value: request.contentType)
                message.body = .bytes(ByteBuffer(data: body))
            }
            return message
        }

        private func connections(with certificate: Credential.ClientCertificate?) throws -> Connections {
            try connections.withLock { current in
                if let current, current.certificate == certificate { return current }
                let new = try Connections(configuration, endpoint: endpoint, certificate: certificate)
                current = new
                return new
            }
        }

        /// Makes requests from now on use new connections.
        ///
        /// Over HTTP/2 all share one, and if that is dead, all would be.
        private func discard(_ connections: Connections) {
            self.connections.withLock { if $0 === connections { $0 = nil } }
        }
    }
#endif
