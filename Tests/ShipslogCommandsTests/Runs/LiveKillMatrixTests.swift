#if Network
    import EventLedger
    import Foundation
    import RolloutEngine
    import RolloutModel
    import ShipslogTesting
    import Testing

    @testable import ShipslogCommands

    @Suite(
        "Runners that die on a real cluster", .enabled(if: ControlPlane.isWanted, "SHIPSLOG_SKIP_CLUSTER is set."))
    struct LiveKillMatrixTests {
        /// A case in a namespace of its own.
        private struct Trial {
            let kill: KillCase
            let stage: RunStage

            var stream: StreamName { stage.stream(kill.kind, kill.name) }

            /// Makes what there is before the run.
            func setUp() async throws {
                switch kill.kind {
                case "pod": try await stage.makePod("batch")
                case "service":
                    let labels: JSONValue = ["app": "cart", "version": "blue"]
                    try await stage.deploy("cart-blue", replicas: 1, labels: labels)
                    try await stage.serve("cart", selecting: labels)
                case _ where kill.arguments.first == "canary":
                    try await stage.deploy("web")
                    try await stage.serve("web", selecting: ["app": "web"])
                default: try await stage.deploy("web", replicas: 1)
                }
                for command in kill.before { _ = await stage.shipslog(["rollout"] + command) }
            }

            /// Carries it out, and nobody dies.
            func undisturbed() async throws -> RolloutRun {
                let result = await stage.shipslog(["rollout"] + kill.arguments)
                let run = try await RunCatalog(ledger: stage.ledger.ledger).newest(of: stream)
                return try #require(run, "\(result)")
            }

            /// What a plan says that is of one namespace only: its name, and the UIDs of its objects.
            func ownWords() async throws -> [String: String] {
                var words = ["namespace": stage.namespace]
                for resource in [Resource.deployments, .services, .pods] {
                    let selection = ClusterSelection(resource, namespace: stage.namespace)
                    for object in try await stage.place.cluster.list(selection)
                    where object["metadata"]?["ownerReferences"] == nil {
                        let name = object["metadata"]?["name"]?.string ?? ""
                        words["\(resource.kind) \(name)"] = object["metadata"]?["uid"]?.string
                    }
                }
                return words
            }

            /// The plan of another trial, for the objects of this one.
            ///
            /// - Parameter words: ``ownWords()`` of the other, as they were before its run.
            func plan(like plan: RolloutPlan, words: [String: String]) async throws -> RolloutPlan {
                var text = String(decoding: try CanonicalJSON.encode(plan), as: UTF8.self)
                let own = try await ownWords()
                for (name, word) in words { text = text.replacing(word, with: try #require(own[name])) }
                return try CanonicalJSON.decode(RolloutPlan.self, from: Data(text.utf8))
            }

            /// Carries a plan out with a runner that dies at a point, and another one that goes on.
            func disturbed(_ plan: RolloutPlan, at point: KillPoint) async throws -> RolloutRun {
                try await point.disturb(plan, of: stream, by: SimulatedStage.alice, in: stage.ledger.ledger) {
                    _, point in
                    let journal = try stage.journal(stream)
                    return (stage.runner(point.map { DyingJournal(journal, at: $0) } ?? journal), nil)
                }
            }

            func ending(of run: RolloutRun) async throws -> RunEnding {
                var ending = try await RunEnding(
                    of: run, on: stage.place.cluster, in: stage.namespace, stage.ledger.ledger)
                // Pods of a Deployment may be gone only after the run has ended, when nobody looks any more.
                if kill.kind != "pod" { ending.pods = ending.pods.filter { $0.key.hasSuffix("created") } }
                return ending
            }
        }

        /// All but those that wait for a minute until a crash shows, and those that need routes; and none waits for long.
        ///
        /// Kubernetes 1.20, as built with a newer Go, breaks when it is to write a custom resource.
        private static let cases = KillCase.all.filter {
            !$0.arguments.contains("nginx:late") && !$0.usesRoute
        }.map { kill in
            var kill = kill
            kill.arguments = kill.arguments.map { ["5s", "10s"].contains($0) ? "1s" : $0 }
            return kill
        }

        /// Runners at once: as many as the machine can take.
        private static let berths = Berths(8)

        /// Does something with a case, once there is a place.
        private func trial<Outcome: Sendable>(
            _ kill: KillCase, _ body: (Trial) async throws -> Outcome
        ) async throws -> Outcome {
            try await Self.berths.with {
                try await RunStage().play { stage in
                    let trial = Trial(kill: kill, stage: stage)
                    try await trial.setUp()
                    let outcome = try await body(trial)
                    #expect(try stage.ledger.ledger.verify().isSound)
                    return outcome
                }
            }
        }

        @Test("wherever the runner dies, it ends as if nobody had died", arguments: cases)
        func kill(_ kill: KillCase) async throws {
            let (words, plan, expected, types) = try await trial(kill) { trial in
                let words = try await trial.ownWords()
                let run = try await trial.undisturbed()
                return (
                    words, run.plan, try await trial.ending(of: run), try await trial.stage.ledger.ledger.types(of: run)
                )
            }
            #expect(expected.end?.outcome == kill.outcome)
            #expect(expected.repeatedCalls == [])
            #expect(types.count == kill.events, "\(types)")
            try await withThrowingTaskGroup { group in
                for point in KillPoint.all(between: types) {
                    group.addTask {
                        let found = try await trial(kill) { trial in
                            let own = try await trial.plan(like: plan, words: words)
                            return try await trial.ending(of: trial.disturbed(own, at: point))
                        }
                        #expect(found == expected, "died at \(point)")
                    }
                }
                try await group.waitForAll()
            }
        }
    }
#endif
