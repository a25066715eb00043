#if Network
    import Foundation
    import KubernetesClient
    import RolloutModel

    /// A namespace of its own on a cluster, with pods that no controller looks after.
    struct BenchCluster {
        let client: KubernetesClient
        let kubeconfig: String
        let namespace = "bench-\(UUID().uuidString.prefix(8).lowercased())"

        init(kubeconfig: String) async throws {
            self.kubeconfig = kubeconfig
            var choice = ClientConfiguration.Choice()
            choice.kubeconfig = kubeconfig
            client = try KubernetesClient(.load(choice, environment: [:]))
            _ = try await client.create(.namespaces, ["metadata": ["name": .string(namespace)]])
        }

        /// Makes as many pods, as fast as the API server takes them.
        func createPods(_ count: Int) async throws {
            try await Self.forEach(count) { number in
                _ = try await client.create(
                    .pods,
                    [
                        "metadata": ["name": .string(Self.name(number)), "labels": ["app": "bench"]],
                        "spec": ["containers": [["name": "app", "image": "app:1.0"]]],
                    ], namespace: namespace)
            }
        }

        static func name(_ number: Int) -> String { "pod-\(number)" }

        /// Calls for each number, some at once.
        static func forEach(_ count: Int, _ body: @escaping @Sendable (Int) async throws -> Void) async throws {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<count {
                    if number >= 16 { try await group.next() }
                    group.addTask { try await body(number) }
                }
                try await group.waitForAll()
            }
        }

        /// Starts a `shipslog` that works on the namespace, and says nothing meanwhile.
        func start(_ shipslog: String, _ arguments: [String]) throws -> Process {
            let process = Process()
            process.executableURL = URL(filePath: shipslog)
            process.arguments = arguments + ["-n", namespace, "--kubeconfig", kubeconfig, "--quiet"]
            try process.run()
            return process
        }

        /// How much memory a process holds, in megabytes.
        static func resident(_ process: Process) throws -> Double {
            let status = try String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)
            let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
            let kilobytes = line.split(separator: " ").dropFirst().first.flatMap { Double($0) } ?? .nan
            return kilobytes * 1_024 / 1_000_000
        }

        /// Prints a result.
        static func say(_ name: String, _ value: Double) {
            let blanks = String(repeating: " ", count: max(1, 60 - name.count))
            let number = String(format: value < 100 ? "%.1f" : "%.0f", value)
            FileHandle.standardOutput.write(Data("\(name)\(blanks)\(number)\n".utf8))
        }
    }
#endif
