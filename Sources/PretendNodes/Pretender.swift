#if Network
    import KubernetesClient
    import RolloutModel

    /// Pretends to be nodes with their kubelets, and the scheduler that finds them, until it is stopped.
    ///
    /// It makes the nodes, renews their heartbeats, binds pods without a node to them, and plays the lives of the pods
    /// on them. Nodes without its mark and pods on other nodes it does not touch.
    package actor Pretender {
        private let client: KubernetesClient
        private let registry: NodeRegistry
        private let namespaces: [String?]
        private let now: @Sendable () -> Timestamp
        private let sleep: @Sendable (Timestamp) async throws -> Void
        private var player: PodPlayer
        private let bell: AsyncStream<Void>
        private let ring: AsyncStream<Void>.Continuation
        private var alarm: Task<Void, any Error>?
        private var requestsUnderWay = 0
        private var isRegistered = false
        private var synced: Set<Source> = []
        /// What interrupts a watch or the heartbeats, by what it interrupts.
        private var troubles: [String: String] = [:]

        /// How many requests about pods are under way at most.
        private static let requestLimit = 16

        private struct Source: Hashable {
            var resource: Resource
            var namespace: String?

            var name: String { "\(resource.plural)/\(namespace ?? "")" }
        }

        /// - Parameters:
        ///   - nodes: At least one.
        ///   - namespaces: Of whose pods; `nil` for all.
        ///   - scheduler: Of the pods that wait for which scheduler; `nil` for all.
        ///   - keepsNodes: Whether the nodes stay when it is stopped.
        ///   - now: The clock by which pods live.
        ///   - sleep: Waits until it is some time by that clock; `nil` if it goes as fast as the machine's.
        package init(
            client: KubernetesClient, nodes: [PretendNode], namespaces: [String?], scheduler: String? = nil,
            behaviours: PodBehaviours, keepsNodes: Bool, now: @escaping @Sendable () -> Timestamp,
            sleep: (@Sendable (Timestamp) async throws -> Void)? = nil
        ) {
            self.client = client
            self.namespaces = namespaces
            self.now = now
            self.sleep =
                sleep ?? { time in
                    try await Task.sleep(for: .microseconds(max(0, time.microseconds - now().microseconds)))
                }
            registry = NodeRegistry(client: client, nodes: nodes, keepsNodes: keepsNodes, now: now)
            player = PodPlayer(behaviours: behaviours, nodes: nodes, scheduler: scheduler)
            (bell, ring) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        }

        /// Pretends until the task is cancelled; then the nodes are deleted, unless they are to be kept.
        ///
        /// - Throws: ``ShipslogError`` with code `conflict` if there is a node of such a name that Shipslog did not make;
        ///   what the watches throw; what the client throws if the nodes cannot be made or deleted.
        package func run() async throws {
            let outcome: Result<Void, any Error>
            do {
                try await pretend()
                outcome = .success(())
            } catch is CancellationError {
                // Stopped, as it was asked to.
                outcome = .success(())
            } catch {
                outcome = .failure(error)
            }
            alarm?.cancel()
            let registry = registry
            // Of its own, since this task may be cancelled.
            let end = await Task { try await registry.remove() }.result
            try outcome.get()
            try end.get()
        }

        private func pretend() async throws {
            try await registry.register()
            isRegistered = true
            try await withThrowingTaskGroup(of: Void.self) { group in
                for namespace in namespaces {
                    group.addTask { try await self.watch(Source(resource: .replicaSets, namespace: namespace)) }
                    group.addTask { try await self.watch(Source(resource: .pods, namespace: namespace)) }
                }
                group.addTask { try await self.beat() }
                group.addTask { try await self.play() }
                defer { group.cancelAll() }
                try await group.next()
            }
        }

        private func beat() async throws {
            while true {
                troubles["nodes"] = try await registry.renew()
                try await Task.sleep(for: .seconds(10))
            }
        }

        // MARK: Watching

        private func watch(_ source: Source) async throws {
            var listed: [KubernetesObject] = []
            for try await change in client.watch(source.resource, namespace: source.namespace) {
                switch change {
                case .listing: listed = []
                case .listed(let objects): listed += objects
                case .synced:
                    try take(listed, of: source)
                    listed = []
                    synced.insert(source)
                case .changed(.deleted, let object):
                    if source.resource == .pods {
                        player.forget(pod: object.uid)
                    } else {
                        player.forget(replicaSet: object.uid)
                    }
                case .changed(_, let object):
                    if source.resource == .pods {
                        player.see(try object.decode(Pod.self), at: now())
                    } else {
                        player.see(try object.decode(ReplicaSet.self), at: now())
                    }
                case .interrupted(let interruption): troubles[source.name] = interruption.error.message
                case .resumed: troubles[source.name] = nil
                case .gap, .bookmark: break
                }
                ring.yield()
            }
        }

        /// Takes in all that there is, the oldest first.
        private func take(_ objects: [KubernetesObject], of source: Source) throws {
            if source.resource == .pods {
                let pods = try objects.map { try $0.decode(Pod.self) }
                player.keep(only: Set(pods.map(\.metadata.uid)), namespace: source.namespace)
                for pod in pods.sorted(by: { Self.age($0) < Self.age($1) }) { player.see(pod, at: now()) }
            } else {
                for object in objects { player.see(try object.decode(ReplicaSet.self), at: now()) }
            }
        }

        private static func age(_ pod: Pod) -> (Int64, String) {
            (pod.metadata.creationTimestamp?.microseconds ?? 0, pod.metadata.name)
        }

        // MARK: Playing

        private func play() async throws {
            try await withThrowingDiscardingTaskGroup { group in
                for await _ in bell {
                    let time = now()
                    while requestsUnderWay < Self.requestLimit, let step = player.next(at: time) {
                        requestsUnderWay += 1
                        group.addTask { try await self.take(step) }
                    }
                    if requestsUnderWay < Self.requestLimit { setAlarm() }
                }
            }
            try Task.checkCancellation()
        }

        private func take(_ step: PodStep) async throws {
            let outcome = try await client.perform(step)
            requestsUnderWay -= 1
            player.finish(step, outcome, at: now())
            ring.yield()
        }

        /// Rings when the next pod is due.
        private func setAlarm() {
            alarm?.cancel()
            guard let due = player.nextDue else { return }
            alarm = Task { [ring, sleep] in
                try await sleep(due)
                ring.yield()
            }
        }

        // MARK: How it goes

        /// What a pretender is doing.
        package struct Status: Sendable {
            /// Whether the nodes are there and all pods are seen.
            package var isReady: Bool
            package var pods: PodPlayer.Counts
            /// How many requests about pods were done.
            package var writes: Int
            /// What keeps it from something, in a sentence; `nil` if nothing does.
            package var trouble: String?
        }

        /// What it is doing.
        package var status: Status {
            Status(
                isReady: isRegistered && synced.count == 2 * namespaces.count, pods: player.counts,
                writes: player.writes,
                trouble: troubles.sorted { $0.key < $1.key }.first?.value ?? player.trouble
            )
        }
    }

    extension KubernetesClient {
        /// Sends the request of a step.
        ///
        /// - Throws: `CancellationError`.
        fileprivate func perform(_ step: PodStep) async throws -> PodStep.Outcome {
            do {
                switch step.action {
                case .bind(let node):
                    let binding: JSONValue = [
                        "apiVersion": "v1", "kind": "Binding",
                        "metadata": [
                            "name": .string(step.name), "namespace": .string(step.namespace), "uid": .string(step.uid),
                        ],
                        "target": ["apiVersion": "v1", "kind": "Node", "name": .string(node)],
                    ]
                    _ = try await create(
                        .pods, binding, namespace: step.namespace, name: step.name, subresource: "binding")
                case .show(let status):
                    // With another UID it would be another pod of that name, and is refused.
                    let patch: JSONValue = ["metadata": ["uid": .string(step.uid)], "status": try status.patch()]
                    _ = try await self.patch(
                        .pods, step.name, .strategicMerge(patch), namespace: step.namespace, subresource: "status")
                case .delete:
                    _ = try await delete(
                        .pods, step.name, namespace: step.namespace,
                        options: DeleteOptions(uid: step.uid, gracePeriodSeconds: 0))
                }
                return .done
            } catch let error as StatusError where error.code == 404 {
                return .gone
            } catch let error as any ExplainableError {
                return .failed(error.explained.message)
            } catch let error as ShipslogError {
                return .failed(error.message)
            }
        }
    }
#endif
