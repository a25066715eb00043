import Foundation
import RolloutModel
import ShipslogTesting
import Testing

@testable import ClusterSimulator

#if Network
    import KubernetesClient
    import PretendNodes
#endif

/// What a run counts on is true of a simulated cluster and of a real one.
@Suite("Every cluster keeps its contract") struct ClusterContractTests {
    private static let rules = #"{"ready": {"after": "0s"}}"#

    @Test("in memory", arguments: ClusterContract.all)
    func simulated(_ contract: ClusterContract) async throws {
        let simulation = Simulation(try Play(Self.rules).cluster)
        try await contract.hold(ContractStage(cluster: simulation, namespace: "shop"))
    }

    #if Network
        @Test(
            "on a real API server", .enabled(if: ControlPlane.isWanted, "SHIPSLOG_SKIP_CLUSTER is set."),
            arguments: ClusterContract.all)
        func live(_ contract: ClusterContract) async throws {
            let plane = try await ControlPlane.shared()
            let namespace = try await plane.makeNamespace("contract")
            var choice = ClientConfiguration.Choice()
            choice.kubeconfig = plane.kubeconfig()
            let client = try KubernetesClient(.load(choice, environment: [:]))
            let pretender = Pretender(
                client: client, nodes: PretendNode.numbered(1, prefix: "\(namespace)-"), namespaces: [namespace],
                behaviours: try Play.behaviours(Self.rules), keepsNodes: false, now: { Timestamp(Date()) })
            let pretending = Task { try await pretender.run() }
            let held = await Result { try await contract.hold(stage(client, namespace)) }
            pretending.cancel()
            try await pretending.value
            try held.get()
        }

        private func stage(_ client: KubernetesClient, _ namespace: String) -> ContractStage {
            ContractStage(cluster: LiveCluster(client), namespace: namespace)
        }
    #endif
}
