#if Network
    import NIOCore
    import NIOHTTP1
    import NIOPosix
    import Synchronization

    /// A server that answers every request as a test wants it: over HTTP/1.1, without TLS, on a free port of 127.0.0.1.
    public final class ScriptedServer: Sendable {
        /// A request that came.
        public struct Received: Sendable {
            /// `GET`, for example.
            public var method: String
            /// The path with the query.
            public var target: String
            /// By their names in lower case.
            public var headers: [String: String]
            /// How many requests came before it.
            public var number: Int
        }

        /// What the server does next.
        ///
        /// After the last step it stays silent.
        public enum Step: Sendable {
            /// Begins the answer; its end is told by chunks.
            case head(Int, [String: String] = [:])
            /// Says some bytes of it.
            case text(String)
            /// Waits.
            case pause(Duration)
            /// Ends the answer as it should.
            case end
            /// Cuts the connection.
            case cut

            /// A whole answer.
            public static func answer(_ code: Int, _ body: String, _ headers: [String: String] = [:]) -> [Step] {
                [.head(code, headers), .text(body), .end]
            }
        }

        private let listener: any Channel
        private let log: Log

        private init(listener: any Channel, log: Log) {
            self.listener = listener
            self.log = log
        }

        deinit { listener.close(promise: nil) }

        /// Starts a server.
        ///
        /// - Parameter script: What it does about a request.
        public static func start(_ script: @escaping @Sendable (Received) -> [Step]) async throws -> ScriptedServer {
            let log = Log()
            let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.configureHTTPServerPipeline(withErrorHandling: true)
                        try channel.pipeline.syncOperations.addHandler(Performer(log: log, script: script))
                    }
                }
                .bind(host: "127.0.0.1", port: 0).get()
            return ScriptedServer(listener: listener, log: log)
        }

        /// Where it is: `http://127.0.0.1:1234`.
        public var url: String { "http://127.0.0.1:\(listener.localAddress?.port ?? 0)" }

        /// The requests that came so far.
        public var received: [Received] { log.received.withLock { $0 } }
    }

    private final class Log: Sendable {
        let received = Mutex<[ScriptedServer.Received]>([])
    }

    /// Performs the script on one connection.
    private final class Performer: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let log: Log
        private let script: @Sendable (ScriptedServer.Received) -> [ScriptedServer.Step]
        private var head: HTTPRequestHead?

        init(log: Log, script: @escaping @Sendable (ScriptedServer.Received) -> [ScriptedServer.Step]) {
            self.log = log
            self.script = script
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head): self.head = head
            case .body: break
            case .end:
                guard let head else { return }
                let headers = head.headers.map { ($0.name.lowercased(), $0.value) }
                let received = log.received.withLock { log in
                    log.append(
                        .init(
                            method: head.method.rawValue, target: head.uri,
                            headers: Dictionary(headers, uniquingKeysWith: { $0 + "," + $1 }), number: log.count))
                    return log[log.count - 1]
                }
                Self.perform(script(received)[...], on: context.channel)
            }
        }

        private static func perform(_ steps: ArraySlice<ScriptedServer.Step>, on channel: any Channel) {
            guard let step = steps.first else { return }
            let rest = steps.dropFirst()
            switch step {
            case .head(let code, let headers):
                let fields = HTTPHeaders(headers.map { ($0.key, $0.value) })
                write(.head(.init(version: .http1_1, status: .init(statusCode: code), headers: fields)), on: channel)
            case .text(let text):
                write(.body(.byteBuffer(ByteBuffer(string: text))), on: channel)
            case .end:
                write(.end(nil), on: channel)
            case .cut:
                channel.close(promise: nil)
            case .pause(let time):
                channel.eventLoop.scheduleTask(in: TimeAmount(time)) { perform(rest, on: channel) }
                return
            }
            perform(rest, on: channel)
        }

        private static func write(_ part: HTTPServerResponsePart, on channel: any Channel) {
            channel.writeAndFlush(part, promise: nil)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }
#endif
