#if Network
    import Foundation
    import KubernetesClient
    import RolloutModel

    /// How soon pretend nodes have bound many pods and made them ready, and how much memory that takes.
    struct PretendedPods {
        let kubeconfig: String
        let shipslog: String
        /// How many pods there are.
        var pods = 5_000

        /// - Parameter arguments: The kubeconfig, the program, and options.
        init(arguments: [String]) {
            (kubeconfig, shipslog) = (arguments[0], arguments[1])
            for (option, value) in zip(arguments.dropFirst(2), arguments.dropFirst(3)) where option == "--pods" {
                pods = Int(value) ?? pods
            }
        }

        /// Measures, and prints a line for each result.
        func run() async throws {
            let cluster = try await BenchCluster(kubeconfig: kubeconfig)
            try await cluster.createPods(pods)
            let start = ContinuousClock.now
            let nodes = try cluster.start(shipslog, ["nodes", "pretend", "--nodes", "50"])
            defer { nodes.terminate() }
            while try await !waiting(on: cluster).isEmpty { try await Task.sleep(for: .milliseconds(200)) }
            BenchCluster.say("\(pods) pods bound and ready, s", (ContinuousClock.now - start).seconds)
            BenchCluster.say("resident with \(pods) pods, MB", try BenchCluster.resident(nodes))
            nodes.terminate()
            nodes.waitUntilExit()
        }

        /// The pods that do not run yet.
        private func waiting(on cluster: BenchCluster) async throws -> [KubernetesObject] {
            try await cluster.client.list(.pods, namespace: cluster.namespace, fields: "status.phase!=Running").objects
        }
    }
#endif
