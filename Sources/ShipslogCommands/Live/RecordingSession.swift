#if Network
    import EventLedger
    import Foundation
    import KubernetesClient
    import Recording
    import RolloutModel

    /// A cluster, the part of it that is recorded, and the ledger that it is recorded in.
    struct RecordingSession: Sendable {
        let client: KubernetesClient
        let cluster: String
        let recorder: Recorder
        let sources: [RecordedSource]
        private let options: WatchOptions

        /// Finds out what the cluster serves, and where an earlier recorder of the same part stopped.
        ///
        /// - Parameters:
        ///   - namespaces: The namespaces; `nil` for all.
        ///   - selector: Chooses the subjects by their labels, as `kubectl -l` takes it; `nil` if all are wanted.
        ///   - catchUpTime: For how long, after a stop, what the watches tell is gathered, to be put in order.
        /// - Throws: What the client throws; ``ShipslogError`` with code `conflict` if under this name another cluster was
        ///   recorded before.
        init(
            client: KubernetesClient, ledger: Ledger, cluster: String, namespaces: [String?], selector: String?,
            catchUpTime: Duration = .seconds(1), now: @escaping @Sendable () -> Timestamp
        ) async throws {
            self.client = client
            self.cluster = cluster
            let name =
                "\(cluster)/" + namespaces.map { $0 ?? "*" }.joined(separator: ",") + (selector.map { "?\($0)" } ?? "")
            let uid = try await client.clusterUID()
            do {
                try await ClusterClaim.make(cluster, standFor: uid, in: ledger)
            } catch let error as ShipslogError where error.code == .conflict {
                throw ClusterClaim.isAnother(cluster, at: client.configuration.server)
            }
            var options = WatchOptions()
            options.clusterUID = uid
            self.options = options
            let slices = try await client.firstServed(of: [.endpointSlices, .betaEndpointSlices])
            // Where Gateway API comes to the cluster later, a recorder sees its routes from its next start on.
            let routes = try await client.firstServed(of: [.httpRoutes, .betaHTTPRoutes])
            let resources: [Resource] =
                [.deployments, .replicaSets, .services] + [slices, routes].compactMap(\.self) + [.pods, .events]
            sources = namespaces.flatMap { namespace in resources.map { RecordedSource($0, namespace: namespace) } }
            recorder = try Recorder(
                cluster: cluster, selector: selector.map(LabelSelector.init), memory: ledger.memory(of: name), now: now,
                catchUpTime: catchUpTime
            ) { events, memory in
                _ = try await ledger.append(
                    events, remembering: RecorderMemory(recorder: name, changes: memory))
            }
        }

        /// Records until the task is cancelled or a watch fails; what was taken in is written before this returns, if it can
        /// be.
        ///
        /// - Throws: What the recorder throws, and if it could write all, what the watches throw.
        func run() async throws {
            do {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    var unseen: [Resource: Set<RecordedSource>] = [:]
                    for source in sources where await recorder.place(of: source) == nil {
                        unseen[source.resource, default: []].insert(source)
                    }
                    let gates = unseen.mapValues(Gate.init)
                    for source in sources {
                        group.addTask {
                            if let owner = Self.owner(of: source.resource) { await gates[owner]?.opened() }
                            try await record(source, gates[source.resource])
                        }
                    }
                    defer { group.cancelAll() }
                    try await group.next()
                }
            } catch is CancellationError {
                // Stopped, as it was asked to.
            } catch {
                try await recorder.stop()
                throw error
            }
            try await recorder.stop()
        }

        /// What is listed before a resource, since it tells to whom its objects belong.
        private static func owner(of resource: Resource) -> Resource? {
            switch resource {
            case .replicaSets: .deployments
            case .pods: .replicaSets
            case .endpointSlices, .betaEndpointSlices: .services
            default: nil
            }
        }

        private func record(_ source: RecordedSource, _ gate: Gate?) async throws {
            let watch = client.watch(
                source.resource, namespace: source.namespace, from: await recorder.place(of: source), options: options)
            for try await change in watch {
                try await recorder.take(change, from: source)
                if case .synced = change { await gate?.note(source) }
            }
        }

        /// Opens when all sources that it waits for have told what there is.
        private actor Gate {
            private var missing: Set<RecordedSource>
            private let (signals, signal) = AsyncStream.makeStream(of: Void.self)

            init(waitingFor sources: Set<RecordedSource>) { missing = sources }

            func note(_ source: RecordedSource) {
                if missing.remove(source) != nil, missing.isEmpty { signal.finish() }
            }

            nonisolated func opened() async { for await _ in signals { break } }
        }
    }
#endif
