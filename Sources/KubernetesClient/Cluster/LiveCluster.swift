#if Network
    import Foundation
    import RolloutModel

    /// A real cluster, by its API server.
    package struct LiveCluster: Cluster {
        private let client: KubernetesClient
        private let options: WatchOptions

        /// - Parameter options: How it is watched.
        package init(_ client: KubernetesClient, options: WatchOptions = WatchOptions()) {
            self.client = client
            self.options = options
        }

        package func uid() async throws -> String { try await client.clusterUID() }

        package func now() async -> Timestamp { Timestamp(Date()) }

        package func get(_ resource: Resource, _ name: String, namespace: String?) async throws -> JSONValue? {
            do {
                return try await client.get(resource, name, namespace: namespace).object().value()
            } catch let error as StatusError where error.code == 404 {
                return nil
            }
        }

        package func list(_ selection: ClusterSelection) async throws -> [JSONValue] {
            try await client.list(
                served(selection.resource), namespace: selection.namespace, labels: selection.labelText
            )
            .objects.map { try $0.value() }
        }

        package func perform(_ call: ClusterCall) async throws -> CallAnswer {
            let methods: [ClusterCall.Verb: Request.Method] = [
                .create: .post, .update: .put, .patch: .patch, .delete: .delete,
            ]
            guard let method = methods[call.verb] else { preconditionFailure("a verb has no method") }
            var query = [(name: "fieldManager", value: client.configuration.fieldManager)]
            var body = call.body
            if call.isDryRun { query.append(("dryRun", "All")) }
            if call.verb == .delete {
                // Of a deletion whose options are in the body the query is not read.
                query = []
                if call.isDryRun { body["dryRun"] = ["All"] }
            }
            let answer = try await client.send(
                Request(
                    method, call.path, query: query, body: try CanonicalJSON.encode(body),
                    contentType: call.contentType))
            return CallAnswer(code: answer.code, object: try answer.object().value(), auditID: answer.auditID)
        }

        package func watch(_ selections: [ClusterSelection]) async throws -> any ClusterWatch {
            let inbox = Inbox()
            var resources: [Resource] = []
            for selection in selections { resources.append(try await served(selection.resource)) }
            let tasks = zip(selections, resources).map { selection, resource in
                Task {
                    do {
                        let watch = client.watch(
                            resource, namespace: selection.namespace, labels: selection.labelText,
                            options: options)
                        var listed: [JSONValue] = []
                        for try await change in watch {
                            if let change = try Self.change(change, selection, &listed) { await inbox.put(change) }
                        }
                    } catch is CancellationError {
                        // Nobody watches any more.
                    } catch {
                        await inbox.fail(error)
                    }
                }
            }
            return LiveWatch(inbox: inbox, tasks: tasks)
        }

        /// The resource in the version that the server has.
        private func served(_ resource: Resource) async throws -> Resource {
            guard resource == .endpointSlices else { return resource }
            return try await client.firstServed(of: [.endpointSlices, .betaEndpointSlices]) ?? resource
        }

        /// What a change of the client is to who watches; `nil` if it is not for them.
        private static func change(
            _ change: Change, _ selection: ClusterSelection, _ listed: inout [JSONValue]
        ) throws -> ClusterChange? {
            switch change {
            case .listing:
                listed = []
                return nil
            case .listed(let objects):
                listed += try objects.map { try $0.value() }
                return nil
            case .synced:
                defer { listed = [] }
                return .all(selection, listed)
            case .changed(.deleted, let object): return .deleted(try object.value())
            case .changed(_, let object): return .changed(try object.value())
            // After a gap comes a list; interruptions are waited out by the client.
            case .gap, .bookmark, .interrupted, .resumed: return nil
            }
        }
    }

    extension ClusterSelection {
        /// As the API takes it; `nil` for all.
        fileprivate var labelText: String? {
            labels.isEmpty ? nil : labels.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }.joined(separator: ",")
        }
    }

    private struct LiveWatch: ClusterWatch {
        let inbox: Inbox
        let tasks: [Task<Void, Never>]

        func changes(until deadline: Timestamp) async throws -> [ClusterChange] {
            while true {
                let rest = deadline.microseconds - Timestamp(Date()).microseconds
                let changes = try await inbox.take(within: .microseconds(max(0, rest)))
                // A timer that went off just when something came wakes whoever waits next.
                if !changes.isEmpty || rest <= 0 { return changes }
            }
        }

        func stop() async {
            for task in tasks { task.cancel() }
            for task in tasks { await task.value }
        }
    }

    /// Changes that have come and are still to be told.
    private actor Inbox {
        private var changes: [ClusterChange] = []
        private var failure: (any Error)?
        private var waiter: CheckedContinuation<Void, Never>?
        /// How often somebody waited, and the last time that came to its end.
        private var (waits, lastOver) = (0, 0)

        func put(_ change: ClusterChange) {
            changes.append(change)
            wake()
        }

        func fail(_ error: any Error) {
            failure = failure ?? error
            wake()
        }

        /// All that has come; waits for the first if there is none, at most so long.
        func take(within patience: Duration) async throws -> [ClusterChange] {
            if changes.isEmpty, failure == nil, patience > .zero {
                waits += 1
                let number = waits
                let timer = Task {
                    try await Task.sleep(for: patience)
                    end(number)
                }
                await withTaskCancellationHandler {
                    await withCheckedContinuation { continuation in
                        // Something may have come, or the time have passed, before there was anybody to wake.
                        if Task.isCancelled || !changes.isEmpty || failure != nil || lastOver == number {
                            continuation.resume()
                        } else {
                            waiter = continuation
                        }
                    }
                } onCancel: {
                    Task { await self.wake() }
                }
                timer.cancel()
            }
            try Task.checkCancellation()
            defer { changes = [] }
            if changes.isEmpty, let failure { throw failure }
            return changes
        }

        private func end(_ number: Int) {
            lastOver = number
            if number == waits { wake() }
        }

        private func wake() {
            waiter?.resume()
            waiter = nil
        }
    }
#endif
