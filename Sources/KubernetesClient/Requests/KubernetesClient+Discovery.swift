#if Network
    import Foundation
    import RolloutModel

    extension KubernetesClient {
        /// Whether the server serves a resource.
        public func serves(_ resource: Resource) async throws -> Bool {
            struct Served: Decodable {
                var resources: [Named]

                struct Named: Decodable {
                    var name: String
                }
            }
            let path = resource.group.isEmpty ? "/api/\(resource.version)" : "/apis/\(resource.apiVersion)"
            do {
                return try await decoded(Served.self, path).resources.contains { $0.name == resource.plural }
            } catch let error as StatusError where error.code == 404 {
                return false
            }
        }

        /// The first of several resources that the server serves, such as the versions of one; `nil` if it serves none.
        public func firstServed(of resources: [Resource]) async throws -> Resource? {
            for resource in resources where try await serves(resource) { return resource }
            return nil
        }

        /// The version of the server: `v1.33.1`.
        public func serverVersion() async throws -> String {
            struct Info: Decodable {
                var gitVersion: String
            }
            return try await decoded(Info.self, "/version").gitVersion
        }

        /// What tells this cluster from every other: the UID of its namespace `kube-system`.
        public func clusterUID() async throws -> String {
            try await get(.namespaces, "kube-system").object().uid
        }

        private func decoded<Value: Decodable>(_ type: Value.Type, _ path: String) async throws -> Value {
            let answer = try await send(Request(.get, path))
            do {
                return try CanonicalJSON.decode(type, from: answer.body)
            } catch {
                throw NetworkError(
                    .malformed, server: configuration.server, details: "it is not what \(path) should be")
            }
        }
    }
#endif
