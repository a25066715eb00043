#if Network
    import EventLedger
    import Foundation
    import KubernetesClient
    import RolloutEngine
    import RolloutModel
    import ShipslogTesting
    import Testing

    @testable import ShipslogCommands

    @Suite("A runner that dies", .enabled(if: ControlPlane.isWanted, "SHIPSLOG_SKIP_CLUSTER is set."))
    struct ResumeTests {
        private static let alice = Actor(name: "alice", evidence: .engine)

        private func runner(_ stage: RunStage, _ journal: any RolloutJournal) -> RolloutRunner {
            RolloutRunner(
                cluster: LiveCluster(stage.client), journal: journal, namespace: stage.namespace,
                attention: .seconds(2),
                makeID: { time in
                    var generator = SystemRandomNumberGenerator()
                    return .timeOrdered(at: time, using: &generator)
                }, check: { CheckCompleted(check: $0, passed: true) })
        }

        private func journal(_ stage: RunStage, _ stream: StreamName) throws -> LedgerJournal {
            try LedgerJournal(ledger: stage.ledger.ledger, stream: stream, place: stage.place)
        }

        /// Carries a plan out with a runner that dies at one point, and resumes it.
        ///
        /// - Returns: Whether it came to the point.
        private func disturbed(
            _ plan: RolloutPlan, of stream: StreamName, at number: Int, isBefore: Bool, on stage: RunStage
        ) async throws -> Bool {
            let dying = DyingJournal(try journal(stage, stream), at: number, isBefore: isBefore)
            do {
                _ = try await runner(stage, dying).run(plan, of: stream, reason: nil, by: Self.alice)
                return false
            } catch is DyingJournal.Death {}
            let open = try await RunCatalog(ledger: stage.ledger.ledger).open(of: stream)
            let next = runner(stage, try journal(stage, stream))
            if let run = open.first {
                #expect(open.count == 1)
                _ = try await next.resume(run)
            } else if number == 1 {
                // It died before it was written down that there is a run, so nothing was done.
                _ = try await next.run(plan, of: stream, reason: nil, by: Self.alice)
            }
            #expect(try await RunCatalog(ledger: stage.ledger.ledger).open(of: stream).isEmpty)
            return true
        }

        @Test(
            "a rolling update to a bad image ends as if nobody had died, wherever the runner dies",
            arguments: [true, false])
        func deployment(isBefore: Bool) async throws {
            try await RunStage().play { stage in
                var number = 0
                var hasDied = true
                while hasDied, number < 20 {
                    number += 1
                    let name = "web-\(number)"
                    try await stage.deploy(name, replicas: 1)
                    let object = try await stage.client.get(.deployments, name, namespace: stage.namespace).object()
                    let origin = try #require(DeploymentChange.Shape(of: object.value()))
                    var target = origin
                    target.template = origin.template.withImage("nginx:bad")
                    let plan = RolloutPlan(
                        .deployment(DeploymentChange(uid: object.uid, target: target, origin: origin)),
                        onFailure: .rollback)
                    hasDied = try await disturbed(
                        plan, of: stage.stream("deployment", name), at: number, isBefore: isBefore, on: stage)
                    #expect(
                        try stage.story("deployment", name) == [
                            "rollout →1 succeeded", "rollout 1→bad rolledBack", "rollback bad→1 succeeded",
                        ], "died at event \(number)")
                    let rollouts = try stage.ledger.ledger.rollouts(
                        RolloutQuery(stream: stage.stream("deployment", name)))
                    #expect(rollouts.dropFirst().map(\.actor) == [Self.alice, Self.alice], "died at event \(number)")
                    #expect(try await stage.image(.deployments, name) == "nginx:1")
                }
                // Started, two calls of two events each, turned back, restored, failed.
                #expect(number == 9)
                #expect(try stage.ledger.ledger.verify().isSound)
            }
        }

        @Test("a pod that cannot be replaced is made again once, wherever the runner dies", arguments: [true, false])
        func pod(isBefore: Bool) async throws {
            try await RunStage().play { stage in
                var number = 0
                var hasDied = true
                while hasDied, number < 20 {
                    number += 1
                    let name = "batch-\(number)"
                    try await stage.makePod(name)
                    let object = try await stage.client.get(.pods, name, namespace: stage.namespace).object()
                    let origin = PodManifest.manifest(of: try object.value())
                    let target = origin.withImage("nginx:bad")
                    let plan = RolloutPlan(
                        .pod(PodReplacement(uid: object.uid, target: target, origin: origin)), onFailure: .rollback)
                    let stream = stage.stream("pod", name)
                    hasDied = try await disturbed(plan, of: stream, at: number, isBefore: isBefore, on: stage)
                    #expect(
                        try stage.story("pod", name) == [
                            "rollout →1 succeeded", "rollout 1→bad rolledBack", "rollback bad→1 succeeded",
                        ], "died at event \(number)")
                    let counts = try await stage.ledger.ledger.podCounts(of: stream)
                    #expect(counts == ["created": 3, "deleted": 2], "died at event \(number)")
                }
                // Started, four calls of two events each, turned back, restored, failed.
                #expect(number == 13)
            }
        }

        @Test("a second run of a subject is refused while one goes on; `resume` finishes that one")
        func second() async throws {
            try await RunStage().play { stage in
                try await stage.deploy("web")
                let object = try await stage.client.get(.deployments, "web", namespace: stage.namespace).object()
                let origin = try #require(DeploymentChange.Shape(of: object.value()))
                var target = origin
                target.template = origin.template.withImage("nginx:2")
                let plan = RolloutPlan(
                    .deployment(DeploymentChange(uid: object.uid, target: target, origin: origin)),
                    onFailure: .rollback)
                let dying = DyingJournal(try journal(stage, stage.stream("deployment", "web")), at: 2, isBefore: false)
                await #expect(throws: DyingJournal.Death.self) {
                    _ = try await runner(stage, dying).run(
                        plan, of: stage.stream("deployment", "web"), reason: nil, by: Self.alice)
                }
                let refused = await stage.shipslog(["rollout", "rolling", "deploy/web", "--image", "nginx:3"])
                #expect(refused.status == 1)
                #expect(refused.notices.contains("error: Another run of deploy/web has gone on since "))
                #expect(refused.notices.contains("Finish it with `shipslog resume deploy/web`."))
                let resumed = await stage.shipslog(["resume"])
                #expect(resumed.status == 0)
                #expect(resumed.output == "deploy/web@2 succeeded: 1 → 2\n")
                let again = await stage.shipslog(["resume", "deploy/web"])
                #expect(again.status == 0)
                #expect(again.notices == "No rollouts to resume in \(stage.namespace) of test.\n")
            }
        }
    }
#endif
