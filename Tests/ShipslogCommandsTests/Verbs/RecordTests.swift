#if Network
    import EventLedger
    import Foundation
    import KubernetesClient
    import RolloutModel
    import ShipslogTesting
    import Testing

    @Suite("Recording a real API server", .enabled(if: ControlPlane.isWanted, "SHIPSLOG_SKIP_CLUSTER is set."))
    struct RecordTests {
        private static func record(
            _ namespace: String, into ledger: String, of plane: ControlPlane
        ) throws -> RecorderProcess {
            try RecorderProcess(["-n", namespace, "--quiet"], into: ledger, kubeconfig: plane.kubeconfig())
        }

        /// Plays the kubelet: every pod gets ready, but for those of an image that is named bad.
        private static func playKubelet(_ client: KubernetesClient, in namespace: String) async throws {
            for try await change in client.watch(.pods, namespace: namespace) {
                let objects: [KubernetesObject]
                switch change {
                case .listed(let listed): objects = listed
                case .changed(.added, let object): objects = [object]
                case .changed(.modified, let object) where try object.value()["metadata"]?["deletionTimestamp"] != nil:
                    _ = try? await client.delete(
                        .pods, object.name, namespace: namespace, options: DeleteOptions(gracePeriodSeconds: 0))
                    continue
                default: continue
                }
                for object in objects {
                    let container = try object.value()["spec"]?["containers"]?.array?.first
                    let isBad = container?["image"]?.string?.hasSuffix("bad") == true
                    let ready: JSONValue = .string(isBad ? "False" : "True")
                    let waiting: JSONValue = ["waiting": ["reason": "ImagePullBackOff", "message": "no such image"]]
                    let running: JSONValue = ["running": [:]]
                    let status: JSONValue = [
                        "phase": .string(isBad ? "Pending" : "Running"),
                        "conditions": [
                            ["type": "Ready", "status": ready], ["type": "ContainersReady", "status": ready],
                        ],
                        "containerStatuses": [
                            [
                                "name": container?["name"] ?? "", "image": container?["image"] ?? "", "imageID": "",
                                "ready": .bool(!isBad), "restartCount": 0, "state": isBad ? waiting : running,
                            ]
                        ],
                    ]
                    _ = try? await client.patch(
                        .pods, object.name, .merge(["status": status]), namespace: namespace, subresource: "status")
                }
            }
        }

        private static func rollouts(_ ledger: String) throws -> [Rollout] {
            let ledger = try Ledger.open(at: ledger, mode: .readOnly)
            return try ledger.rollouts()
        }

        /// What a ledger says, but for the hints of core Events: to which history one goes depends on what was seen before.
        private static func statements(_ path: String) async throws -> Set<String> {
            let ledger = try Ledger.open(at: path, mode: .readOnly)
            var statements: Set<String> = []
            for try await event in ledger.events() where event.event.type.rawValue != "hint.observed" {
                let text = String(decoding: event.event.payload, as: UTF8.self)
                #expect(statements.insert("\(event.event.id) \(event.event.type.rawValue) \(text)").inserted)
            }
            return statements
        }

        @Test("killed twenty times, a recorder records what one does that was left alone", .timeLimit(.minutes(10)))
        func kills() async throws {
            let plane = try await ControlPlane.shared()
            let namespace = try await plane.makeNamespace()
            var choice = ClientConfiguration.Choice()
            choice.kubeconfig = plane.kubeconfig()
            let client = try KubernetesClient(.load(choice, environment: [:]))
            let folder = try TemporaryFolder()
            let (calm, shaken) = (folder.file("calm.db"), folder.file("shaken.db"))
            let kubelet = Task { try await Self.playKubelet(client, in: namespace) }
            defer { kubelet.cancel() }
            let undisturbed = try Self.record(namespace, into: calm, of: plane)
            var recording = try Self.record(namespace, into: shaken, of: plane)
            try await undisturbed.untilReady()
            try await recording.untilReady()

            let changes = Task {
                try await plane.kubectl(
                    as: .alice,
                    ["-n", namespace, "create", "deployment", "web", "--image", "nginx:1.25", "--replicas", "3"])
                for (user, image) in [
                    (ControlPlane.User.alice, "nginx:1.26"), (.alice, "nginx:bad"), (.bob, "nginx:1.26"),
                    (.bob, "nginx:1.27"),
                ] {
                    let number = try Self.rollouts(calm).count
                    try await eventually("the time for the next change") {
                        let rollouts = try Self.rollouts(calm)
                        guard rollouts.count > 0, rollouts.count >= number, let last = rollouts.last else {
                            return false
                        }
                        let isBad = last.toImages == ["nginx:bad"]
                        return isBad ? last.diagnosis != nil : last.outcome == .succeeded
                    }
                    try await plane.kubectl(
                        as: user, ["-n", namespace, "set", "image", "deployment/web", "nginx=\(image)"])
                    try await eventually("another rollout") { try Self.rollouts(calm).count > number }
                }
                try await eventually("the last rollout has succeeded") {
                    try Self.rollouts(calm).last?.outcome == .succeeded
                }
            }
            var random = SeededGenerator(seed: 7)
            for _ in 0..<20 {
                try await Task.sleep(for: .milliseconds(Int.random(in: 20...700, using: &random)))
                _ = try await recording.end(SIGKILL)
                recording = try Self.record(namespace, into: shaken, of: plane)
            }
            try await changes.value
            try await recording.untilReady()
            try await eventually("the same outcomes") {
                try Self.rollouts(shaken).map(\.outcome) == Self.rollouts(calm).map(\.outcome)
            }
            try await eventually("the same statements") {
                try await Self.statements(shaken) == Self.statements(calm)
            }

            #expect(try await recording.end(SIGTERM) == 0)
            #expect(try await undisturbed.end(SIGINT) == 0)
            #expect(!FileManager.default.fileExists(atPath: recording.ready))
            let rollouts = try Self.rollouts(shaken)
            #expect(
                rollouts.map(\.toImages) == [
                    ["nginx:1.25"], ["nginx:1.26"], ["nginx:bad"], ["nginx:1.26"], ["nginx:1.27"],
                ])
            #expect(rollouts.map(\.outcome) == [.succeeded, .succeeded, .rolledBack, .succeeded, .succeeded])
            #expect(rollouts.map(\.restores) == [nil, nil, nil, 2, nil])
            #expect(rollouts[2].diagnosis?.hasPrefix("ImagePullBackOff: nginx:bad") == true)
            #expect(try Ledger.open(at: shaken, mode: .readOnly).verify().isSound)

            // Who did it is in the audit log.
            let imported = try Program.run(
                builtProgram, ["import", "audit", plane.auditLog, "--cluster", "test", "--ledger", shaken])
            #expect(imported.status == 0)
            let people = try Self.rollouts(shaken).filter { $0.stream.namespace == namespace }.map { $0.actor?.name }
            #expect(people == ["alice", "alice", "alice", "bob", "bob"])
        }

        @Test("with a selector, subjects are recorded as long as their labels match, and none is told to be gone")
        func selection() async throws {
            let plane = try await ControlPlane.shared()
            let namespace = try await plane.makeNamespace()
            func kubectl(_ arguments: String...) async throws {
                try await plane.kubectl(["-n", namespace] + arguments)
            }
            for name in ["web", "cart"] {
                try await kubectl("create", "deployment", name, "--image", "nginx:1.25")
                try await kubectl("create", "service", "clusterip", name, "--tcp", "80")
            }
            try await kubectl("label", "deployment/web", "service/web", "track=live")
            let folder = try TemporaryFolder()
            let path = folder.file("ledger.db")
            func record() throws -> RecorderProcess {
                try RecorderProcess(
                    ["-n", namespace, "-l", "track=live", "--quiet"], into: path, kubeconfig: plane.kubeconfig())
            }
            var recorder = try record()
            try await recorder.untilReady()
            try await eventually("what web owns is recorded") {
                let types = try await recordedTypes(path)
                return types["deployment/web"]?.contains("pod.created") == true
                    && types["service/web"]?.contains("endpoints.changed") == true
            }
            #expect(try await recordedTypes(path).keys.sorted() == ["deployment/web", "service/web"])

            try await kubectl("label", "deployment/cart", "track=live")
            try await kubectl("label", "deployment/web", "service/web", "track-")
            try await eventually("the change of labels is recorded") {
                let types = try await recordedTypes(path)
                return types["deployment/web"]?.last == "deployment.labels_changed"
                    && types["service/web"]?.last == "service.labels_changed"
            }
            let before = try await recordedTypes(path)
            #expect(
                before["deployment/cart"] == ["deployment.created (inferred)", "deployment.labels_changed (inferred)"])

            // What it passes over it still knows after a restart.
            #expect(try await recorder.end() == 0)
            recorder = try record()
            try await recorder.untilReady()
            try await kubectl("delete", "deployment/web", "service/web", "--wait=false")
            try await kubectl("scale", "deployment/cart", "--replicas", "2")
            try await eventually("the new pod of cart is recorded") {
                try await recordedTypes(path)["deployment/cart"]?.contains("pod.created") == true
            }
            #expect(try await recorder.end() == 0)
            let after = try await recordedTypes(path)
            #expect(after["deployment/web"] == before["deployment/web"])
            #expect(after["service/web"] == before["service/web"])
            #expect(
                after["deployment/cart"]?.sorted() == [
                    "deployment.created (inferred)", "deployment.labels_changed (inferred)", "deployment.scaled",
                    "pod.created", "replicaset.created (inferred)",
                ])
            #expect(after.keys.sorted() == ["deployment/cart", "deployment/web", "service/web"])
        }

        @Test("one that is to stop while the ledger is locked waits a little, then says what is not written")
        func lockedLedger() async throws {
            let plane = try await ControlPlane.shared()
            let namespace = try await plane.makeNamespace()
            let folder = try TemporaryFolder()
            let path = folder.file("ledger.db")
            var recorder = try Self.record(namespace, into: path, of: plane)
            try await recorder.untilReady()
            let lock = open(path + ".lock", O_RDWR)
            defer { close(lock) }
            #expect(flock(lock, LOCK_EX) == 0)
            try await plane.kubectl(["-n", namespace, "create", "deployment", "web", "--image", "nginx:1.25"])
            try await eventually("the recorder is not ready any more") {
                !FileManager.default.fileExists(atPath: recorder.ready)
            }
            #expect(try await recorder.end(SIGTERM) == 1)
            #expect(
                try recorder.errors == """
                    error: The recorder stopped before all it had seen was written. The ledger \(path) is locked by \
                    another process.
                    Nothing is lost: started again, it goes on from what is written.

                    """)
            #expect(try await recordedTypes(path)["deployment/web"] == nil)

            #expect(flock(lock, LOCK_UN) == 0)
            recorder = try Self.record(namespace, into: path, of: plane)
            try await eventually("what it had seen is written") {
                try await recordedTypes(path)["deployment/web"]?.contains("pod.created") == true
            }
            #expect(try await recordedTypes(path)["recording/deployments"] == nil)
            #expect(try await recorder.end() == 0)
        }

        @Test("another cluster under the same name, and a server that is not there, are told in a sentence")
        func refused() async throws {
            let plane = try await ControlPlane.shared()
            let folder = try TemporaryFolder()
            let path = folder.file("ledger.db")
            let ledger = try Ledger.create(at: path)
            _ = try await ledger.append(
                [], remembering: RecorderMemory(recorder: "test", changes: ["cluster": Data("another".utf8)]))
            try ledger.close()
            let arguments = ["record", "-n", "shop", "--cluster", "test", "--ledger", path, "--kubeconfig"]
            for part in [[], ["-n", "cart"], ["-l", "app=web"]] {
                let other = try Program.run(builtProgram, arguments + [plane.kubeconfig()] + part)
                #expect(other.status == 1)
                #expect(other.errors.contains("there is another cluster than the one recorded as test."))
            }

            let missing = try Program.run(builtProgram, arguments + [folder.file("kubeconfig")])
            #expect(missing.status == 1)
            #expect(missing.errors == "error: There is no kubeconfig \(folder.file("kubeconfig")).\n")
        }
    }
#endif
