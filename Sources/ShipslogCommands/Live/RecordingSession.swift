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
        /// - Parameter namespaces: The namespaces; `nil` for all.
        /// - Throws: What the client throws; ``ShipslogError`` with code `conflict` if under this name another cluster was
        ///   recorded before.
        init(
            client: KubernetesClient, ledger: Ledger, cluster: String, namespaces: [String?],
            now: @escaping @Sendable () -> Timestamp
        ) async throws {
            self.client = client
            self.cluster = cluster
            let name = "\(cluster)/" + namespaces.map { $0 ?? "*" }.joined(separator: ",")
            let memory = try ledger.memory(of: name)
            let uid = try await client.clusterUID()
            if let known = memory[Self.clusterKey], known != Data(uid.utf8) {
                throw ShipslogError(
                    .conflict,
                    "At \(client.configuration.server) there is another cluster than the one recorded as \(cluster).",
                    hint: "Its namespace kube-system has another UID. Give it another name with --cluster.")
            }
            _ = try await ledger.append(
                [], remembering: RecorderMemory(recorder: name, changes: [Self.clusterKey: Data(uid.utf8)]))
            var options = WatchOptions()
            options.clusterUID = uid
            self.options = options
            // ReplicaSets before pods, since they tell to which Deployment a pod belongs.
            let slices = try await client.firstServed(of: [.endpointSlices, .betaEndpointSlices])
            let resources: [Resource] =
                [.deployments, .replicaSets, .services] + (slices.map { [$0] } ?? []) + [.pods, .events]
            sources = namespaces.flatMap { namespace in resources.map { RecordedSource($0, namespace: namespace) } }
            recorder = try Recorder(cluster: cluster, memory: memory, now: now) { events, memory in
                _ = try await ledger.append(
                    events, remembering: RecorderMemory(recorder: name, changes: memory))
            }
        }

        private static let clusterKey = "cluster"

        /// Records until the task is cancelled; then what was taken in is written before this returns.
        ///
        /// - Throws: What the watches and the recorder throw.
        func run() async throws {
            let (ownersSeen, ownersSeenSignal) = AsyncStream.makeStream(of: Void.self)
            do {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    var owners: Set<RecordedSource> = []
                    for source in sources where source.resource == .replicaSets {
                        if await recorder.place(of: source) == nil { owners.insert(source) }
                    }
                    let gate = Gate(waitingFor: owners, opening: ownersSeenSignal)
                    for source in sources {
                        group.addTask {
                            if source.resource == .pods { for await _ in ownersSeen { break } }
                            try await record(source, gate)
                        }
                    }
                    defer { group.cancelAll() }
                    try await group.next()
                }
            } catch is CancellationError {
                // Stopped, as it was asked to.
            }
            try await recorder.finish()
        }

        private func record(_ source: RecordedSource, _ gate: Gate) async throws {
            let watch = client.watch(
                source.resource, namespace: source.namespace, from: await recorder.place(of: source), options: options)
            for try await change in watch {
                try await recorder.take(change, from: source)
                if case .synced = change { await gate.note(source) }
            }
        }

        /// Opens when all sources that it waits for have told what there is.
        private actor Gate {
            private var missing: Set<RecordedSource>
            private let signal: AsyncStream<Void>.Continuation

            init(waitingFor sources: Set<RecordedSource>, opening signal: AsyncStream<Void>.Continuation) {
                missing = sources
                self.signal = signal
                if sources.isEmpty { signal.finish() }
            }

            func note(_ source: RecordedSource) {
                if missing.remove(source) != nil, missing.isEmpty { signal.finish() }
            }
        }
    }
#endif
