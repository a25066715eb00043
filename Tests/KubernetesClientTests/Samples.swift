#if Network
    import Foundation
    import KubernetesClient
    import RolloutModel
    import ShipslogTesting
    import Testing

    extension ControlPlane {
        /// How to reach the plane as a user.
        func configuration(as user: User = .admin) throws -> ClientConfiguration {
            var choice = ClientConfiguration.Choice()
            choice.kubeconfig = kubeconfig(user)
            return try .load(choice, environment: [:])
        }

        /// The port of the API server on 127.0.0.1.
        func port() throws -> Int { try #require(URLComponents(string: configuration().server)?.port) }

        /// A client of the plane, with a configuration that may be changed.
        func client(
            as user: User = .admin, _ change: (inout ClientConfiguration) -> Void = { _ in }
        ) throws -> KubernetesClient {
            var configuration = try configuration(as: user)
            change(&configuration)
            return try KubernetesClient(configuration)
        }
    }

    extension JSONValue {
        /// A Deployment of one pod.
        static func deployment(_ name: String) -> JSONValue {
            let labels: JSONValue = ["app": .string(name)]
            return [
                "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": .string(name)],
                "spec": [
                    "selector": ["matchLabels": labels],
                    "template": ["metadata": ["labels": labels], "spec": .containers],
                ],
            ]
        }

        /// A pod.
        static func pod(_ name: String, labels: JSONValue = [:]) -> JSONValue {
            [
                "apiVersion": "v1", "kind": "Pod", "metadata": ["name": .string(name), "labels": labels],
                "spec": .containers,
            ]
        }

        private static let containers: JSONValue = ["containers": [["name": "web", "image": "nginx:1"]]]
    }
#endif
