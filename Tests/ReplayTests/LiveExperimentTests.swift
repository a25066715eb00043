#if Network
    import Foundation
    import KubernetesClient
    import PretendNodes
    import Recording
    import RolloutModel
    import ShipslogTesting
    import Testing

    @testable import Replay

    /// Holds what would have come of a rollout against what comes of it: each variant is tried on the simulated cluster, and
    /// carried out on the real controllers.
    ///
    /// The simulated controllers take no time, and the real ones some tenths of a second; and of several pods that may go
    /// they choose by lot. So nothing that is asked here hangs on either: what comes at once in the simulated cluster comes
    /// within the time that a pod takes to end, and all else some seconds later.
    @Suite(
        "What would have come of a rollout comes of it on the real controllers",
        .enabled(if: ControlPlane.isWanted, "SHIPSLOG_SKIP_CLUSTER is set."))
    struct LiveExperimentTests {
        /// What a ledger tells of a rollout, and what-if says.
        private struct Answer: Equatable {
            var outcome: Rollout.Outcome
            var lowestReady: Int
            var mostPods: Int
        }

        /// A rollout on which something is changed.
        struct Question: CustomTestStringConvertible, Sendable {
            enum Base: String, Sendable {
                /// Four pods that get a good image, as it was recorded; but they live a quarter as fast.
                case recorded
                /// Four pods whose image cannot be pulled, as it was recorded, and what was done about it; but they take two
                /// seconds to go.
                case recordedBad
                /// Pods that all get ready after five seconds.
                case even
                /// Pods of which every other one takes ten seconds.
                case uneven
                /// Pods whose image cannot be pulled.
                case bad
            }

            var base: Base
            var variant: Variant

            init(
                _ base: Base, replicas: Int? = nil, surge: String? = nil, unavailable: String? = nil,
                strategy: Variant.Strategy? = nil, minReady: Int? = nil, deadline: Int? = nil
            ) {
                self.base = base
                variant = Variant()
                variant.replicas = replicas
                (variant.maxSurge, variant.maxUnavailable) = (surge, unavailable)
                variant.strategy = strategy
                variant.minReadySeconds = minReady
                variant.progressDeadlineSeconds = deadline
            }

            var testDescription: String { "\(base): \(variant.summary.isEmpty ? "unchanged" : variant.summary)" }

            private static let life: JSONValue = ["ready": ["after": "5s"], "termination": ["after": "2s"]]

            func plan() async throws -> ReplayPlan {
                switch base {
                case .recorded:
                    let plan = try await LiveExperimentTests.fixture.value.plan("deployment/web", 2)
                    return plan.played(at: 0.25, from: plan.startsAt)
                case .recordedBad:
                    var plan = try await LiveExperimentTests.fixture.value.plan("deployment/web", 3)
                    for index in plan.behaviours.rules.indices {
                        plan.behaviours.rules[index].behaviour.termination.delay.after = .seconds(2)
                        for script in plan.behaviours.rules[index].behaviour.scripts.indices {
                            plan.behaviours.rules[index].behaviour.scripts[script].termination = .seconds(2)
                        }
                    }
                    return plan
                case .even: return try ReplayPlan(replicas: 4, life: Self.life)
                case .bad: return try ReplayPlan(replicas: 4, image: "nginx:bad", life: Self.life)
                case .uneven:
                    var plan = try ReplayPlan(replicas: 4, life: Self.life)
                    for ordinal in stride(from: 2, through: 12, by: 2) {
                        var rule = try #require(plan.behaviours.rules.last)
                        rule.match.ordinal = ordinal
                        rule.behaviour.ready?.delay.after = .seconds(10)
                        plan.behaviours.rules.insert(rule, at: 0)
                    }
                    return plan
                }
            }
        }

        private static let fixture = Task { try await FixtureHistory.kubernetes() }

        private static let questions: [Question] = [
            Question(.recorded, surge: "1", unavailable: "0"), Question(.recorded, surge: "0", unavailable: "50%"),
            Question(.recorded, replicas: 9, strategy: .recreate), Question(.recorded, replicas: 1),
            Question(.recordedBad), Question(.recordedBad, replicas: 8, surge: "1", unavailable: "25%"),
            Question(.even), Question(.even, replicas: 12),
            Question(.even, replicas: 6, surge: "100%", unavailable: "100%"),
            Question(.even, replicas: 12, strategy: .recreate), Question(.even, replicas: 2, minReady: 3),
            Question(.even, replicas: 3, strategy: .recreate, minReady: 2),
            Question(.uneven, replicas: 7), Question(.uneven, replicas: 6, surge: "2", unavailable: "2"),
            Question(.uneven, surge: "0", unavailable: "1"),
            Question(.uneven, replicas: 5, surge: "10%", unavailable: "10%"),
            Question(.even, replicas: 8, surge: "3", unavailable: "25%"),
            Question(.bad, deadline: 8), Question(.bad, replicas: 3, strategy: .recreate, deadline: 8),
            Question(.bad, replicas: 9, surge: "1", unavailable: "3", deadline: 8),
        ]

        /// The more at once, the longer the controllers take for each.
        private static let berths = Berths(5)

        @Test("the outcome, the fewest ready and the most pods are those that were said", arguments: questions)
        func honest(_ question: Question) async throws {
            let plan = try await question.plan()
            let subject = StreamName(cluster: "prod", namespace: "shop", kind: "deployment", name: "web")
            let figures = try Experiment(plan, of: subject).figures(of: question.variant)
            let said = Answer(
                outcome: figures.outcome, lowestReady: figures.lowestReady, mostPods: figures.mostPods)
            let varied = plan.varied(by: question.variant, of: subject)
            let came = try await Self.berths.with { try await carriedOut(varied, of: subject) }
            #expect(came == said)
        }

        /// Carries a plan out on the real control plane, and tells what came of its rollout.
        private func carriedOut(_ plan: ReplayPlan, of subject: StreamName) async throws -> Answer {
            var choice = ClientConfiguration.Choice()
            choice.kubeconfig = try await ControlPlane.shared().kubeconfig()
            let client = try KubernetesClient(.load(choice, environment: [:]))
            let cluster = LiveCluster(client)
            var generator = SystemRandomNumberGenerator()
            let theatre = ClusterTheatre(
                on: cluster, for: plan, mark: ReplayMark(for: plan, using: &generator), prefix: "what-if-")
            try await theatre.build(for: plan)
            let pretender = Pretender(
                client: client, nodes: PretendNode.numbered(1, prefix: "what-if-\(theatre.mark.id)-"),
                namespaces: theatre.namespaces.values.sorted(), behaviours: plan.behaviours, keepsNodes: false,
                now: { Timestamp(Date()) })
            let pretending = Task { try await pretender.run() }
            let history = FoldedHistory()
            let witness = ClusterWitness(cluster: subject.cluster)
            let rehearsal = Rehearsal(
                plan, on: cluster,
                witness: EventWitness(cluster: subject.cluster, namespaces: theatre.namespaces) { changes, time in
                    let events = try await witness.events(of: changes, at: time)
                    try await history.append(events)
                    return events
                }, namespaces: theatre.namespaces, mark: theatre.mark)
            let performance = await Result { try await rehearsal.perform(opening: cluster.now() + .seconds(3)) }
            pretending.cancel()
            try await pretending.value
            #expect(try performance.get().refusals.isEmpty)
            let place = try #require(theatre.namespaces[subject.namespace])
            let rollouts = await history.rollouts(
                of: StreamName(cluster: subject.cluster, namespace: place, kind: subject.kind, name: subject.name))
            let rollout = try #require(rollouts.first { $0.number == 2 })
            return Answer(outcome: rollout.outcome, lowestReady: rollout.lowestReady, mostPods: rollout.mostPods)
        }
    }
#endif
