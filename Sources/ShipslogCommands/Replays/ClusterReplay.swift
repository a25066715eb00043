#if Network
    import Foundation
    import KubernetesClient
    import PretendNodes
    import Replay
    import RolloutModel

    /// A plan and the real cluster that it is performed on.
    struct ClusterReplay: Sendable {
        let context: CommandContext
        let client: KubernetesClient
        let cluster: LiveCluster
        let theatre: ClusterTheatre
        let plan: ReplayPlan
        /// How many times as fast as recorded; infinite for as fast as the cluster is.
        let speed: Double
        /// Whether the pods live as their recorded twins did, on nodes that are pretended; else as the cluster has them.
        let isReenacted: Bool
        /// Whether what it made stays there.
        let isKept: Bool
        let isQuiet: Bool

        /// Performs the plan once and, unless it is to be kept, takes away all that it made, also if it is interrupted.
        ///
        /// - Parameter record: Takes the events of the replay; `nil` if they are not kept.
        /// - Throws: What the theatre and the rehearsal throw; `CancellationError` if it is interrupted.
        func run(record: ReplayRecord?, stage: any ReplayStage) async throws -> ReplayRun {
            let work = Task { try await play(record, stage) }
            let result = await Signals.result(of: work)
            if isKept {
                try say(
                    "What it made is left in \(places); `shipslog replay clean \(theatre.mark.id)` removes it.")
            } else {
                try say("Removing what it made.")
                let removal = Task {
                    // A request that was under way when it was interrupted may still have been carried out.
                    while true {
                        let left = try await theatre.leftovers()
                        if left.objects.isEmpty { return }
                        try await left.remove(from: cluster)
                    }
                }
                if case .failure(let error) = await Signals.result(of: removal) {
                    try context.notice(
                        "Not all that it made is gone; `shipslog replay clean \(theatre.mark.id)` removes the rest.")
                    _ = try result.get()
                    throw error
                }
            }
            return try result.get()
        }

        private var places: String { theatre.namespaces.values.sorted().joined(separator: ", ") }

        private func say(_ words: String) throws {
            if !isQuiet { try context.notice(words) }
        }

        private func play(_ record: ReplayRecord?, _ stage: any ReplayStage) async throws -> ReplayRun {
            try say("Replaying \(plan.name) in \(places).")
            try await theatre.build(for: plan)
            let opening = await cluster.now() + (isReenacted ? setUpTime : .zero)
            let played = plan.played(at: speed, in: theatre.namespaces, from: opening)
            guard isReenacted else { return try await rehearse(played, opening, record, stage) }
            let pretender = Pretender(
                client: client,
                nodes: PretendNode.numbered(
                    3, prefix: "replay-\(theatre.mark.id)-", labels: theatre.mark.labels,
                    annotations: theatre.mark.annotations),
                namespaces: theatre.namespaces.values.sorted(), scheduler: Self.scheduler(theatre.mark),
                behaviours: played.behaviours, keepsNodes: true, now: { Timestamp(Date()) })
            return try await withThrowingTaskGroup(of: ReplayRun?.self) { group in
                group.addTask {
                    try await pretender.run()
                    return nil
                }
                group.addTask { try await rehearse(played, opening, record, stage) }
                defer { group.cancelAll() }
                while let run = try await group.next() {
                    if let run { return run }
                }
                throw CancellationError()
            }
        }

        /// The scheduler that pods wait for which are to live as their twins did: no other is to give them a node.
        static func scheduler(_ mark: ReplayMark) -> String { "shipslog-replay-\(mark.id)" }

        /// How long the pods may take to come up that are there at the beginning: within it, they all keep to the clock.
        private var setUpTime: Duration {
            let pods = plan.objects.map { $0.request.body["spec"]?["replicas"]?.integer ?? 1 }.reduce(0, +)
            return .milliseconds(3000 + 30 * pods)
        }

        private func rehearse(
            _ played: ReplayPlan, _ opening: Timestamp, _ record: ReplayRecord?, _ stage: any ReplayStage
        ) async throws -> ReplayRun {
            try await record?.begin(plan, backend: "cluster", at: await cluster.now())
            let rehearsal = Rehearsal(
                played, on: cluster,
                witness: EventWitness.of(plan, in: theatre.namespaces, writingTo: record),
                namespaces: theatre.namespaces, mark: theatre.mark, speed: speed, stage: stage)
            let run = ReplayRun(plan, try await rehearsal.perform(opening: opening))
            try await record?.end(run, at: await cluster.now())
            return run
        }
    }
#endif
