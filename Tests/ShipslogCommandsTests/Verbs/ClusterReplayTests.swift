#if Network
    import EventLedger
    import Foundation
    import KubernetesClient
    import LedgerSchema
    import Replay
    import RolloutModel
    import ShipslogTesting
    import Testing

    @testable import ShipslogCommands

    /// One after the other: what is compared with a recording is kept to the clock.
    @Suite("Replays on a real cluster", .enabled(if: ControlPlane.isWanted), .serialized)
    struct ClusterReplayTests {
        /// A plane on which nothing but replays leaves anything: what is left is to be seen.
        private static let ownPlane = Task { try await ControlPlane.start() }

        private func ownClusterReplayStage() async throws -> ClusterReplayStage {
            try await ClusterReplayStage(Self.ownPlane.value)
        }

        @Test("a replay is written down, can be asked about, and is kept on the cluster where that is wanted")
        func kept() async throws {
            let stage = try await ClusterReplayStage(.shared())
            let record = stage.ledger.folder.file("replays.db")
            let result = await stage.replay(
                "deploy/web@2", ["--keep", "--record", record, "--map-image", "nginx:1.26=mirror.test/nginx:1.26"])
            #expect(result.status == 0, "\(result)")
            let id = String(
                try #require(result.notices.firstMatch(of: #/`shipslog replay clean (\w+)` removes it/#)?.output.1))
            let namespace = "replay-shop-\(id)"
            #expect(
                try await stage.left(of: id) == ["namespace/\(namespace)"] + (1...3).map { "node/replay-\(id)-\($0)" })
            let image = try await stage.client.get(.deployments, "web", namespace: namespace).object().value()
            #expect(
                image["spec"]?["template"]?["spec"]?["containers"]?.array?.first?["image"]
                    == "mirror.test/nginx:1.26")
            let rollouts = await shipslog(["rollouts", "-n", namespace, "-o", "json"], ledger: record)
            let told = try CanonicalJSON.decode(JSONValue.self, from: Data(rollouts.output.utf8))
            #expect(
                told.array?.filter { $0["subject"] == "deployment/web" }.map { $0["outcome"] } == [
                    "succeeded", "succeeded",
                ])
            let cleaned = await shipslog(stage.arguments(["replay", "clean", id, "-o", "json"]))
            #expect(cleaned.status == 0 && cleaned.notices == "Removed.\n", "\(cleaned)")
            let problems = try SchemaValidator.problems(
                in: [SchemaValidator.Instance(schema: "replay-clean", json: Data(cleaned.output.utf8))],
                schemas: LedgerSchema.outputSchemas)
            #expect(problems == [])
            #expect(try await stage.left(of: id) == [])
            let again = await shipslog(stage.arguments(["replay", "clean", id]))
            #expect(again == CommandResult(status: 0, output: "", notices: "No replay left anything.\n"))
        }

        /// Where a replay is when it is killed, as the plane shows it.
        enum Moment: String, CaseIterable {
            case namespaceMade, nodesMade, deploymentMade, templateChanged, removing
        }

        @Test(
            "a replay that is killed leaves nothing that clean does not find, and its neighbours stay",
            arguments: Moment.allCases)
        func killed(moment: Moment) async throws {
            let stage = try await ownClusterReplayStage()
            let neighbour = try await stage.plane.makeNamespace("neighbour")
            try await plantNeighbours(in: neighbour, of: stage)
            let (process, id, _) = try await stage.start("deploy/web@3")
            let namespace = "replay-shop-\(id)"
            let cluster = LiveCluster(stage.client)
            try await eventually("the replay is there: \(moment)", within: .seconds(60)) {
                switch moment {
                case .namespaceMade: return try await cluster.get(.namespaces, namespace, namespace: nil) != nil
                case .nodesMade: return try await cluster.get(.nodes, "replay-\(id)-1", namespace: nil) != nil
                case .deploymentMade: return try await cluster.get(.deployments, "web", namespace: namespace) != nil
                case .templateChanged:
                    let object = try await cluster.get(.deployments, "web", namespace: namespace)
                    return object?["spec"]?["template"]?["spec"]?["containers"]?.array?.first?["image"] == "nginx:bad"
                case .removing:
                    return try await cluster.get(.namespaces, namespace, namespace: nil)?["metadata"]?[
                        "deletionTimestamp"] != nil
                }
            }
            kill(process.processIdentifier, SIGKILL)
            try await eventually("it is dead") { !process.isRunning }
            let cleaned = await shipslog(stage.arguments(["replay", "clean", id]))
            #expect(cleaned.status == 0, "\(cleaned)")
            #expect(try await stage.left(of: id) == [])
            #expect(try await cluster.get(.namespaces, namespace, namespace: nil) == nil)
            #expect(try await neighbours(in: neighbour, of: stage) == ["web", "web", "other-replay", "other-node"])
            try await stage.plane.kubectl(["delete", "node/other-\(neighbour)", "namespace/other-\(neighbour)"])
        }

        /// Objects with the names and labels of the replay's own, which somebody else made.
        private func plantNeighbours(in namespace: String, of stage: ClusterReplayStage) async throws {
            let mark = """
                labels: {app: web, shipslog/made-for: replay}, \
                annotations: {shipslog/replay: xxxxx, shipslog/replay-of: deploy/web@3}
                """
            try await stage.plane.kubectl(
                ["apply", "-f", "-"],
                input: """
                    apiVersion: apps/v1
                    kind: Deployment
                    metadata: {name: web, namespace: \(namespace), \(mark)}
                    spec:
                      replicas: 1
                      selector: {matchLabels: {app: web}}
                      template:
                        metadata: {labels: {app: web}}
                        spec: {containers: [{name: nginx, image: "nginx:1.26"}]}
                    ---
                    apiVersion: v1
                    kind: Service
                    metadata: {name: web, namespace: \(namespace), \(mark)}
                    spec: {selector: {app: web}, ports: [{port: 80}]}
                    ---
                    apiVersion: v1
                    kind: Namespace
                    metadata: {name: other-\(namespace), \(mark)}
                    ---
                    apiVersion: v1
                    kind: Node
                    metadata: {name: other-\(namespace), \(mark)}
                    """)
        }

        private func neighbours(in namespace: String, of stage: ClusterReplayStage) async throws -> [String] {
            let cluster = LiveCluster(stage.client)
            let places: [(Resource, String, String?, String)] = [
                (.deployments, "web", namespace, "web"), (.services, "web", namespace, "web"),
                (.namespaces, "other-\(namespace)", nil, "other-replay"),
                (.nodes, "other-\(namespace)", nil, "other-node"),
            ]
            var found: [String] = []
            for (resource, name, place, word) in places {
                guard let object = try await cluster.get(resource, name, namespace: place) else { continue }
                if object["metadata"]?["deletionTimestamp"] == nil { found.append(word) }
            }
            return found
        }

        @Test("a replay that is interrupted takes away what it made, and ends with 130")
        func interrupted() async throws {
            let stage = try await ClusterReplayStage(.shared())
            let (process, id, file) = try await stage.start("deploy/web@3")
            try await eventually("the replay has begun") { try await stage.left(of: id).count == 4 }
            kill(process.processIdentifier, SIGINT)
            try await eventually("it has ended", within: .seconds(90)) { !process.isRunning }
            #expect(process.terminationStatus == 130)
            #expect(try String(contentsOfFile: file, encoding: .utf8).contains("Removing what it made."))
            #expect(try await stage.left(of: id) == [])
        }

        @Test("in the namespaces of the recording: asked for by name, and never over what is there")
        func inPlace() async throws {
            let stage = try await ownClusterReplayStage()
            let cluster = LiveCluster(stage.client)
            func replay(typing answer: String) async throws -> Program.Run {
                let command = stage.arguments([
                    "replay", "deploy/web@2", "--to", "cluster", "--reenact", "--in-place", "--ledger",
                    stage.ledger.path,
                ])
                return try await Program.inBackground(builtProgram, command, input: Data("\(answer)\n".utf8))
            }
            let missing = try await replay(typing: "shop")
            #expect(missing.status == 1)
            #expect(missing.errors.contains("error: There is no namespace shop on this cluster to replay in."))
            try await stage.plane.kubectl(["create", "namespace", "shop"])
            let refused = try await replay(typing: "other")
            #expect(refused.status == 1 && refused.errors.contains("error: Nothing was done."))
            // No pod beyond those of before fits: the surge of the rollout does not.
            try await stage.plane.kubectl(["create", "quota", "pods", "--hard=pods=4", "-n", "shop"])
            try await eventually("the quota counts") {
                let quota = try await stage.plane.kubectl(["get", "quota", "pods", "-n", "shop", "-o", "json"])
                return quota.contains("\"used\"")
            }
            let diverged = try await replay(typing: "shop")
            #expect(diverged.status == 3, "\(diverged)")
            #expect(diverged.output.contains("The cluster would not let pods be made: "), "\(diverged.output)")
            #expect(diverged.output.contains("exceeded quota: pods"))
            #expect(diverged.output.contains("Raise the quota"))
            for resource in [Resource.deployments, .services, .pods] {
                #expect(try await cluster.list(ClusterSelection(resource, namespace: "shop")) == [])
            }
            try await stage.plane.kubectl(["delete", "quota", "pods", "-n", "shop"])
            try await plantNeighbours(in: "shop", of: stage)
            let occupied = try await replay(typing: "shop")
            #expect(occupied.status == 1)
            #expect(
                occupied.errors.contains(
                    "error: deployment/web is there already in shop, and a replay changes nothing that it did not make."
                ))
            #expect(try await neighbours(in: "shop", of: stage) == ["web", "web", "other-replay", "other-node"])
        }

        @Test("a dry run on the server says what it would refuse today, down to the pods, and changes nothing")
        func serverDryRun() async throws {
            let stage = try await ClusterReplayStage(.shared())
            let namespace = try await stage.plane.makeNamespace("dry")
            let printed = await shipslog(["plan", "deploy/web@4", "-o", "yaml"], ledger: stage.ledger.path)
            let plan = stage.ledger.folder.file("plan.yaml")
            try Data(printed.output.replacing("shop/", with: "\(namespace)/").utf8)
                .write(to: URL(filePath: plan))
            let command = stage.arguments(["replay", "--plan", plan, "--dry-run=server"])
            let missing = await shipslog(command)
            #expect(missing.status == 3)
            #expect(missing.output.contains("refused: deployment \"web\" not found in \(namespace)"), "\(missing)")
            try await stage.plane.kubectl(["create", "deployment", "web", "--image=nginx:1", "-n", namespace])
            try await stage.plane.kubectl(["create", "quota", "none", "--hard=pods=0", "-n", namespace])
            try await eventually("the quota counts") {
                let quota = try await stage.plane.kubectl(["get", "quota", "none", "-n", namespace, "-o", "json"])
                return quota.contains("\"used\"")
            }
            let refused = await shipslog(command + ["-o", "json"])
            #expect(refused.status == 3)
            let problems = try SchemaValidator.problems(
                in: [SchemaValidator.Instance(schema: "replay", json: Data(refused.output.utf8))],
                schemas: LedgerSchema.outputSchemas)
            #expect(problems == [])
            let told = try CanonicalJSON.decode(JSONValue.self, from: Data(refused.output.utf8))
            #expect(told["requests"]?.array?.map { $0["isPod"] } == [false, true, false, true])
            #expect(
                told["requests"]?.array?.last?["reason"]?.string?.contains("exceeded quota: none") == true, "\(refused)"
            )
            #expect(told["summary"]?["requests"] == 4)
            try await stage.plane.kubectl(["delete", "quota", "none", "-n", namespace])
            let accepted = await shipslog(command)
            #expect(accepted.status == 0, "\(accepted)")
            #expect(accepted.output.hasSuffix("\n\nAccepted: 4 requests.\n"))
            #expect(
                try await stage.plane.kubectl(["get", "deployment", "web", "-n", namespace, "-o", "jsonpath={..image}"])
                    == "nginx:1")
            #expect(
                try await LiveCluster(stage.client).list(ClusterSelection(.deployments, namespace: namespace)).count
                    == 1)
        }

        @Test("what cannot be is told in a sentence, and leaves nothing behind")
        func mistakes() async throws {
            let stage = try await ClusterReplayStage(.shared())
            let folder = stage.ledger.folder
            let nobody = folder.file("nobody")
            try Data(
                """
                apiVersion: v1
                kind: Config
                clusters: [{name: c, cluster: {server: "http://127.0.0.1:1"}}]
                users: [{name: u, user: {}}]
                contexts: [{name: nobody, context: {cluster: c, user: u}}]
                """.utf8
            ).write(to: URL(filePath: nobody))
            let admin = stage.plane.kubeconfig()
            let viewer = stage.plane.kubeconfig(.viewer)
            let cases: [([String], Int32, String)] = [
                (
                    ["--kubeconfig", admin], 2,
                    "error: A replay on a cluster makes objects there, so the cluster has to be named."
                ),
                (
                    ["--kubeconfig", admin, "--context", "nowhere"], 1,
                    "There is no context 'nowhere' in the kubeconfig"
                ),
                (["--kubeconfig", nobody, "--context", "nobody"], 1, "cannot be reached"),
                (["--kubeconfig", viewer, "--context", "viewer"], 1, "does not allow it"),
                (
                    ["--kubeconfig", admin, "--context", "admin", "--map-image", "apache:2=nginx:2"], 2,
                    "error: No pod of deploy/web@3 has the image apache:2."
                ),
            ]
            for (options, status, words) in cases {
                let result = await shipslog(
                    ["replay", "deploy/web@3", "--to", "cluster"] + options, ledger: stage.ledger.path)
                #expect(result.status == status, "\(result)")
                #expect(result.notices.contains(words), "\(result)")
            }
        }
    }
#endif
