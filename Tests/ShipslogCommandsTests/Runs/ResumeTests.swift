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
                let dying = DyingJournal(try stage.journal(stage.stream("deployment", "web")), at: 2, isBefore: false)
                await #expect(throws: DyingJournal.Death.self) {
                    _ = try await stage.runner(dying).run(
                        plan, of: stage.stream("deployment", "web"), reason: nil, by: SimulatedStage.alice)
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
