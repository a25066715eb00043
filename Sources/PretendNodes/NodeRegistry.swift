#if Network
    import KubernetesClient
    import RolloutModel

    /// The pretend nodes as the API server knows them.
    actor NodeRegistry {
        private let client: KubernetesClient
        private let nodes: [PretendNode]
        private let keepsNodes: Bool
        private let now: @Sendable () -> Timestamp
        private let start: Timestamp
        /// The UIDs of the nodes that there are, by name.
        private var uids: [String: String] = [:]

        init(
            client: KubernetesClient, nodes: [PretendNode], keepsNodes: Bool, now: @escaping @Sendable () -> Timestamp
        ) {
            self.client = client
            self.nodes = nodes
            self.keepsNodes = keepsNodes
            self.now = now
            start = now()
        }

        /// Makes the nodes, or takes over those that an earlier run left.
        ///
        /// - Throws: ``ShipslogError`` with code `conflict`, before any is made, if one of the names is taken by a node that
        ///   Shipslog did not make; what the client throws.
        func register() async throws {
            let names = Set(nodes.map(\.name))
            var left: [String: String] = [:]
            for object in try await client.list(.nodes).objects where names.contains(object.name) {
                left[object.name] = try uid(of: object)
            }
            for node in nodes where left[node.name] == nil { try await make(node) }
            // Only now: if it comes to nothing, they stay as they were.
            uids.merge(left) { made, _ in made }
        }

        private func uid(of object: KubernetesObject) throws -> String {
            guard PretendNode.isMarked(try object.value()) else {
                throw ShipslogError(
                    .conflict, "There is a node \(object.name) already that shipslog did not make.",
                    hint: "Give the pretend nodes other names with --prefix.")
            }
            return object.uid
        }

        private func make(_ node: PretendNode) async throws {
            do {
                uids[node.name] = try await client.create(.nodes, node.object(at: now())).object().uid
            } catch let error as StatusError where error.reason == .alreadyExists {
                uids[node.name] = try uid(of: try await client.get(.nodes, node.name).object())
            }
        }

        /// Renews the heartbeats of all nodes, and makes those again that somebody deleted.
        ///
        /// - Returns: What kept it from doing so, in a sentence; `nil` if nothing did.
        /// - Throws: As ``register()``, unless it may pass.
        func renew() async throws -> String? {
            do {
                for node in nodes { try await renew(node) }
                return nil
            } catch let error as any ExplainableError {
                return error.explained.message
            }
        }

        private func renew(_ node: PretendNode) async throws {
            guard let uid = uids[node.name] else { return try await make(node) }
            // With another UID it would be another node of that name, and is refused.
            let patch: JSONValue = [
                "metadata": ["uid": .string(uid)], "status": node.status(since: start, at: now()),
            ]
            do {
                _ = try await client.patch(.nodes, node.name, .strategicMerge(patch), subresource: "status")
            } catch let error as StatusError where error.code == 404 {
                uids[node.name] = nil
                return try await make(node)
            }
            _ = try await client.patch(
                .leases, node.name, .apply(node.lease(ofNode: uid, at: now()), force: true),
                namespace: PretendNode.leaseNamespace)
        }

        /// Deletes the nodes, unless they are to be kept.
        ///
        /// - Throws: What the client throws.
        func remove() async throws {
            if keepsNodes { return }
            for (name, uid) in uids.sorted(by: { $0.key < $1.key }) {
                do {
                    _ = try await client.delete(.nodes, name, options: DeleteOptions(uid: uid))
                } catch let error as StatusError where error.code == 404 || error.code == 409 {
                    // It is gone, or another one has its name.
                }
                uids[name] = nil
            }
        }
    }
#endif
