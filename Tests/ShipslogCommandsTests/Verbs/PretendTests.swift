#if Network
    import Foundation
    import KubernetesClient
    import RolloutModel
    import ShipslogTesting
    import Testing

    @Suite("Pretend nodes", .enabled(if: ControlPlane.isWanted, "SHIPSLOG_SKIP_CLUSTER is set."))
    struct PretendTests {
        /// The program, pretending in a process of its own.
        private struct Pretending {
            let process = Process()
            let ready: String

            init(_ namespace: String, _ arguments: [String], of plane: ControlPlane, in folder: TemporaryFolder) throws
            {
                ready = folder.file("ready")
                process.executableURL = URL(filePath: builtProgram)
                process.arguments =
                    [
                        "nodes", "pretend", "-n", namespace, "--prefix", "\(namespace)-", "--nodes", "1", "--quiet",
                        "--kubeconfig", plane.kubeconfig(), "--readiness-file", ready,
                    ] + arguments
                process.environment = ["HOME": "/nonexistent"]
                try process.run()
            }

            func end(_ signal: Int32) async throws -> Int32 {
                kill(process.processIdentifier, signal)
                try await PretendTests.until { !process.isRunning }
                return process.terminationStatus
            }
        }

        /// Waits for a condition; an error if it does not come true within two minutes.
        private static func until(_ condition: () async throws -> Bool) async throws {
            let deadline = ContinuousClock.now + .seconds(120)
            while try await !condition() {
                guard ContinuousClock.now < deadline else { throw ShipslogError(.unavailable, "It never came true.") }
                try await Task.sleep(for: .milliseconds(20))
            }
        }

        @Test("kept nodes are taken over by the next run with their pods, and deleted at its end")
        func keep() async throws {
            let plane = try await ControlPlane.shared()
            let namespace = try await plane.makeNamespace()
            let folder = try TemporaryFolder()
            let behaviours = folder.file("behaviours.yaml")
            try Data("apiVersion: shipslog/v1\nkind: PodBehaviours\nrules: [{ready: {after: 10ms}}]\n".utf8)
                .write(to: URL(filePath: behaviours))
            func isReady(_ pod: String) async throws -> Bool {
                try await plane.kubectl(
                    [
                        "-n", namespace, "get", "pod", pod, "-o",
                        #"jsonpath={.status.conditions[?(@.type=="Ready")].status}"#,
                    ]) == "True"
            }
            func makePod(_ name: String) async throws {
                try await plane.kubectl(["-n", namespace, "run", name, "--image", "nginx:1", "--restart", "Never"])
            }
            let path = "jsonpath={.metadata.uid}"
            let first = try Pretending(namespace, ["--behaviours", behaviours, "--keep"], of: plane, in: folder)
            defer { if first.process.isRunning { kill(first.process.processIdentifier, SIGKILL) } }
            try await Self.until { FileManager.default.fileExists(atPath: first.ready) }
            try await makePod("one")
            try await Self.until { try await isReady("one") }
            #expect(try await first.end(SIGTERM) == 0)
            #expect(!FileManager.default.fileExists(atPath: first.ready))
            let kept = try await plane.kubectl(["get", "node", "\(namespace)-1", "-o", path])
            let address = try await plane.kubectl(
                ["-n", namespace, "get", "pod", "one", "-o", "jsonpath={.status.podIP}"])

            let second = try Pretending(namespace, [], of: plane, in: folder)
            defer { if second.process.isRunning { kill(second.process.processIdentifier, SIGKILL) } }
            try await Self.until { FileManager.default.fileExists(atPath: second.ready) }
            #expect(try await plane.kubectl(["get", "node", "\(namespace)-1", "-o", path]) == kept)
            try await makePod("two")
            try await Self.until { try await isReady("two") }
            #expect(
                try await plane.kubectl(["-n", namespace, "get", "pod", "one", "-o", "jsonpath={.status.podIP}"])
                    == address)
            #expect(try await second.end(SIGINT) == 0)
            let nodes = try await plane.kubectl(["get", "nodes", "-o", "name"])
            #expect(!nodes.contains("\(namespace)-1"))
        }

        @Test(
            "what makes no sense is refused",
            arguments: [
                (["--nodes", "0"], "error: --nodes must be from 1 to 1000."),
                (
                    ["--prefix", "Node"],
                    "error: --prefix must be of lower-case letters, digits, - and ., as names of nodes are."
                ),
                (["-A", "-n", "shop"], "error: --namespace and --all-namespaces exclude each other."),
                (["--behaviours", "/nowhere/b.yaml"], "error: The file /nowhere/b.yaml cannot be read"),
            ])
        func refused(arguments: [String], message: String) async {
            let result = await shipslog(["nodes", "pretend"] + arguments)
            #expect(result.status != 0)
            #expect(result.notices.hasPrefix(message))
        }
    }
#endif
