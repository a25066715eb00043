#if Network
    import Foundation
    import KubernetesClient
    import PretendNodes
    import RolloutModel
    import ShipslogTesting
    import Testing

    /// A namespace of a real API server whose pods live on pretend nodes.
    struct Stage: Sendable {
        let plane: ControlPlane
        let client: KubernetesClient
        let namespace: String
        let pretender: Pretender

        /// What the names of the nodes begin with.
        var prefix: String { "\(namespace)-" }

        init(rules: String = "", nodes: Int = 2, keepsNodes: Bool = false) async throws {
            plane = try await ControlPlane.shared()
            namespace = try await plane.makeNamespace("pretend")
            var choice = ClientConfiguration.Choice()
            choice.kubeconfig = plane.kubeconfig()
            client = try KubernetesClient(.load(choice, environment: [:]))
            pretender = Pretender(
                client: client, nodes: PretendNode.numbered(nodes, prefix: "\(namespace)-"), namespaces: [namespace],
                behaviours: try Sight.behaviours(rules), keepsNodes: keepsNodes,
                now: { Timestamp(Date()) })
        }

        /// Runs something while the nodes are pretended; then stops pretending.
        func play(_ body: (Stage) async throws -> Void) async throws {
            let pretending = Task { try await pretender.run() }
            do {
                try await body(self)
            } catch {
                pretending.cancel()
                _ = await pretending.result
                throw error
            }
            pretending.cancel()
            try await pretending.value
        }

        /// Makes a Deployment.
        func deploy(_ name: String, image: String = "nginx:1", replicas: Int64 = 1, deadline: Int64 = 600) async throws
        {
            let labels: JSONValue = ["app": .string(name)]
            _ = try await client.create(
                .deployments,
                [
                    "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": .string(name)],
                    "spec": [
                        "replicas": .integer(replicas), "progressDeadlineSeconds": .integer(deadline),
                        "selector": ["matchLabels": labels],
                        "template": [
                            "metadata": ["labels": labels],
                            "spec": ["containers": [["name": "web", "image": .string(image)]]],
                        ],
                    ],
                ], namespace: namespace)
        }

        /// Makes a pod without a controller.
        @discardableResult
        func makePod(_ name: String, image: String = "nginx:1", node: String? = nil) async throws -> KubernetesObject {
            var spec: [String: JSONValue] = ["containers": [["name": "web", "image": .string(image)]]]
            spec["nodeName"] = node.map { .string($0) }
            return try await client.create(
                .pods,
                ["apiVersion": "v1", "kind": "Pod", "metadata": ["name": .string(name)], "spec": .object(spec)],
                namespace: namespace
            ).object()
        }

        func deployment(_ name: String) async throws -> Deployment {
            try await client.get(.deployments, name, namespace: namespace).object().decode()
        }

        func pods() async throws -> [Pod] {
            try await client.list(.pods, namespace: namespace).objects.map { try $0.decode() }
        }

        func pod(_ name: String) async throws -> Pod {
            try await client.get(.pods, name, namespace: namespace).object().decode()
        }

        /// Whether there is such an object.
        func exists(_ resource: Resource, _ name: String) async throws -> Bool {
            do {
                _ = try await client.get(resource, name, namespace: namespace)
                return true
            } catch let error as StatusError where error.code == 404 {
                return false
            }
        }
    }

    extension Pod {
        func condition(_ type: String) -> Condition? { status?.conditions?.first { $0.type == type } }

        var isReady: Bool { condition("Ready")?.status == "True" }

        var container: ContainerStatus? { status?.containerStatuses?.first }
    }
#endif
