#if Network
    import RolloutModel

    /// The objects of a selection and everything that becomes of them, for as long as somebody asks.
    ///
    ///     for try await change in client.watch(.pods, namespace: "shop") { … }
    ///
    /// Nothing is fetched ahead of what is asked for but what fits the connection's buffers: who is slow slows the server,
    /// which at last forgets and makes a gap.
    ///
    /// Lost connections, silent ones, restarts and overload of the server are waited out. It ends with a ``StatusError``,
    /// ``NetworkError`` or ``ShipslogError`` if the server refuses the watch, is not to be trusted, or is of another cluster
    /// than ``WatchOptions/clusterUID`` says, and with `CancellationError` when the task is cancelled.
    public struct Watch: AsyncSequence, Sendable {
        let client: KubernetesClient
        let selection: Selection
        let version: String?
        let options: WatchOptions

        public func makeAsyncIterator() -> Iterator { Iterator(self) }

        /// One run of the watch.
        public struct Iterator: AsyncIteratorProtocol {
            private enum Phase {
                case listing(continuing: String?)
                case connecting(afterList: Bool)
                case streaming
            }

            private let watch: Watch
            private var phase: Phase
            /// The version up to which everything has been told.
            private var version: String
            private var stream: WatchStream?
            /// What is to be told next, in reverse order.
            private var ready: [Change] = []
            private var pause = Duration.zero
            private var isInterrupted: Bool
            private var recovery: Recovery

            init(_ watch: Watch) {
                self.watch = watch
                version = watch.version ?? ""
                phase = watch.version == nil ? .listing(continuing: nil) : .connecting(afterList: false)
                isInterrupted = watch.version != nil
                recovery = Recovery(pauses: watch.options.pauses, patience: watch.options.patience)
            }

            public mutating func next(
                isolation actor: isolated (any _Concurrency.Actor)? = #isolation
            ) async throws -> Change? {
                while true {
                    if let change = ready.popLast() { return change }
                    do {
                        try await Task.sleep(for: pause)
                        pause = .zero
                        switch phase {
                        case .listing(let token): try await list(continuing: token)
                        case .connecting(let afterList): try await connect(checking: !afterList)
                        case .streaming: try await read()
                        }
                    } catch {
                        try recover(from: error)
                    }
                }
            }

            private nonisolated(nonsending) mutating func list(continuing token: String?) async throws {
                if token == nil { try await checkCluster() }
                let page = try await watch.client.page(
                    of: watch.selection, limit: watch.options.pageSize, continuing: token)
                endInterruption()
                var changes: [Change] = token == nil ? [.listing] : []
                changes.append(.listed(page.objects))
                if let next = page.continueToken {
                    phase = .listing(continuing: next)
                } else {
                    version = page.resourceVersion
                    changes.append(.synced(resourceVersion: version))
                    phase = .connecting(afterList: true)
                }
                tell(changes)
            }

            private nonisolated(nonsending) mutating func connect(checking: Bool) async throws {
                if checking {
                    try await checkCluster()
                    // A server that went back would tell nothing until it has passed the version again.
                    let current = try await watch.client.page(of: watch.selection, limit: 1).resourceVersion
                    if ResourceVersion.isOlder(current, than: version) { throw WentBack() }
                }
                let shortest = watch.options.lifetime.lowerBound
                let span = watch.options.lifetime.upperBound - shortest
                stream = try await watch.client.openWatch(
                    of: watch.selection, from: version, lifetime: shortest + span * Double.random(in: 0...1))
                recovery.connected()
                endInterruption()
                phase = .streaming
            }

            private nonisolated(nonsending) mutating func read() async throws {
                guard let line = try await stream?.next() else { return try reconnect() }
                switch line {
                case .changed(let kind, let object):
                    if !ResourceVersion.isOlder(object.resourceVersion, than: version) {
                        version = object.resourceVersion
                    }
                    tell([.changed(kind, object)])
                case .bookmark(let bookmark):
                    if ResourceVersion.isOlder(bookmark, than: version) { throw WentBack() }
                    version = bookmark
                    tell([.bookmark(resourceVersion: bookmark)])
                case .error(let status):
                    guard let error = stream?.statusError(status) else { return }
                    throw error
                }
                recovery.progressed()
            }

            /// Goes on after the server has ended the watch, as it was asked to.
            private mutating func reconnect() throws {
                let lasted = stream.map { ContinuousClock.now - $0.start } ?? .zero
                // One that ends every watch at once would be asked without end.
                guard lasted >= .milliseconds(500) else {
                    throw NetworkError(
                        .cut, server: watch.client.configuration.server, details: "the watch had only just begun")
                }
                stream = nil
                phase = .connecting(afterList: false)
            }

            private mutating func recover(from error: any Error) throws {
                if error is CancellationError || Task.isCancelled { throw CancellationError() }
                let now = ContinuousClock.now
                if let stream, now - stream.start > .seconds(30) { recovery.progressed() }
                stream = nil
                switch recovery.decide(on: error, at: now, jitter: .random(in: 0...1)) {
                case .giveUp:
                    throw error
                case .tryAgain(let pause):
                    // Who comes back after an outage may have gone back, also where the list was only just read.
                    if case .listing = phase {} else { phase = .connecting(afterList: false) }
                    interrupt(error, pause: pause)
                case .listAgain(let reason, let pause):
                    // Before there was a whole list nothing was promised: it begins anew.
                    if case .listing = phase {} else { tell([.gap(.init(reason: reason, lastVersion: version))]) }
                    phase = .listing(continuing: nil)
                    self.pause = pause
                }
            }

            private mutating func interrupt(_ error: any Error, pause: Duration) {
                self.pause = pause
                guard pause > .zero else { return }
                isInterrupted = true
                let explained =
                    ShipslogError(explaining: error)
                    ?? ShipslogError(.internal, "The watch stopped: \(error).")
                tell([.interrupted(.init(error: explained, pause: pause))])
            }

            private mutating func endInterruption() {
                if isInterrupted { tell([.resumed]) }
                isInterrupted = false
            }

            private mutating func tell(_ changes: [Change]) { ready.insert(contentsOf: changes.reversed(), at: 0) }

            private nonisolated(nonsending) func checkCluster() async throws {
                guard let expected = watch.options.clusterUID else { return }
                guard try await watch.client.clusterUID() == expected else {
                    throw ShipslogError(
                        .conflict, "At \(watch.client.configuration.server) there is another cluster than before.",
                        hint: "Its namespace kube-system has another UID.")
                }
            }
        }
    }

    extension KubernetesClient {
        /// Lists objects and tells what becomes of them.
        ///
        /// - Parameters:
        ///   - namespace: The namespace; `nil` for all of them.
        ///   - version: Where an earlier watch of the same selection stopped: what happened since is told, or a gap.
        ///     `nil` to begin with a list.
        public func watch(
            _ resource: Resource, namespace: String? = nil, labels: String? = nil, fields: String? = nil,
            from version: String? = nil, options: WatchOptions = WatchOptions()
        ) -> Watch {
            Watch(
                client: self,
                selection: Selection(resource, namespace: namespace, labels: labels, fields: fields),
                version: version, options: options)
        }
    }
#endif
