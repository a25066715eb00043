#if Network
    import EventLedger
    import Foundation
    import KubernetesClient
    import RolloutModel
    import ShipslogTesting
    import Testing

    @Suite(
        "Recording while something goes wrong", .serialized,
        .enabled(if: ControlPlane.isWanted, "SHIPSLOG_SKIP_CLUSTER is set."))
    struct RecordFaultTests {
        /// A plane of its own, whose parts are stopped.
        private static let started = Task { try await ControlPlane.start() }

        private let plane: ControlPlane
        private let namespace: String
        private let folder: TemporaryFolder
        private var path: String { folder.file("ledger.db") }

        init() async throws {
            plane = try await Self.started.value
            namespace = try await plane.makeNamespace()
            folder = try TemporaryFolder()
        }

        private func kubectl(_ arguments: String...) async throws {
            try await plane.kubectl(["-n", namespace] + arguments)
        }

        private func record(with kubeconfig: String? = nil, name: String = "recorder") throws -> RecorderProcess {
            try RecorderProcess(
                ["-n", namespace], into: path, kubeconfig: kubeconfig ?? plane.kubeconfig(), name: name)
        }

        private func configuration(of plane: ControlPlane) throws -> ClientConfiguration {
            var choice = ClientConfiguration.Choice()
            choice.kubeconfig = plane.kubeconfig()
            return try ClientConfiguration.load(choice, environment: [:])
        }

        private func port(of plane: ControlPlane) throws -> Int {
            try #require(URLComponents(string: configuration(of: plane).server)?.port)
        }

        /// A kubeconfig of the plane's admin, in which something is put in place of something else.
        private func kubeconfig(_ replacements: KeyValuePairs<String, String>) throws -> String {
            var text = try String(contentsOfFile: plane.kubeconfig(), encoding: .utf8)
            for (old, new) in replacements {
                try #require(text.contains(old))
                text = text.replacing(old, with: new)
            }
            let file = folder.file("kubeconfig-\(UUID().uuidString)")
            try text.write(toFile: file, atomically: true, encoding: .utf8)
            return file
        }

        private func untilTroubled(_ recorder: RecorderProcess, _ sentence: String) async throws {
            try await eventually("the recorder tells: \(sentence)") {
                try recorder.errors.contains(sentence) && !FileManager.default.fileExists(atPath: recorder.ready)
            }
        }

        private func untilRecorded(_ type: String, _ count: Int = 1, of subject: String) async throws {
            try await eventually("\(count) times \(type) of \(subject)") {
                try await recordedTypes(path)[subject, default: []].count { $0.hasPrefix(type) } == count
            }
        }

        /// The types of what is recorded of the Deployment `web`, sorted: what several watches tell comes in any order.
        private func typesOfWeb() async throws -> [String] {
            let types = try await recordedTypes(path)
            #expect(types.keys.filter { !$0.hasPrefix("recording/") } == ["deployment/web"])
            return types["deployment/web", default: []].sorted()
        }

        private static let created = [
            "deployment.created", "deployment.labels_changed", "pod.created", "replicaset.created",
        ]

        private func gaps() async throws -> [RecordingGap] {
            let ledger = try Ledger.open(at: path, mode: .readOnly)
            var gaps: [RecordingGap] = []
            for try await event in ledger.events(EventQuery(types: [EventType(rawValue: "recording.gap")])) {
                if case .recordingGap(let gap) = try event.event.fact() { gaps.append(gap) }
            }
            return gaps
        }

        private func isSound() throws -> Bool { try Ledger.open(at: path, mode: .readOnly).verify().isSound }

        // MARK: The ledger

        /// Sets how large the files may get that a recorder writes.
        private func limitFiles(of recorder: RecorderProcess, to size: String) throws {
            let process = String(recorder.process.processIdentifier)
            let run = try Program.run("/usr/bin/env", ["prlimit", "--pid", process, "--fsize=\(size):"])
            try #require(run.status == 0, "\(run.errors)")
        }

        @Test("one whose ledger cannot grow waits, goes on when it can, and if stopped before says what is missing")
        func fullDisk() async throws {
            var recorder = try record()
            try await recorder.untilReady()
            let full = "Reading or writing the ledger \(path) failed on its medium"
            try limitFiles(of: recorder, to: "40960")
            try await kubectl("create", "deployment", "web", "--image", "nginx:1.25")
            try await untilTroubled(recorder, full)
            #expect(try await recordedTypes(path) == [:])
            #expect(try isSound())

            try limitFiles(of: recorder, to: "unlimited")
            try await recorder.untilReady()
            try await untilRecorded("pod.created", of: "deployment/web")

            try limitFiles(of: recorder, to: "40960")
            let told = try recorder.errors.count
            try await kubectl("scale", "deployment/web", "--replicas", "3")
            try await eventually("the recorder tells it again") {
                try String(recorder.errors.dropFirst(told)).contains(full)
            }
            #expect(try await recorder.end() == 1)
            let last = try recorder.errors.split(separator: "\n").suffix(2).map(String.init)
            #expect(last[0].hasPrefix("error: The recorder stopped before all it had seen was written. \(full)"))
            #expect(last[1] == "Nothing is lost: started again, it goes on from what is written.")

            recorder = try record()
            try await untilRecorded("pod.created", 3, of: "deployment/web")
            #expect(try await recorder.end() == 0)
            let scaled = ["deployment.scaled", "pod.created", "pod.created", "replicaset.scaled"]
            #expect(try await typesOfWeb() == (Self.created + scaled).sorted())
            #expect(try await gaps() == [])
            #expect(try isSound())
        }

        @Test("of recorders of two clusters that start at once under one name one records, and the other says why not")
        func twoClusters() async throws {
            let other = try await ControlPlane.shared()
            try await other.kubectl(["create", "namespace", namespace])
            try await kubectl("create", "deployment", "first", "--image", "nginx:1.25")
            try await other.kubectl([
                "-n", namespace, "create", "deployment", "second", "--image", "nginx:1.25",
            ])
            let first = try record(name: "first")
            let second = try record(with: other.kubeconfig(), name: "second")
            try await eventually("one has ended") { !first.process.isRunning || !second.process.isRunning }
            let (winner, loser) = second.process.isRunning ? (second, first) : (first, second)
            try await winner.untilReady()
            #expect(try await loser.ended() == 1)
            let port = try port(of: loser === first ? plane : other)
            #expect(
                try loser.errors == """
                    error: At https://127.0.0.1:\(port) there is another cluster than the one recorded as test.
                    Its namespace kube-system has another UID. Give it another name with --cluster.

                    """)
            let subject = "deployment/\(winner === first ? "first" : "second")"
            try await untilRecorded("pod.created", of: subject)
            #expect(try await recordedTypes(path).keys.sorted() == [subject])
            #expect(try await winner.end() == 0)
        }

        // MARK: The API server

        @Test("an API server that is stopped and started is waited for, and nothing is missed")
        func restart() async throws {
            let recorder = try record()
            try await recorder.untilReady()
            try await kubectl("create", "deployment", "web", "--image", "nginx:1.25")
            try await untilRecorded("pod.created", of: "deployment/web")
            try await plane.stop(.apiserver)
            let server = "https://127.0.0.1:\(try port(of: plane))"
            try await untilTroubled(recorder, "The API server \(server) cannot be reached: connection refused.")
            try await plane.start(.apiserver)
            try await recorder.untilReady()
            try await kubectl("scale", "deployment/web", "--replicas", "2")
            try await untilRecorded("pod.created", 2, of: "deployment/web")
            #expect(try await recorder.end() == 0)
            let scaled = ["deployment.scaled", "pod.created", "replicaset.scaled"]
            #expect(try await typesOfWeb() == (Self.created + scaled).sorted())
            // A server that has just started may have to say that it does not know what was before.
            for gap in try await gaps() {
                #expect(gap.reason == "410 Expired: too old resource version")
                #expect(gap.fromResourceVersion != nil && gap.toResourceVersion != nil)
            }
            #expect(try isSound())
        }

        @Test("what etcd forgot while the recorder was away is a gap with its bounds, and then inferred")
        func compaction() async throws {
            var recorder = try record()
            try await recorder.untilReady()
            try await kubectl("create", "deployment", "web", "--image", "nginx:1.25")
            try await untilRecorded("pod.created", of: "deployment/web")
            _ = try await recorder.end(SIGKILL)

            try await kubectl("set", "image", "deployment/web", "nginx=nginx:1.26")
            try await kubectl("scale", "deployment/web", "--replicas", "2")
            try await kubectl("create", "service", "clusterip", "web", "--tcp", "80")
            try await plane.stop(.apiserver)
            try await plane.compact()
            try await plane.start(.apiserver)
            recorder = try record()
            try await recorder.untilReady()
            try await untilRecorded("service.created", of: "service/web")
            try await untilRecorded("deployment.scaled", of: "deployment/web")
            let gaps = try await gaps()
            #expect(Set(gaps.map(\.resource)).isSuperset(of: ["deployments", "pods", "replicasets", "services"]))
            for gap in gaps {
                #expect(gap.reason == "410 Expired: too old resource version")
                let bounds = try #require(
                    gap.fromResourceVersion.flatMap { from in gap.toResourceVersion.map { (Int(from), Int($0)) } })
                #expect(try #require(bounds.0) < #require(bounds.1))
            }
            let types = try await recordedTypes(path)
            #expect(
                types["deployment/web"]?.filter { $0.hasPrefix("deployment.") } == [
                    "deployment.created", "deployment.labels_changed", "deployment.template_changed (inferred)",
                    "deployment.scaled (inferred)",
                ])
            #expect(types["service/web"]?.contains("service.created (inferred)") == true)

            try await kubectl("scale", "deployment/web", "--replicas", "3")
            try await untilRecorded("deployment.scaled", 2, of: "deployment/web")
            #expect(try await recordedTypes(path)["deployment/web"]?.contains("deployment.scaled") == true)
            #expect(try await recorder.end() == 0)
            #expect(try isSound())
        }

        @Test("an impostor in the server's place is told and not recorded, and the right one is when it is back")
        func otherAuthority() async throws {
            let impostor = try await ControlPlane.shared()
            try await impostor.kubectl(["create", "namespace", namespace])
            try await impostor.kubectl(["-n", namespace, "create", "deployment", "false", "--image", "nginx:1.25"])
            let port = try port(of: plane)
            let proxy = try await FaultyProxy.start(toPort: port)
            let server = "https://127.0.0.1:\(proxy.port)"
            let kubeconfig = try kubeconfig(["https://127.0.0.1:\(port)": server])
            let recorder = try record(with: kubeconfig)
            try await recorder.untilReady()
            proxy.redirect(toPort: try self.port(of: impostor))
            proxy.cut()
            let sentence =
                "The certificate of the API server \(server) is not to be trusted: "
                + "no authority that is known here has signed it, or it has expired."
            try await untilTroubled(recorder, sentence)

            let late = try record(with: kubeconfig, name: "late")
            #expect(try await late.ended() == 1)
            #expect(
                try late.errors
                    == "error: \(sentence)\nSee certificate-authority and tls-server-name in the kubeconfig.\n")

            proxy.redirect(toPort: port)
            try await recorder.untilReady()
            try await kubectl("create", "deployment", "web", "--image", "nginx:1.25")
            try await untilRecorded("pod.created", of: "deployment/web")
            #expect(try await recorder.end() == 0)
            #expect(try await typesOfWeb() == Self.created)
            #expect(try await gaps() == [])
        }

        // MARK: Credentials

        /// A token of the service account `robot` that holds until the secret of this name is deleted.
        private func token(_ secret: String) async throws -> String {
            try await kubectl("create", "secret", "generic", secret)
            let uid = try await plane.kubectl([
                "-n", namespace, "get", "secret", secret, "-o", "jsonpath={.metadata.uid}",
            ])
            let request = """
                {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {"boundObjectRef": \
                {"apiVersion": "v1", "kind": "Secret", "name": "\(secret)", "uid": "\(uid)"}}}
                """
            let answer = try await plane.kubectl(
                ["create", "-f", "-", "--raw", "/api/v1/namespaces/\(namespace)/serviceaccounts/robot/token"],
                input: request)
            return try #require(
                CanonicalJSON.decode(JSONValue.self, from: Data(answer.utf8))["status"]?["token"]?.string)
        }

        /// A kubeconfig of `robot` whose token stands in a file.
        private func kubeconfig(server: String, tokenFile: String) throws -> String {
            guard case .given(let authority)? = try configuration(of: plane).certificateAuthority else {
                throw ShipslogError(.notFound, "The plane's kubeconfig has no authority in it.")
            }
            let file = folder.file("robot.json")
            try """
            {"apiVersion": "v1", "kind": "Config", "current-context": "c",
             "clusters": [{"name": "c", "cluster": {"server": "\(server)",
               "certificate-authority-data": "\(authority.base64EncodedString())"}}],
             "users": [{"name": "c", "user": {"tokenFile": "\(tokenFile)"}}],
             "contexts": [{"name": "c", "context": {"cluster": "c", "user": "c"}}]}
            """.write(toFile: file, atomically: true, encoding: .utf8)
            return file
        }

        /// Waits until the server does not take a token any more: it remembers for some seconds that it was right.
        private func untilRefused(_ token: String) async throws {
            var configuration = try configuration(of: plane)
            configuration.user = .init()
            configuration.user.token = .given(Data(token.utf8))
            let client = try KubernetesClient(configuration)
            try await eventually("the token is refused") {
                do {
                    _ = try await client.list(.pods, namespace: namespace)
                    return false
                } catch let error as StatusError {
                    return error.code == 401
                }
            }
        }

        @Test("a token that expires is told, and recording goes on with the next one in the file")
        func expiredToken() async throws {
            try await kubectl("create", "serviceaccount", "robot")
            try await plane.kubectl([
                "create", "clusterrolebinding", namespace, "--clusterrole=cluster-admin",
                "--serviceaccount=\(namespace):robot",
            ])
            let (tokenFile, first) = (folder.file("token"), try await token("first"))
            try first.write(toFile: tokenFile, atomically: true, encoding: .utf8)
            let proxy = try await FaultyProxy.start(toPort: port(of: plane))
            let server = "https://127.0.0.1:\(proxy.port)"
            let recorder = try record(with: kubeconfig(server: server, tokenFile: tokenFile))
            try await recorder.untilReady()

            let second = try await token("second")
            try await kubectl("delete", "secret", "first")
            try await untilRefused(first)
            proxy.cut()
            try await untilTroubled(
                recorder, "The API server \(server) does not accept the credentials: Unauthorized.")
            try await kubectl("create", "deployment", "web", "--image", "nginx:1.25")
            try second.write(toFile: tokenFile, atomically: true, encoding: .utf8)
            try await recorder.untilReady()
            try await untilRecorded("pod.created", of: "deployment/web")
            #expect(try await recorder.end() == 0)
            #expect(try await typesOfWeb() == Self.created)
            #expect(try await gaps() == [])
        }

        // The last one, since it leaves nothing of the plane's namespaces.
        @Test(
            "an API server of another cluster in the place of the recorded one ends it, and nothing of it is recorded")
        func replaced() async throws {
            let recorder = try record()
            try await recorder.untilReady()
            try await kubectl("create", "deployment", "web", "--image", "nginx:1.25")
            try await untilRecorded("pod.created", of: "deployment/web")
            let before = try await recordedTypes(path)
            try await plane.replaceCluster()
            try await plane.kubectl(["create", "namespace", namespace])
            try await kubectl("create", "deployment", "false", "--image", "nginx:1.25")
            let sentence = "At https://127.0.0.1:\(try port(of: plane)) there is another cluster than before."
            try await untilTroubled(recorder, sentence)
            #expect(try await recorder.ended() == 1)
            #expect(
                try recorder.errors.hasSuffix(
                    "error: \(sentence)\nIts namespace kube-system has another UID.\n"))
            #expect(try await recordedTypes(path) == before)
            #expect(try isSound())
        }
    }
#endif
