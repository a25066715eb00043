import RolloutModel

/// What replays left on a real cluster.
package struct ReplayLeftovers: Hashable, Sendable {
    /// In the order in which they are removed.
    package var objects: [Object]

    /// An object that a replay made, and that does not go with its namespace.
    package struct Object: Hashable, Sendable {
        package var resource: Resource
        package var namespace: String?
        package var name: String
        package var uid: String
        package var mark: ReplayMark
        package var createdAt: Timestamp?
    }

    /// Looks for what replays left.
    ///
    /// - Parameters:
    ///   - replay: Of which; `nil` for all.
    ///   - namespaces: Where to look for what is left in namespaces that no replay made; `nil` for everywhere.
    /// - Throws: What the cluster throws.
    package static func find(
        on cluster: any Cluster, of replay: String? = nil, in namespaces: [String]? = nil
    ) async throws -> ReplayLeftovers {
        func marked(_ resource: Resource, _ namespace: String?) async throws -> [Object] {
            let labels = [ReplayMark.label.key: ReplayMark.label.value]
            return try await cluster.list(ClusterSelection(resource, namespace: namespace, labels: labels))
                .compactMap { Object($0, resource) }.filter { replay == nil || $0.mark.id == replay }
        }
        /// Who may not look for them all over the cluster can have made none there.
        func markedAnywhere(_ resource: Resource) async throws -> [Object] {
            do {
                return try await marked(resource, nil)
            } catch let error as StatusError where error.code == 403 && namespaces != nil {
                return []
            }
        }
        let own = try await markedAnywhere(.namespaces)
        var objects: [Object] = []
        for resource in [Resource.deployments, .services, .pods] {
            for namespace in namespaces.map({ $0.map(Optional.some) }) ?? [nil] {
                objects += try await marked(resource, namespace)
            }
        }
        let ownNames = Set(own.map(\.name))
        objects.removeAll { $0.namespace.map(ownNames.contains) ?? false }
        return ReplayLeftovers(objects: objects + own + (try await markedAnywhere(.nodes)))
    }

    /// Removes it all, and returns once it is gone.
    ///
    /// - Throws: ``ShipslogError`` with code `unavailable` if something does not go; what the cluster throws. It can be done
    ///   again.
    package func remove(from cluster: any Cluster) async throws {
        let nodes = objects.filter { $0.resource == .nodes }
        let others = objects.filter { $0.resource != .nodes }
        let places = Set(others.map { $0.resource == .namespaces ? $0.name : $0.namespace ?? "" })
        let watch = try await cluster.watch(
            places.sorted().map { ClusterSelection(.pods, namespace: $0) }
                + (others.contains { $0.resource == .namespaces }
                    ? [
                        ClusterSelection(
                            .namespaces, namespace: nil, labels: [ReplayMark.label.key: ReplayMark.label.value])
                    ] : []))
        do {
            for object in others { try await object.delete(from: cluster) }
            let limit = await cluster.now() + Self.patience
            while true {
                let left = try await leftBehind(others, places, nodes, on: cluster)
                if left.isEmpty { break }
                let now = await cluster.now()
                guard now < limit else {
                    throw ShipslogError(
                        .unavailable, "\(left.sorted().joined(separator: ", ")) did not go within \(Self.patience).",
                        hint: "`shipslog replay clean` tries again.")
                }
                _ = try await watch.changes(until: now + .seconds(1))
            }
            await watch.stop()
        } catch {
            await watch.stop()
            throw error
        }
        for node in nodes { try await node.delete(from: cluster) }
    }

    /// For how long the cluster may be at work on it.
    private static let patience = Duration.seconds(120)

    /// What is not gone yet.
    ///
    /// No kubelet stands behind pods on the nodes: they are seen off from here.
    private func leftBehind(
        _ others: [Object], _ places: Set<String>, _ nodes: [Object], on cluster: any Cluster
    ) async throws -> [String] {
        var left: [String] = []
        for object in others {
            let current = try await cluster.get(object.resource, object.name, namespace: object.namespace)
            if current?["metadata"]?["uid"]?.string == object.uid { left.append(object.text) }
        }
        let names = Set(nodes.map(\.name))
        for place in places.sorted() where !names.isEmpty {
            for pod in try await cluster.list(ClusterSelection(.pods, namespace: place)) {
                guard let node = pod["spec"]?["nodeName"]?.string, names.contains(node),
                    let name = pod["metadata"]?["name"]?.string, let uid = pod["metadata"]?["uid"]?.string
                else { continue }
                left.append("pod/\(name)")
                guard pod["metadata"]?["deletionTimestamp"] != nil else { continue }
                try await cluster.delete(.pods, name, namespace: place, uid: uid, gracePeriodSeconds: 0)
            }
        }
        return left
    }
}

extension ReplayLeftovers.Object {
    /// `namespace/replay-shop-x7k2p`, `deployment/web in shop`.
    package var text: String {
        "\(resource.kind.lowercased())/\(name)" + (namespace.map { " in \($0)" } ?? "")
    }

    fileprivate init?(_ object: JSONValue, _ resource: Resource) {
        let metadata = object["metadata"]
        guard let mark = ReplayMark(of: object), let name = metadata?["name"]?.string,
            let uid = metadata?["uid"]?.string
        else { return nil }
        self.init(
            resource: resource, namespace: metadata?["namespace"]?.string, name: name, uid: uid, mark: mark,
            createdAt: metadata?["creationTimestamp"]?.string.flatMap { Timestamp(rfc3339: $0) })
    }

    fileprivate func delete(from cluster: any Cluster) async throws {
        try await cluster.delete(resource, name, namespace: namespace, uid: uid)
    }
}

extension Cluster {
    /// Deletes an object, unless it is gone or another one has its name.
    fileprivate func delete(
        _ resource: Resource, _ name: String, namespace: String?, uid: String, gracePeriodSeconds: Int? = nil
    ) async throws {
        do {
            _ = try await perform(
                .delete(resource, name, namespace: namespace, uid: uid, gracePeriodSeconds: gracePeriodSeconds))
        } catch let error as StatusError where error.code == 404 || error.code == 409 {
            // So it is.
        }
    }
}
