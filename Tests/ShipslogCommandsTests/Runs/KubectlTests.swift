#if Network
    import EventLedger
    import Foundation
    import KubernetesClient
    import RolloutModel
    import ShipslogTesting
    import Testing

    @testable import ShipslogCommands

    @Suite(
        "Runs beside others on a real API server",
        .enabled(if: ControlPlane.isWanted, "SHIPSLOG_SKIP_CLUSTER is set."))
    struct KubectlTests {
        @Test("kubectl rollout status, history and undo see what was rolled out")
        func kubectl() async throws {
            try await RunStage().play { stage in
                try await stage.deploy("web", replicas: 1)
                for image in ["nginx:2", "nginx:3"] {
                    let result = await stage.shipslog(["rollout", "rolling", "deploy/web", "--image", image])
                    #expect(result.status == 0, "\(result)")
                }
                func kubectl(_ arguments: [String]) async throws -> String {
                    try await stage.plane.kubectl(["-n", stage.namespace, "rollout"] + arguments)
                }
                let status = try await kubectl(["status", "deploy/web"])
                #expect(status == "deployment \"web\" successfully rolled out\n")
                let history = try await kubectl(["history", "deploy/web"]).split(separator: "\n").map { line in
                    line.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
                }
                #expect(
                    history == [
                        "deployment.apps/web", "REVISION CHANGE-CAUSE", "1 <none>", "2 shipslog: nginx:2",
                        "3 shipslog: nginx:3",
                    ])
                _ = try await kubectl(["undo", "deploy/web"])
                _ = try await kubectl(["status", "deploy/web"])
                #expect(try await stage.image(.deployments, "web") == "nginx:2")
                // What somebody else did between two runs is theirs.
                let back = await stage.shipslog(["rollout", "rolling", "deploy/web", "--image", "nginx:4"])
                #expect(back.status == 0, "\(back)")
                #expect(
                    try stage.story("deployment", "web") == [
                        "rollout →1 succeeded", "rollout 1→2 succeeded", "rollout 2→3 succeeded",
                        "rollback 3→2 succeeded", "rollout 2→4 succeeded",
                    ])
                let rollouts = try stage.ledger.ledger.rollouts(
                    RolloutQuery(stream: stage.stream("deployment", "web")))
                #expect(rollouts.map { $0.actor?.name } == ["shipslog", "alice", "alice", "kubectl", "alice"])
            }
        }

        @Test("what kubectl, Helm and Argo CD roll out is recorded as theirs")
        func others() async throws {
            try await RunStage().play { stage in
                try await stage.deploy("web", replicas: 1)
                let recorder = try RecorderProcess(
                    ["-n", stage.namespace, "--quiet"], into: stage.ledger.path, kubeconfig: stage.plane.kubeconfig())
                try await recorder.untilReady()
                for (number, manager) in ["kubectl-set", "helm", "argocd-controller"].enumerated() {
                    _ = try await stage.plane.kubectl([
                        "-n", stage.namespace, "set", "image", "deploy/web", "web=nginx:\(number + 2)",
                        "--field-manager", manager,
                    ])
                    _ = try await stage.plane.kubectl(["-n", stage.namespace, "rollout", "status", "deploy/web"])
                }
                try await eventually("the last rollout is recorded") {
                    try stage.story("deployment", "web").last == "rollout 3→4 succeeded"
                }
                #expect(try await recorder.end() == 0)
                let rollouts = try stage.ledger.ledger.rollouts(
                    RolloutQuery(stream: stage.stream("deployment", "web")))
                #expect(
                    rollouts.map(\.actor)
                        == ["shipslog", "kubectl-set", "helm", "argocd-controller"].map {
                            Actor(name: $0, evidence: .fieldManager)
                        })
            }
        }

        @Test("pods that a quota forbids are named, and what was there before is brought back")
        func quota() async throws {
            try await RunStage().play { stage in
                try await stage.deploy("web", replicas: 2)
                try await stage.serve("web", selecting: ["app": "web"])
                try await stage.plane.kubectl([
                    "create", "quota", "few", "-n", stage.namespace, "--hard", "pods=2",
                ])
                try await eventually("the quota is known") {
                    try await stage.plane.kubectl([
                        "get", "quota", "few", "-n", stage.namespace, "-o", "jsonpath={.status.used.pods}",
                    ]) == "2"
                }
                let result = await stage.shipslog([
                    "rollout", "rolling", "deploy/web", "--image", "nginx:2", "--max-unavailable", "0", "--max-surge",
                    "1",
                ])
                #expect(result.status == 1)
                #expect(result.output == "deploy/web@3 is back at nginx:1\n", "\(result)")
                #expect(result.notices.contains("exceeded quota: few"), "\(result)")
                #expect(try await stage.image(.deployments, "web") == "nginx:1")
                let canary = await stage.shipslog([
                    "rollout", "canary", "--stable", "deploy/web", "--image", "nginx:2", "--steps", "50%",
                ])
                #expect(canary.output == "deploy/web serves alone again\n", "\(canary)")
                #expect(canary.notices.contains("exceeded quota: few"), "\(canary)")
                #expect(try await stage.client.list(.deployments, namespace: stage.namespace).objects.count == 1)
            }
        }

        /// A webhook that admits nothing, on a port that it prints.
        private static let webhook = """
            import http.server, json, ssl, sys
            class Refusal(http.server.BaseHTTPRequestHandler):
                def do_POST(self):
                    review = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                    review["response"] = {"uid": review["request"]["uid"], "allowed": False,
                                          "status": {"code": 403, "message": "no releases on Fridays"}}
                    answer = json.dumps(review).encode()
                    self.send_response(200)
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", str(len(answer)))
                    self.end_headers()
                    self.wfile.write(answer)
                def log_message(self, *words): pass
            server = http.server.HTTPServer(("127.0.0.1", 0), Refusal)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(sys.argv[1], sys.argv[2])
            server.socket = context.wrap_socket(server.socket, server_side=True)
            print(server.server_port, flush=True)
            server.serve_forever()
            """

        @Test("what an admission webhook refuses is said in its words, and nothing is left half done")
        func admission() async throws {
            try await RunStage().play { stage in
                try await stage.deploy("web", replicas: 1)
                let folder = try TemporaryFolder()
                let (key, certificate) = (folder.file("key.pem"), folder.file("certificate.pem"))
                let made = try await Program.inBackground(
                    "/usr/bin/env",
                    [
                        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=webhook", "-addext",
                        "subjectAltName=IP:127.0.0.1",
                    ])
                #expect(made.status == 0, "\(made.errors)")
                let server = Process()
                server.executableURL = URL(filePath: "/usr/bin/env")
                server.arguments = ["python3", "-c", Self.webhook, certificate, key]
                let output = Pipe()
                server.standardOutput = output
                try server.run()
                defer { kill(server.processIdentifier, SIGKILL) }
                let port = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
                    .trimmingCharacters(in: .newlines)
                let authority = try Data(contentsOf: URL(filePath: certificate)).base64EncodedString()
                try await stage.plane.kubectl(
                    ["label", "namespace", stage.namespace, "run=\(stage.namespace)"])
                try await stage.plane.kubectl(
                    ["apply", "-f", "-"],
                    input: """
                        apiVersion: admissionregistration.k8s.io/v1
                        kind: ValidatingWebhookConfiguration
                        metadata: {name: \(stage.namespace)}
                        webhooks:
                          - name: policy.example.org
                            admissionReviewVersions: [v1]
                            sideEffects: None
                            failurePolicy: Fail
                            namespaceSelector: {matchLabels: {run: \(stage.namespace)}}
                            clientConfig: {url: "https://127.0.0.1:\(port)/", caBundle: \(authority)}
                            rules:
                              - {apiGroups: [apps], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [deployments]}
                        """)
                func refused(_ arguments: [String]) async -> CommandResult {
                    await stage.shipslog(["rollout", "rolling", "deploy/web", "--image", "nginx:2"] + arguments)
                }
                try await eventually("the webhook is asked") {
                    await refused(["--dry-run", "server"]).status == 1
                }
                let result = await refused([])
                try await stage.plane.kubectl(["delete", "validatingwebhookconfiguration", stage.namespace])
                #expect(result.status == 1)
                #expect(
                    result.notices.contains(
                        "does not allow it: admission webhook \"policy.example.org\" denied the request: no releases on Fridays.\n"
                    ), "\(result)")
                #expect(try await stage.image(.deployments, "web") == "nginx:1")
                #expect(try await RunCatalog(ledger: stage.ledger.ledger).open().isEmpty)
            }
        }
    }
#endif
