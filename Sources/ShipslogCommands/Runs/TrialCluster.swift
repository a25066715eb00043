import ClusterSimulator
import RolloutModel

/// A copy in memory of a cluster, on which a run is carried out that is only tried.
///
/// Each call is shown, and if that is wanted checked by the real API server, which keeps nothing of it.
actor TrialCluster: Cluster {
    private let copy: any Cluster
    private let original: any Cluster
    private let isChecked: Bool
    private let show: @Sendable (ClusterCall) async throws -> Void

    /// - Parameters:
    ///   - original: What it is a copy of.
    ///   - isChecked: Whether that checks each call.
    ///   - show: Told of each call.
    init(
        on copy: any Cluster, of original: any Cluster, isChecked: Bool,
        show: @escaping @Sendable (ClusterCall) async throws -> Void
    ) {
        self.copy = copy
        self.original = original
        self.isChecked = isChecked
        self.show = show
    }

    func perform(_ call: ClusterCall) async throws -> CallAnswer {
        // What is only tried anyway is for whoever knows best.
        if call.isDryRun { return try await original.perform(call) }
        if isChecked { try await check(call) }
        try await show(call)
        return try await copy.perform(call)
    }

    private func check(_ call: ClusterCall) async throws {
        var call = call
        call.isDryRun = true
        if call.verb != .create {
            // What an earlier call would have made is not there to be changed.
            guard let current = try await original.get(call.resource, call.name, namespace: call.namespace) else {
                return
            }
            let metadata = current["metadata"]
            if call.verb == .patch { call.body["metadata"]?["resourceVersion"] = metadata?["resourceVersion"] }
            call.body["preconditions"]?["uid"] = metadata?["uid"]
        }
        do {
            _ = try await original.perform(call)
        } catch let error as StatusError where call.verb == .create && error.reason == .alreadyExists {
            // All else is judged before: what an earlier call would have deleted is still there.
        }
    }

    func uid() async throws -> String { try await copy.uid() }
    func now() async -> Timestamp { await copy.now() }
    func get(_ resource: Resource, _ name: String, namespace: String?) async throws -> JSONValue? {
        try await copy.get(resource, name, namespace: namespace)
    }
    func list(_ selection: ClusterSelection) async throws -> [JSONValue] { try await copy.list(selection) }
    func watch(_ selections: [ClusterSelection]) async throws -> any ClusterWatch { try await copy.watch(selections) }
}

extension RunPlace {
    /// How long the pods of a copy may take to get ready.
    private static let settling = Duration.seconds(600)

    /// What a run looks at and what decides how it goes.
    private static let copied: [Resource] = [
        .deployments, .services, .pods, .httpRoutes, Resource(plural: "resourcequotas", kind: "ResourceQuota"),
    ]

    /// This place as a dry run finds it: with a copy of the cluster in which all pods come up.
    ///
    /// - Parameter show: Told of each call.
    /// - Throws: What the cluster throws.
    func rehearsed(
        _ dryRun: DryRunArgument, show: @escaping @Sendable (ClusterCall) async throws -> Void
    ) async throws -> RunPlace {
        let copy = isSimulated ? cluster : try await copy()
        return RunPlace(
            cluster: TrialCluster(on: copy, of: cluster, isChecked: dryRun == .server, show: show), name: name,
            namespace: namespace, original: cluster, simulatedThrough: 0)
    }

    private func copy() async throws -> Simulation {
        var documents = try await cluster.list(ClusterSelection(.nodes, namespace: nil), orNothing: [403])
            .filter { $0["spec"]?["unschedulable"] != true && $0["status"]?["allocatable"] != nil }
        for resource in Self.copied {
            documents += try await cluster.list(
                ClusterSelection(resource, namespace: namespace), orNothing: [403, 404]
            ).filter { $0["metadata"]?["ownerReferences"] == nil }
        }
        let scenario = Scenario(appliedAt: await cluster.now(), documents: documents, namespace: namespace)
        var copy = try SimulatedCluster(scenario, named: name)
        copy.settle(within: Self.settling)
        return Simulation(copy)
    }
}

extension Cluster {
    /// The objects of a selection; none if the cluster answers with one of some codes.
    fileprivate func list(_ selection: ClusterSelection, orNothing codes: Set<Int>) async throws -> [JSONValue] {
        do {
            return try await list(selection)
        } catch let error as StatusError where codes.contains(error.code) {
            return []
        }
    }
}
