#if Network
    import Foundation
    import KubernetesClient
    import Replay
    import RolloutModel
    import ShipslogTesting

    @testable import ShipslogCommands

    /// A control plane, and the recorded history that is replayed on it.
    struct ClusterReplayStage {
        let plane: ControlPlane
        let client: KubernetesClient
        let ledger: TemporaryLedger

        init(_ plane: ControlPlane) async throws {
            self.plane = plane
            var choice = ClientConfiguration.Choice()
            choice.kubeconfig = plane.kubeconfig()
            client = try KubernetesClient(.load(choice, environment: [:]))
            ledger = try await recordedLedger()
        }

        func arguments(_ arguments: [String]) -> [String] {
            arguments + ["--kubeconfig", plane.kubeconfig(), "--context", "admin"]
        }

        /// Replays something on the plane, with the lives that its pods had.
        func replay(_ name: String, _ options: [String] = []) async -> CommandResult {
            await shipslog(
                arguments(["replay", name, "--to", "cluster", "--reenact"] + options), ledger: ledger.path)
        }

        /// What replays left on the plane, as `replay clean` finds it.
        func left(of replay: String? = nil) async throws -> [String] {
            try await ReplayLeftovers.find(on: LiveCluster(client), of: replay).objects.map(\.text)
        }

        /// Starts the program itself.
        func start(_ options: [String], saying file: String) throws -> Process {
            let process = Process()
            process.executableURL = URL(filePath: builtProgram)
            process.arguments = arguments(options)
            process.environment = ["HOME": ledger.folder.path, "SHIPSLOG_LEDGER": ledger.path]
            try Data().write(to: URL(filePath: file))
            process.standardInput = FileHandle.nullDevice
            process.standardError = try FileHandle(forWritingTo: URL(filePath: file))
            process.standardOutput = FileHandle.nullDevice
            try process.run()
            return process
        }
    }
#endif
