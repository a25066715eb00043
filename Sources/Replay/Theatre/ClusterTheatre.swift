import RolloutModel

/// A real cluster as the place where a plan is performed: in namespaces of the replay's own, or in those of the recording.
package struct ClusterTheatre: Sendable {
    private let cluster: any Cluster
    package let mark: ReplayMark
    /// The namespace in which each of the recording's is played.
    package let namespaces: [String: String]
    private let isInPlace: Bool

    /// A theatre with namespaces of its own.
    ///
    /// - Parameter prefix: What their names begin with.
    package init(on cluster: any Cluster, for plan: ReplayPlan, mark: ReplayMark, prefix: String) {
        self.init(
            cluster: cluster, mark: mark,
            namespaces: Dictionary(
                uniqueKeysWithValues: plan.namespaces.map { ($0, Self.name(prefix, $0, mark.id)) }),
            isInPlace: false)
    }

    /// A theatre in the namespaces of the recording.
    package static func inPlace(on cluster: any Cluster, for plan: ReplayPlan, mark: ReplayMark) -> ClusterTheatre {
        ClusterTheatre(
            cluster: cluster, mark: mark,
            namespaces: Dictionary(uniqueKeysWithValues: plan.namespaces.map { ($0, $0) }), isInPlace: true)
    }

    private init(cluster: any Cluster, mark: ReplayMark, namespaces: [String: String], isInPlace: Bool) {
        self.cluster = cluster
        self.mark = mark
        self.namespaces = namespaces
        self.isInPlace = isInPlace
    }

    /// A name that Kubernetes takes for a namespace: 63 characters at most.
    private static func name(_ prefix: String, _ namespace: String, _ id: String) -> String {
        "\((prefix + namespace).prefix(62 - id.count))-\(id)"
    }

    /// Makes what the plan needs around its objects.
    ///
    /// - Throws: ``ShipslogError`` with code `notFound` if a namespace of the recording is to be used and is not there,
    ///   `conflict` if something is there already that the plan makes; what the cluster throws.
    package func build(for plan: ReplayPlan) async throws {
        if isInPlace { return try await checkRoom(for: plan) }
        for namespace in namespaces.values.sorted() {
            try await make(.namespaces, namespace, namespace: nil)
            // Pods of the first moment would be refused until a controller has made it.
            for account in Set(plan.podSpecs.compactMap { $0["serviceAccountName"]?.string } + ["default"]).sorted() {
                try await make(.serviceAccounts, account, namespace: namespace)
            }
        }
    }

    private func make(_ resource: Resource, _ name: String, namespace: String?) async throws {
        let object: JSONValue = [
            "apiVersion": "v1", "kind": .string(resource.kind), "metadata": ["name": .string(name)],
        ]
        do {
            _ = try await cluster.perform(
                ClusterCall(.create, resource, name, namespace: namespace, body: mark.on(object)))
        } catch let error as StatusError where error.reason == .alreadyExists && resource == .serviceAccounts {
            // The cluster's controller was faster.
        }
    }

    /// Whoever is there already is not to be touched.
    private func checkRoom(for plan: ReplayPlan) async throws {
        for namespace in plan.namespaces
        where try await cluster.get(.namespaces, namespace, namespace: nil) == nil {
            throw ShipslogError(.notFound, "There is no namespace \(namespace) on this cluster to replay in.")
        }
        let made = plan.objects.map(\.request) + plan.actions.flatMap(\.requests).filter { $0.method == "POST" }
        for request in made {
            let (resource, namespace, name) = try request.target
            guard let object = try await cluster.get(resource, name, namespace: namespace) else { continue }
            throw ShipslogError(
                .conflict,
                "\(resource.kind.lowercased())/\(name) is there already in \(namespace), and a replay changes nothing that it did not make.",
                hint: ReplayMark(of: object) == nil
                    ? "Leave out --in-place: then it gets namespaces of its own."
                    : "It is left from another replay: `shipslog replay clean` removes it.")
        }
    }

    /// What of it is left.
    package func leftovers() async throws -> ReplayLeftovers {
        try await .find(on: cluster, of: mark.id, in: isInPlace ? namespaces.values.sorted() : [])
    }
}
