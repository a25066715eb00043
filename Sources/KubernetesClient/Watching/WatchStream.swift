#if Network
    import AsyncHTTPClient
    import Foundation
    import NIOCore
    import RolloutModel

    /// The answer to one watch, line by line.
    ///
    /// It is read no faster than it is asked for.
    struct WatchStream {
        private let opened: OpenedAnswer
        private var pieces: HTTPClientResponse.Body.AsyncIterator
        private var lines = LineSplitter()
        /// When it was asked for: from about then on the server counts its time.
        let start: ContinuousClock.Instant

        /// The length of the longest line that is taken, in bytes: an object has at most 3 MiB, and escapes take room.
        private static let longestLine = 64 << 20

        init(_ opened: OpenedAnswer, askedFor start: ContinuousClock.Instant) {
            self.opened = opened
            self.start = start
            pieces = opened.response.body.makeAsyncIterator()
        }

        /// The next line; `nil` when the server has ended the watch.
        ///
        /// - Throws: ``NetworkError`` if it ends otherwise or makes no sense; `CancellationError`.
        nonisolated(nonsending) mutating func next() async throws -> WatchLine? {
            while true {
                while let line = lines.next() {
                    if line.allSatisfy({ $0 <= 0x20 }) { continue }
                    return try parse(line)
                }
                guard lines.pending <= Self.longestLine else { throw error(.malformed, "a line is too long") }
                guard let piece = try await nextPiece() else {
                    if lines.pending > 0 { throw error(.cut, "in the middle of an object") }
                    return nil
                }
                lines.append(piece)
            }
        }

        /// What the server says in an error of the stream.
        func statusError(_ status: Data) -> StatusError {
            StatusError(
                code: nil, body: status, auditID: opened.auditID, request: "watch of \(opened.request.path)",
                server: opened.server)
        }

        private nonisolated(nonsending) mutating func nextPiece() async throws -> ByteBuffer? {
            do {
                return try await pieces.next(isolation: #isolation)
            } catch {
                throw try opened.failure(error)
            }
        }

        private func parse(_ line: Data) throws -> WatchLine {
            do {
                return try WatchLine(json: line)
            } catch {
                // Not this connection again: it has shown that it is not reliable.
                opened.giveUp()
                throw self.error(.malformed, "a line of the watch of \(opened.request.path) is no watch event")
            }
        }

        private func error(_ kind: NetworkError.Kind, _ details: String) -> NetworkError {
            NetworkError(kind, server: opened.server, details: details)
        }
    }

    extension KubernetesClient {
        /// Asks for all changes after a version.
        func openWatch(of selection: Selection, from version: String, lifetime: Duration) async throws -> WatchStream {
            let query: [(name: String, value: String)] = [
                ("watch", "1"), ("allowWatchBookmarks", "true"), ("resourceVersion", version),
                ("timeoutSeconds", String(max(1, lifetime.components.seconds))),
            ]
            let start = ContinuousClock.now
            // What is compressed is also held back until there is enough of it.
            let opened = try await open(
                Request(.get, selection.path, query: selection.query + query), compressed: false)
            return WatchStream(opened, askedFor: start)
        }
    }
#endif
