#if Network
    import Foundation
    import KubernetesClient
    import PretendNodes
    import RolloutModel
    import ShipslogTesting

    /// A scenario on the real controllers, in a namespace of their cluster.
    ///
    /// Its pods live by a clock that is moved on from step to step. So it takes no time to wait for them, they live as long
    /// as those of the simulated cluster however slow the machine is, and no two things happen at once that did not there.
    /// Only where ``RolloutScenario/goesByTheClock`` is true, it goes no faster than that of the machine.
    struct LiveSide {
        private(set) var sight = DeploymentSight()
        private let cluster: LiveCluster
        private let watch: any ClusterWatch
        private let pretender: Pretender
        private let clock: StoppedClock
        private let scenario: RolloutScenario
        private let namespace: String
        private var overlooksProgress = false

        /// For how long nothing may happen before it is taken for certain that nothing will.
        private static let patience = Duration.seconds(60)

        /// Does something with a scenario's Deployment and the pods that are pretended for it.
        static func with(
            _ scenario: RolloutScenario, namespace: String, _ body: (inout LiveSide) async throws -> Void
        ) async throws {
            var choice = ClientConfiguration.Choice()
            choice.kubeconfig = try await ControlPlane.shared().kubeconfig()
            let client = try KubernetesClient(.load(choice, environment: [:]))
            let cluster = LiveCluster(client)
            _ = try await cluster.perform(
                ClusterCall(
                    .create, .namespaces, namespace, namespace: nil,
                    body: ["metadata": ["name": .string(namespace)]]))
            let clock = StoppedClock(at: Timestamp(Date()))
            let pretender = Pretender(
                client: client, nodes: PretendNode.numbered(1, prefix: "\(namespace)-"), namespaces: [namespace],
                behaviours: try Play.behaviours(scenario.pods), keepsNodes: false, now: { clock.now },
                sleep: { try await clock.sleep(until: $0) })
            let watch = try await cluster.watch(
                [Resource.deployments, .replicaSets, .pods].map { ClusterSelection($0, namespace: namespace) })
            var side = LiveSide(
                cluster: cluster, watch: watch, pretender: pretender, clock: clock, scenario: scenario,
                namespace: namespace)
            let pretending = Task { try await pretender.run() }
            let outcome = await Result {
                try await side.begin()
                try await body(&side)
            }
            pretending.cancel()
            await watch.stop()
            try await pretending.value
            try outcome.get()
        }

        /// Waits until all watch that have to: otherwise they would see what came of something, and not what came before.
        private func begin() async throws {
            var watched = 0
            while watched < 3 { watched += try await watch.changes(until: cluster.now() + Self.patience).count }
            try await eventually("pretend nodes in \(namespace)") { await pretender.status.isReady }
            clock.move(to: await cluster.now())
        }

        var now: Timestamp { clock.now }

        /// Lets a step happen here too, and waits until all is as it is in the simulated cluster.
        ///
        /// - Throws: ``Divergence`` if it does not come to that, or on another path.
        mutating func follow(_ step: SimulatedSide.Step, _ simulated: inout SimulatedSide) async throws {
            if scenario.goesByTheClock {
                while await cluster.now() < step.time {
                    for change in try await watch.changes(until: step.time) { sight.take(change) }
                }
            }
            clock.move(to: step.time)
            if let call = step.act?.call(on: scenario, in: namespace, sight) { _ = try await cluster.perform(call) }
            let overlooking = step.overlooksProgress
            let expected = simulated.sight.lines(overlooking: overlooking)
            var lines = sight.lines(overlooking: overlooking)
            var deadline = await cluster.now() + Self.patience
            while true {
                if lines == expected, await pretender.status.pods == simulated.podCounts { break }
                let now = await cluster.now()
                guard now < deadline else { throw Divergence(step, real: lines, simulated: expected) }
                // Whoever plays the pods may see later what they are here already.
                let changes = try await watch.changes(until: lines == expected ? now + .milliseconds(10) : deadline)
                if changes.isEmpty { continue }
                for change in changes { sight.take(change) }
                lines = sight.lines(overlooking: overlooking)
                deadline = await cluster.now() + Self.patience
            }
            let (real, wanted) = (sight.takePath(), simulated.takePath())
            if overlooking || overlooksProgress {
                try Divergence.check(step, real: real.overlooking, simulated: wanted.overlooking)
            } else {
                try Divergence.check(step, real: real, simulated: wanted)
            }
            overlooksProgress = overlooking
        }

        /// Sees that nothing happens any more.
        mutating func expectQuiet(after step: SimulatedSide.Step) async throws {
            let (before, deadline) = (sight.lines(overlooking: true), await cluster.now() + .milliseconds(500))
            while await cluster.now() < deadline {
                for change in try await watch.changes(until: deadline) { sight.take(change) }
            }
            let after = sight.lines(overlooking: true)
            guard after == before else { throw Divergence(step, real: after, simulated: before) }
            try Divergence.check(step, real: sight.takePath().overlooking, simulated: DeploymentSight.Path())
        }
    }
#endif
