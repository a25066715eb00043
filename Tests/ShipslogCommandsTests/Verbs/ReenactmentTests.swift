#if Network
    import ShipslogTesting
    import Testing

    /// One after the other, and by themselves: pods that crash every second are kept to the clock.
    @Suite("Rollouts reenacted on a real cluster", .enabled(if: ControlPlane.isWanted), .serialized)
    struct ReenactmentTests {
        @Test(
            "a rollout comes out as recorded: a failed one fails for the same reason, and what was undone is undone",
            arguments: [
                ("deploy/web@3", "deploy/web rollout to r3: failed: ImagePullBackOff: nginx:bad (2 of 2 new pods)"),
                ("deploy/web@4", "deploy/web rollout to r2: succeeded"),
                ("deploy/web-canary@2", "deploy/web-canary rollout to r2: rolledBack: CrashLoopBackOff: nginx:crash"),
                ("svc/cart@1", "svc/cart rollout to app=cart,color=green: succeeded"),
                ("svc/cart@2", "svc/cart rollout to app=cart,color=blue: succeeded"),
                ("svc/cart@3", "svc/cart rollout to app=cart,color=green: succeeded"),
            ])
        func reproduced(name: String, outcome: String) async throws {
            let stage = try await ClusterReplayStage(.shared())
            let result = await stage.replay(name, ["--all"])
            #expect(result.status == 0, "\(result)")
            #expect(result.output.contains(" \(outcome)"), "\(result)")
            #expect(result.output.contains(", 0 diverged."))
            if name == "deploy/web@3" {
                for pod in 1...2 {
                    #expect(result.output.contains("same      deploy/web r3 #\(pod): waiting: ImagePullBackOff"))
                }
                #expect(result.output.contains("False (ProgressDeadlineExceeded)"))
            }
            let id = try #require(result.notices.firstMatch(of: #/in replay-shop-(\w+)\./#)?.output.1)
            #expect(try await stage.left(of: String(id)) == [])
        }
    }
#endif
