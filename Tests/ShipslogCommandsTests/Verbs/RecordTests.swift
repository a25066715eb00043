#if Network
    import EventLedger
    import Foundation
    import KubernetesClient
    import RolloutModel
    import ShipslogTesting
    import Testing

    @testable import ShipslogCommands

    @Suite("Recording a real API server", .enabled(if: ControlPlane.isWanted, "SHIPSLOG_SKIP_CLUSTER is set."))
    struct RecordTests {
        private static func record(
            _ namespace: String, into ledger: String, of plane: ControlPlane, name: String = "recorder"
        ) throws -> RecorderProcess {
            try RecorderProcess(["-n", namespace, "--quiet"], into: ledger, kubeconfig: plane.kubeconfig(), name: name)
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

        @Test(
            "the whole scenario is recorded as it was, by two on one ledger and by one killed twenty times; the audit log tells who",
            .timeLimit(.minutes(10)))
        func voyage() async throws {
            let plane = try await ControlPlane.shared()
            let namespace = try await plane.makeNamespace()
            let folder = try TemporaryFolder()
            let (calm, shaken) = (folder.file("calm.db"), folder.file("shaken.db"))
            let nodes = try PretendProcess(Voyage.behaviours, in: namespace, of: plane, folder: folder)
            let undisturbed = try ["first", "second"].map {
                try Self.record(namespace, into: calm, of: plane, name: $0)
            }
            var recording = try Self.record(namespace, into: shaken, of: plane)
            try await nodes.untilReady()
            for recorder in undisturbed { try await recorder.untilReady() }
            try await recording.untilReady()

            let voyage = Task { try await Voyage(plane: plane, namespace: namespace, ledger: calm).sail() }
            var random = SeededGenerator(seed: 7)
            for _ in 0..<20 {
                try await Task.sleep(for: .milliseconds(Int.random(in: 20...1_500, using: &random)))
                _ = try await recording.end(SIGKILL)
                recording = try Self.record(namespace, into: shaken, of: plane)
            }
            try await voyage.value
            try await recording.untilReady()
            try await eventually("the same statements") {
                try await Self.statements(shaken) == Self.statements(calm)
            }
            let objects = try await plane.kubectl(["-n", namespace, "get", "deployments,pods,services", "-o", "json"])
            #expect(try await recording.end(SIGTERM) == 0)
            for recorder in undisturbed { #expect(try await recorder.end(SIGINT) == 0) }
            #expect(!FileManager.default.fileExists(atPath: recording.ready))
            #expect(try await recordedTypes(shaken).keys.filter { $0.hasPrefix("recording/") } == [])

            let ledger = try Ledger.open(at: shaken, mode: .readOnly)
            #expect(try ledger.verify().isSound)
            try await Self.expect(ledger, toBringNothingNewTo: calm)
            let list = try CanonicalJSON.decode(JSONValue.self, from: Data(objects.utf8))
            for object in list["items"]?.array ?? [] { try Self.expect(ledger, toHold: object, in: namespace) }

            let before = try ledger.rollouts().map(\.actor?.evidence)
            #expect(before == Array(repeating: .fieldManager, count: before.count))
            let imported = try Program.run(
                builtProgram, ["import", "audit", plane.auditLog, "--cluster", "test", "--ledger", shaken])
            #expect(imported.status == 0)
            let told = try ledger.rollouts(RolloutQuery(namespace: namespace)).map { rollout in
                let isSwitch = rollout.toSelector != nil
                let outcome = isSwitch || rollout.outcome == .succeeded ? "" : " \(rollout.outcome)"
                let change = rollout.toSelector.map { $0["color"] ?? "" } ?? rollout.toImages.joined()
                let back = rollout.kind == .rollback ? " back to \(rollout.restores ?? 0)" : ""
                let actor = rollout.actor.map { "\($0.name) \($0.evidence)" } ?? "nobody"
                return
                    "\(rollout.stream.subject)@\(rollout.number) \(rollout.strategy.rawValue) \(change)\(back)\(outcome) \(actor)"
            }
            #expect(
                told.sorted() == [
                    "deployment/cart-blue@1 RollingUpdate cart:1.0 alice audit",
                    "deployment/cart-green@1 RollingUpdate cart:2.0 alice audit",
                    "deployment/web-canary@1 RollingUpdate nginx:1.28 alice audit",
                    "deployment/web-canary@2 RollingUpdate nginx:crash rolledBack alice audit",
                    "deployment/web-canary@3 RollingUpdate nginx:1.28 back to 1 bob audit",
                    "deployment/web-canary@4 RollingUpdate nginx:1.29 alice audit",
                    "deployment/web@1 RollingUpdate nginx:1.25 alice audit",
                    "deployment/web@2 RollingUpdate nginx:1.26 alice audit",
                    "deployment/web@3 RollingUpdate nginx:bad failed alice audit",
                    "deployment/web@4 RollingUpdate nginx:1.26 back to 2 bob audit",
                    "deployment/web@5 Recreate nginx:1.27 alice audit",
                    "pod/batch@1 Replace batch:v1 bob audit",
                    "pod/batch@2 Replace batch:crash rolledBack bob audit",
                    "pod/batch@3 Replace batch:v1 back to 1 bob audit",
                    "service/cart@1 BlueGreen green alice audit",
                    "service/cart@2 BlueGreen blue back to 0 bob audit",
                    "service/cart@3 BlueGreen green alice audit",
                ])
            // Which of two subjects is told of first is chance where a recorder catches up.
            let diagnoses = try ledger.rollouts(RolloutQuery(namespace: namespace))
                .filter { $0.outcome != .succeeded && $0.toSelector == nil }
                .map { "\($0.stream.subject)@\($0.number) \($0.diagnosis ?? "nothing")" }
                .map { $0.replacing(/\ \(\d of \d new pods?\)/, with: "") }
            #expect(
                diagnoses.sorted() == [
                    "deployment/web-canary@2 CrashLoopBackOff: nginx:crash",
                    "deployment/web@3 ImagePullBackOff: nginx:bad; ProgressDeadlineExceeded",
                    "pod/batch@2 CrashLoopBackOff: batch:crash",
                ])
            for command in [["events"], ["history", "deploy/web-canary"], ["state"], ["state", "--at", "1s"]] {
                let result = await shipslog(command + ["-n", namespace, "-o", "json"], ledger: shaken)
                #expect(result.status == 0)
                #expect(!result.output.contains("hunter2"))
            }
        }

        /// Expects of a ledger that all it says is in another already, each fact once.
        private static func expect(_ ledger: Ledger, toBringNothingNewTo other: String) async throws {
            let other = try Ledger.open(at: other)
            let head = try other.head()
            for try await event in ledger.events() where event.event.type.rawValue != "hint.observed" {
                _ = try await other.append([event.event])
            }
            #expect(try other.head() == head)
            #expect(try other.verify().isSound)
            try other.close()
        }

        /// Expects of a ledger that it ends with an object as the API server has it.
        private static func expect(_ ledger: Ledger, toHold object: JSONValue, in namespace: String) throws {
            let (kind, name) = (object["kind"]?.string ?? "", object["metadata"]?["name"]?.string ?? "")
            let stream = StreamName(cluster: "test", namespace: namespace, kind: kind.lowercased(), name: name)
            let status = object["status"]
            switch try ledger.state(of: stream) {
            case .deployment(let state):
                #expect(state.uid == object["metadata"]?["uid"]?.string)
                #expect(.integer(Int64(state.desired)) == object["spec"]?["replicas"])
                let counts = [state.status.replicas, state.status.updated, state.status.ready, state.status.available]
                let keys = ["replicas", "updatedReplicas", "readyReplicas", "availableReplicas"]
                #expect(counts.map { .integer(Int64($0)) } == keys.map { status?[$0] ?? .integer(0) }, "\(name)")
                #expect(Template.images(state.template) == Template.images(object["spec"]?["template"] ?? .null))
            case .service(let state):
                #expect(state.selector == object["spec"]?["selector"]?.strings ?? [:], "\(name)")
            case .pod(let state):
                if object["metadata"]?["ownerReferences"] != nil { return }
                #expect(state.pod?.uid == object["metadata"]?["uid"]?.string, "\(name)")
            case .none:
                Issue.record("\(stream) is nothing that Shipslog knows.")
            }
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
