#if Network
    import EventLedger
    import Foundation
    import KubernetesClient
    import RolloutEngine
    import RolloutModel
    import ShipslogTesting
    import Synchronization
    import Testing

    @testable import ShipslogCommands

    @Suite("One runner at a time", .enabled(if: ControlPlane.isWanted, "SHIPSLOG_SKIP_CLUSTER is set."))
    struct LeaseTests {
        private final class Notices: Sendable { let lines = Mutex<[String]>([]) }

        private let said = Notices()

        private func leases(
            _ stage: RunStage, _ names: [String], by holder: String, for duration: Duration = .seconds(60)
        ) -> RunLeases {
            RunLeases(
                on: LiveCluster(stage.client), of: names.map { stage.stream("deployment", $0) }, heldBy: holder,
                for: duration, say: { [said] line in said.lines.withLock { $0.append(line) } })
        }

        private func held(_ stage: RunStage) async throws -> [String] {
            try await LiveCluster(stage.client).list(ClusterSelection(.leases, namespace: stage.namespace)).map {
                "\($0["metadata"]?["name"]?.string ?? "") \($0["spec"]?["holderIdentity"]?.string ?? "")"
            }
        }

        @Test("a runner holds a Lease for each subject while it works, and no other gets one of them")
        func exclusion() async throws {
            let stage = try await RunStage()
            let value = try await leases(stage, ["web", "web-canary"], by: "alice").hold(patience: .zero) {
                let holders = try await held(stage)
                #expect(holders == ["shipslog.deployment.web alice", "shipslog.deployment.web-canary alice"])
                let error = await #expect(throws: ShipslogError.self) {
                    try await leases(stage, ["web-canary"], by: "bob").hold(patience: .zero) {}
                }
                #expect(
                    error?.message
                        == "alice works on deploy/web-canary, as the Lease shipslog.deployment.web-canary tells.")
                return 7
            }
            #expect(value == 7)
            #expect(try await held(stage) == [])
        }

        @Test("the Lease of a runner that died runs out, and that of one that lives is renewed")
        func expiry() async throws {
            let stage = try await RunStage()
            let now = Timestamp(Date()).rfc3339
            _ = try await stage.client.create(
                .leases,
                [
                    "apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
                    "metadata": ["name": "shipslog.deployment.web"],
                    "spec": [
                        "holderIdentity": "alice", "leaseDurationSeconds": 5,
                        "renewTime": .string("\(now.prefix(19)).000000Z"),
                    ],
                ], namespace: stage.namespace)
            try await leases(stage, ["web"], by: "bob", for: .seconds(12)).hold(patience: .seconds(30)) {
                let holders = try await held(stage)
                #expect(holders == ["shipslog.deployment.web bob"])
                // It sees that bob goes on.
                let error = await #expect(throws: ShipslogError.self) {
                    try await leases(stage, ["web"], by: "carol", for: .seconds(1)).hold(patience: .seconds(30)) {}
                }
                #expect(error?.message == "bob works on deploy/web, as the Lease shipslog.deployment.web tells.")
            }
            let waited = said.lines.withLock {
                $0.contains { $0.hasSuffix(" to see whether alice still works on deploy/web") }
            }
            #expect(waited)
        }

        @Test("a runner whose Lease somebody takes over stops")
        func loss() async throws {
            let stage = try await RunStage()
            let error = await #expect(throws: ShipslogError.self) {
                try await leases(stage, ["web"], by: "alice", for: .seconds(1)).hold(patience: .zero) {
                    try await stage.plane.kubectl([
                        "patch", "lease", "shipslog.deployment.web", "-n", stage.namespace, "--type", "merge", "-p",
                        #"{"spec": {"holderIdentity": "mallory", "leaseDurationSeconds": 600}}"#,
                    ])
                    try await Task.sleep(for: .seconds(600))
                }
            }
            #expect(error?.message == "mallory works on deploy/web, as the Lease shipslog.deployment.web tells.")
            #expect(try await held(stage) == ["shipslog.deployment.web mallory"])
        }

        @Test("a command is refused while another process works on its subject, and works without the right to Leases")
        func commands() async throws {
            try await RunStage().play { stage in
                try await stage.deploy("web", replicas: 1)
                let rolling = ["rollout", "rolling", "deploy/web", "--image"]
                try await leases(stage, ["web"], by: "bob").hold(patience: .zero) {
                    let refused = await stage.shipslog(rolling + ["nginx:2"])
                    #expect(refused.status == 1)
                    #expect(refused.notices.contains("error: bob works on deploy/web, as the Lease"))
                }
                #expect(try await stage.image(.deployments, "web") == "nginx:1")
                for arguments in [
                    ["role", "slices", "--verb", "list,watch", "--resource", "endpointslices.discovery.k8s.io"],
                    ["rolebinding", "slices", "--role", "slices", "--user", "alice"],
                ] { try await stage.plane.kubectl(["create", "-n", stage.namespace] + arguments) }
                let warned = await stage.shipslog(rolling + ["nginx:2"], as: .alice)
                #expect(warned.status == 0, "\(warned)")
                #expect(warned.notices.contains("warning: no Lease keeps others off deploy/web"))
                try await stage.plane.kubectl(["apply", "-f", Self.role])
                try await stage.plane.kubectl([
                    "create", "rolebinding", "runner", "-n", stage.namespace, "--clusterrole", "shipslog-rollout",
                    "--user", "alice",
                ])
                let allowed = await stage.shipslog(rolling + ["nginx:3"], as: .alice)
                #expect(allowed.status == 0, "\(allowed)")
                #expect(!allowed.notices.contains("warning"), "\(allowed)")
                #expect(try await held(stage) == [])
            }
        }

        private static let role = Fixtures.folder.deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("tools/deploy/runner.yaml").path
    }
#endif
