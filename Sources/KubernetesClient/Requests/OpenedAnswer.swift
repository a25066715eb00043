#if Network
    import AsyncHTTPClient
    import Foundation
    import NIOCore
    import NIOFoundationCompat
    import NIOHTTP1
    import RolloutModel

    /// An answer whose head has come, and whose body is still to come.
    struct OpenedAnswer {
        let response: HTTPClientResponse
        let request: Request
        let server: String
        /// Held, so that the connections live as long as something comes over them.
        let connections: Connections
        /// To be called when they turn out to be dead.
        let giveUp: @Sendable () -> Void

        var auditID: String? { response.headers.first(name: "Audit-ID") }

        /// Takes in the rest.
        func answer() async throws -> Answer {
            do {
                var body = try await response.body.collect(upTo: KubernetesClient.largestAnswer)
                return Answer(
                    code: Int(response.status.code), auditID: auditID,
                    warnings: response.headers["Warning"].map(Self.warningText),
                    body: body.readData(length: body.readableBytes, byteTransferStrategy: .noCopy) ?? Data())
            } catch {
                throw try failure(error)
            }
        }

        /// Takes in the rest of an answer that says no.
        func statusError() async -> StatusError {
            var body = ByteBuffer()
            do {
                // Without the body there is still the code, and more than this nobody would read.
                for try await part in response.body where body.readableBytes < 1 << 20 {
                    body.writeImmutableBuffer(part)
                }
            } catch { giveUp() }
            return StatusError(
                code: Int(response.status.code), body: Data(buffer: body),
                retryAfter: response.headers.first(name: "Retry-After"), auditID: auditID,
                request: "\(request.method.rawValue) \(request.path)", server: server)
        }

        /// What an error means that came while the body did.
        ///
        /// - Throws: `CancellationError` if that is what happened.
        func failure(_ error: any Error) throws -> NetworkError {
            try Task.checkCancellation()
            giveUp()
            return NetworkError(error, server: server)
        }

        /// The text in `299 - "text"`.
        private static func warningText(_ header: String) -> String {
            guard let start = header.firstIndex(of: "\""), let end = header.lastIndex(of: "\""), start < end else {
                return header
            }
            return header[header.index(after: start)..<end].replacingOccurrences(of: "\\", with: "")
        }
    }
#endif
