#if Network
    import NIOCore
    import NIOPosix
    import Synchronization

    /// Stands between a client and a server, passes on what they say, and disturbs it as it is told.
    ///
    /// It looks at bytes only, so TLS goes through it untouched.
    public final class FaultyProxy: Sendable {
        /// What it does to what comes from now on.
        public enum Fault: Sendable {
            /// Passes it on.
            case none
            /// Drops it on connections that are there, which stay open; new connections are not disturbed.
            case silence
            /// Cuts a connection as soon as the server has said this many bytes more over it.
            case cut(afterBytes: Int)
            /// Holds each piece back for a time.
            case delay(Duration)
            /// Changes a byte of every piece that the server says.
            case garble
            /// Passes every piece that the server says on twice.
            case repetition
            /// Closes connections as soon as they come.
            case refusal
        }

        private let listener: any Channel
        private let switchboard: Switchboard

        private init(listener: any Channel, switchboard: Switchboard) {
            self.listener = listener
            self.switchboard = switchboard
        }

        deinit {
            listener.close(promise: nil)
            switchboard.cut()
        }

        /// Starts a proxy on a free port of 127.0.0.1.
        ///
        /// - Parameters:
        ///   - port: The server's port on 127.0.0.1.
        ///   - awaitsConnect: Whether clients first ask with `CONNECT`, as they do of an HTTP proxy.
        public static func start(toPort port: Int, awaitsConnect: Bool = false) async throws -> FaultyProxy {
            let switchboard = Switchboard(port: port)
            let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .childChannelInitializer { client in
                    guard let (number, port) = switchboard.admit() else { return client.close() }
                    return ClientBootstrap(group: client.eventLoop).connect(host: "127.0.0.1", port: port)
                        .flatMapThrowing { server in
                            switchboard.add(client)
                            switchboard.add(server)
                            try server.pipeline.syncOperations.addHandler(
                                Forwarder(switchboard, number: number, to: client, isFromServer: true))
                            try client.pipeline.syncOperations.addHandler(
                                Forwarder(
                                    switchboard, number: number, to: server, isFromServer: false,
                                    awaitsConnect: awaitsConnect))
                        }
                }
                .bind(host: "127.0.0.1", port: 0).get()
            return FaultyProxy(listener: listener, switchboard: switchboard)
        }

        /// The port on 127.0.0.1.
        public var port: Int { listener.localAddress?.port ?? 0 }

        /// How many connections have come so far.
        public var connections: Int { switchboard.state.withLock { $0.connections } }

        /// Disturbs from now on in this way.
        public func disturb(_ fault: Fault) {
            switchboard.state.withLock {
                $0.fault = fault
                if case .silence = fault { $0.silenced = $0.connections }
            }
        }

        /// Leads new connections to another server on 127.0.0.1.
        public func redirect(toPort port: Int) { switchboard.state.withLock { $0.port = port } }

        /// Cuts all connections that are there.
        public func cut() { switchboard.cut() }
    }

    /// What all connections of a proxy share.
    private final class Switchboard: Sendable {
        struct State {
            /// The server's.
            var port: Int
            var fault = FaultyProxy.Fault.none
            var connections = 0
            /// How many connections, the first ones, are silent.
            var silenced = 0
            var open: [ObjectIdentifier: any Channel] = [:]
        }

        let state: Mutex<State>

        init(port: Int) { state = Mutex(State(port: port)) }

        /// The number of a new connection, from 0, and where it leads; `nil` if there is to be none.
        func admit() -> (number: Int, port: Int)? {
            state.withLock {
                if case .refusal = $0.fault { return nil }
                $0.connections += 1
                return ($0.connections - 1, $0.port)
            }
        }

        func add(_ channel: any Channel) {
            let id = ObjectIdentifier(channel)
            state.withLock { $0.open[id] = channel }
            channel.closeFuture.whenComplete { _ in self.state.withLock { $0.open[id] = nil } }
        }

        func cut() {
            for channel in state.withLock({ Array($0.open.values) }) { channel.close(promise: nil) }
        }
    }

    /// Passes on what one side says.
    private final class Forwarder: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let switchboard: Switchboard
        private let number: Int
        private let other: any Channel
        private let isFromServer: Bool
        private var awaitsConnect: Bool
        /// What the server has said since it was told that the connection is to be cut.
        private var saidBeforeCut = 0

        init(
            _ switchboard: Switchboard, number: Int, to other: any Channel, isFromServer: Bool,
            awaitsConnect: Bool = false
        ) {
            self.switchboard = switchboard
            self.number = number
            self.other = other
            self.isFromServer = isFromServer
            self.awaitsConnect = awaitsConnect
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            var piece = unwrapInboundIn(data)
            if awaitsConnect {
                // The request to the proxy comes alone: its sender waits for the answer.
                awaitsConnect = false
                context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: "HTTP/1.1 200 OK\r\n\r\n")), promise: nil)
                return
            }
            let (fault, isSilent) = switchboard.state.withLock { ($0.fault, number < $0.silenced) }
            if isSilent { return }
            switch fault {
            case .cut(let limit) where isFromServer:
                let rest = min(max(0, limit - saidBeforeCut), piece.readableBytes)
                saidBeforeCut += piece.readableBytes
                piece = piece.readSlice(length: rest) ?? ByteBuffer()
                let written = other.writeAndFlush(piece)
                let other = other
                if saidBeforeCut >= limit { written.whenComplete { _ in other.close(promise: nil) } }
            case .delay(let time):
                context.eventLoop.scheduleTask(in: TimeAmount(time)) { [other, piece] in
                    other.writeAndFlush(piece, promise: nil)
                }
            case .garble where isFromServer:
                let middle = piece.readerIndex + piece.readableBytes / 2
                if let byte: UInt8 = piece.getInteger(at: middle) { piece.setInteger(byte ^ 0x55, at: middle) }
                other.writeAndFlush(piece, promise: nil)
            case .repetition where isFromServer:
                other.write(piece, promise: nil)
                other.writeAndFlush(piece, promise: nil)
            default:
                other.writeAndFlush(piece, promise: nil)
            }
        }

        func channelInactive(context: ChannelHandlerContext) {
            other.close(promise: nil)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }
#endif
