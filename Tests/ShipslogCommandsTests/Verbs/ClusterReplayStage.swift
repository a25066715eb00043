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

        /// Starts a replay in a process of its own, and waits until it says where it plays.
        ///
        /// - Returns: The process, the id of the replay, and the file with what it says to people.
        func start(_ name: String) async throws -> (process: Process, id: String, said: String) {
            let file = ledger.folder.file("said")
            let process = Process()
            process.executableURL = URL(filePath: builtProgram)
            process.arguments = arguments(["replay", name, "--to", "cluster", "--reenact"])
            process.environment = ["HOME": ledger.folder.path, "SHIPSLOG_LEDGER": ledger.path]
            try Data().write(to: URL(filePath: file))
            process.standardInput = FileHandle.nullDevice
            process.standardError = try FileHandle(forWritingTo: URL(filePath: file))
            process.standardOutput = FileHandle.nullDevice
            try process.run()
            var id = ""
            try await eventually("the replay says where it is") {
                let said = try String(contentsOfFile: file, encoding: .utf8)
                id = said.firstMatch(of: #/in replay-shop-(\w+)\./#).map { String($0.output.1) } ?? ""
                return !id.isEmpty
            }
            return (process, id, file)
        }
    }
#endif
