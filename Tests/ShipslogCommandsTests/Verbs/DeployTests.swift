#if Network
    import EventLedger
    import Foundation
    import KubernetesClient
    import RolloutModel
    import ShipslogTesting
    import Testing

    @Suite("Deploying the recorder", .enabled(if: ControlPlane.isWanted, "SHIPSLOG_SKIP_CLUSTER is set."))
    struct DeployTests {
        private static let manifest = Fixtures.folder.deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("tools/deploy/kubernetes.yaml").path

        /// A kubeconfig of the service account that the manifest makes.
        private func kubeconfig(of plane: ControlPlane, in folder: TemporaryFolder) async throws -> String {
            try await plane.kubectl(["apply", "-f", Self.manifest])
            let request = #"{"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}}"#
            let answer = try await plane.kubectl(
                [
                    "create", "-f", "-", "--raw",
                    "/api/v1/namespaces/shipslog/serviceaccounts/shipslog-record/token",
                ], input: request)
            let token = try #require(
                try CanonicalJSON.decode(JSONValue.self, from: Data(answer.utf8))["status"]?["token"]?.string)
            var choice = ClientConfiguration.Choice()
            choice.kubeconfig = plane.kubeconfig()
            let admin = try ClientConfiguration.load(choice, environment: [:])
            let authority: Data? =
                switch admin.certificateAuthority {
                case .given(let data): data
                case .file(let path): FileManager.default.contents(atPath: path)
                case nil: nil
                }
            let path = folder.file("kubeconfig")
            try """
            {"apiVersion": "v1", "kind": "Config", "current-context": "c",
             "clusters": [{"name": "c", "cluster": {"server": "\(admin.server)",
               "certificate-authority-data": "\(#require(authority).base64EncodedString())"}}],
             "users": [{"name": "c", "user": {"token": "\(token)"}}],
             "contexts": [{"name": "c", "context": {"cluster": "c", "user": "c"}}]}
            """.write(toFile: path, atomically: true, encoding: .utf8)
            return path
        }

        @Test(
            "the recorder records all namespaces with the rights of the manifest, which allow nothing that it does not use"
        )
        func rights() async throws {
            let plane = try await ControlPlane.shared()
            let folder = try TemporaryFolder()
            let kubeconfig = try await kubeconfig(of: plane, in: folder)

            let review = try Program.run(
                "/usr/bin/env",
                [
                    "kubectl", "--kubeconfig", kubeconfig, "create", "-f", "-", "--raw",
                    "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews",
                ],
                input: Data(
                    #"{"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectRulesReview", "spec": {"namespace": "default"}}"#
                        .utf8))
            #expect(review.status == 0, "\(review.errors)")
            let status = try CanonicalJSON.decode(JSONValue.self, from: Data(review.output.utf8))["status"]
            let rules = Set(
                (status?["resourceRules"]?.array ?? []).map { rule in
                    func words(_ key: String) -> String {
                        (rule[key]?.array ?? []).compactMap(\.string).sorted().joined(separator: ",")
                    }
                    return [words("verbs"), words("apiGroups"), words("resources"), words("resourceNames")]
                        .joined(separator: " ")
                })
            #expect(
                rules == [
                    "list,watch apps deployments,replicasets ", "list,watch  events,pods,services ",
                    "list,watch discovery.k8s.io endpointslices ",
                    "list,watch gateway.networking.k8s.io httproutes ", "get  namespaces kube-system",
                    // What Kubernetes allows everybody: to ask what is allowed.
                    "create authorization.k8s.io selfsubjectaccessreviews,selfsubjectrulesreviews ",
                ])

            let namespace = try await plane.makeNamespace()
            let path = folder.file("ledger.db")
            let ready = folder.file("ready")
            let recorder = Process()
            recorder.executableURL = URL(filePath: builtProgram)
            recorder.arguments = [
                "record", "--all-namespaces", "--cluster", "test", "--kubeconfig", kubeconfig, "--ledger", path,
                "--readiness-file", ready, "--quiet",
            ]
            recorder.environment = ["HOME": "/nonexistent"]
            try recorder.run()
            defer { if recorder.isRunning { kill(recorder.processIdentifier, SIGKILL) } }
            try await eventually("the recorder is ready") {
                FileManager.default.fileExists(atPath: ready) || !recorder.isRunning
            }
            try await plane.kubectl(
                as: .alice, ["create", "deployment", "web", "--image", "nginx:1.25", "-n", namespace])
            try await plane.kubectl(
                as: .alice, ["create", "service", "clusterip", "web", "--tcp=80:80", "-n", namespace])
            let web = StreamName(cluster: "test", namespace: namespace, kind: "deployment", name: "web")
            let service = StreamName(cluster: "test", namespace: namespace, kind: "service", name: "web")
            let wanted: Set<String> = [
                "deployment.created", "replicaset.created", "pod.created", "service.created", "endpoints.changed",
            ]
            try await eventually("an event of each kind") {
                let ledger = try Ledger.open(at: path, mode: .readOnly)
                var types: Set<String> = []
                for try await event in ledger.events(EventQuery(streams: [web, service])) {
                    types.insert(event.event.type.rawValue)
                }
                return types.isSuperset(of: wanted)
            }
            kill(recorder.processIdentifier, SIGTERM)
            try await eventually("the recorder has ended") { !recorder.isRunning }
            #expect(recorder.terminationStatus == 0)
        }
    }
#endif
