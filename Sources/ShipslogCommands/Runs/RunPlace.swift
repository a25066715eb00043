import ClusterSimulator
import EventLedger
import Foundation
import KubernetesClient
import RolloutModel

/// A cluster on which a run is carried out, or rather a namespace of it.
struct RunPlace: Sendable {
    let cluster: any Cluster
    /// What the cluster is called in the ledger.
    let name: String
    let namespace: String
    /// The cluster that it is a copy of, for a dry run; `nil` if it is none.
    var original: (any Cluster)?
    /// What it was given for this run; `nil` for a real cluster.
    var scenario: Scenario?
    /// How much of the ledger a simulated cluster was made from; `nil` for a real one.
    var simulatedThrough: Position?
    /// What tells a real cluster from every other; `nil` for a simulated one, or if it cannot be seen.
    var uid: String?

    var isSimulated: Bool { simulatedThrough != nil }
}

extension RunArguments {
    /// Where a run is carried out by these options.
    ///
    /// - Parameter isNew: Whether a run begins; one that is resumed goes on with what its cluster was given.
    /// - Throws: ``ShipslogError`` as `ClientConfiguration.load`, or with code `invalidArgument` if the file of the
    ///   simulated cluster cannot be used.
    func place(in context: CommandContext, isNew: Bool) async throws -> RunPlace {
        if let simulation { return try await simulated(simulation, in: context, isNew: isNew) }
        #if Network
            let configuration = try reached.configuration(in: context)
            guard let name = cluster ?? configuration.context, StreamName.isValidPart(name) else {
                throw ShipslogError(
                    .invalidArgument, "The context gives the cluster no name that a ledger can use.",
                    hint: "Give it one with --cluster.")
            }
            let cluster = LiveCluster(try KubernetesClient(configuration))
            let isNamed = self.cluster != nil || reached.context != nil
            return RunPlace(
                cluster: cluster, name: name, namespace: namespace ?? configuration.namespace,
                uid: try await uid(
                    of: cluster, called: name, at: configuration.server, isNamed: isNamed, in: context))
        #else
            throw ShipslogError(
                .invalidArgument, "This shipslog was built without the means to reach a cluster.",
                hint: "Give --simulation FILE for one in memory.")
        #endif
    }

    #if Network
        /// Makes sure that a cluster is the one that the ledger knows by this name, and that it is the one that is meant.
        ///
        /// - Parameter isNamed: Whether a person said which cluster they mean, and not only which is the current one.
        /// - Returns: Its UID; `nil` if it cannot be seen.
        /// - Throws: ``ShipslogError`` with code `conflict` if it is another, or if nobody named it and the ledger knows
        ///   others only; what the cluster throws.
        private func uid(
            of cluster: LiveCluster, called name: String, at server: String, isNamed: Bool, in context: CommandContext
        ) async throws -> String? {
            let ledger = try ledger.openIfThere(in: context)
            let known = try ledger.flatMap { try ClusterClaim.uid(of: name, in: $0) }
            let isCertain = known != nil || isNamed || force
            let others = isCertain ? [] : try ledger.map { try ClusterClaim.clusters(in: $0) } ?? []
            try ledger?.close()
            if !others.isEmpty {
                throw ShipslogError(
                    .conflict,
                    "The current context is \(name), and the ledger tells of \(others.joined(separator: ", ")) only.",
                    hint: "If \(name) is meant, give --context \(name) or --force.")
            }
            do {
                let uid = try await cluster.uid()
                if let known, known != uid { throw ClusterClaim.isAnother(name, at: server) }
                return uid
            } catch let error as StatusError where error.code == 403 {
                if known != nil {
                    try context.notice(
                        "warning: whether this is the cluster recorded as \(name) cannot be seen: \(error.message)")
                }
                return nil
            }
        }
    #endif

    /// How far before now a simulated cluster begins, so that what happens on it is past when it is looked at.
    private static let lead = Duration.seconds(-3600)
    /// How long its first pods may take to get ready.
    private static let settling = Duration.seconds(600)

    private func simulated(_ file: String, in context: CommandContext, isNew: Bool) async throws -> RunPlace {
        let name = cluster ?? "simulation"
        let namespace = namespace ?? "default"
        var history = SimulationHistory(cluster: name)
        var through: Position = 0
        if let ledger = try ledger.openIfThere(in: context) {
            through = try ledger.head().size
            for try await event in ledger.events(EventQuery(through: through, types: Self.engineTypes)) {
                try history.apply(event.event)
            }
            if let last = history.cluster?.now {
                // What was observed after the last thing that a run did has happened too.
                for try await event in ledger.events(EventQuery(through: through, since: last))
                where event.event.stream.cluster == name { history.advance(to: event.event.occurredAt) }
            }
            try ledger.close()
        }
        var scenario: Scenario?
        var cluster = history.cluster
        if isNew {
            let earliest = context.now() + Self.lead
            let given = Scenario(
                appliedAt: max(cluster?.now ?? earliest, earliest), documents: try documents(file, in: context),
                namespace: namespace)
            if cluster == nil { cluster = try SimulatedCluster(given, named: name) } else { try cluster?.apply(given) }
            if history.cluster == nil || !given.documents.isEmpty { cluster?.settle(within: Self.settling) }
            scenario = given
        } else if !file.isEmpty {
            throw ShipslogError(
                .invalidArgument, "A run goes on with what its cluster was given when it began.",
                hint: "Give --simulation without a file.")
        }
        guard let cluster, history.cluster != nil || scenario?.documents.isEmpty == false else {
            throw ShipslogError(
                .notFound, "The ledger knows of no simulated cluster \(name).",
                hint: "Give --simulation FILE, with the objects and pod behaviours to begin with.")
        }
        return RunPlace(
            cluster: Simulation(cluster), name: name, namespace: namespace, scenario: scenario,
            simulatedThrough: through)
    }

    private func documents(_ file: String, in context: CommandContext) throws -> [JSONValue] {
        guard !file.isEmpty else { return [] }
        return try YAMLInput.documents(at: file == "-" ? file : context.absolutePath(file))
    }

    private static let engineTypes = [EventType(rawValue: "rollout.started")] + LedgerJournal.runnerTypes
}
