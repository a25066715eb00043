#if Network
    import Foundation
    import KubernetesClient
    import RolloutModel
    import ShipslogTesting
    import Testing

    @Suite("a token that expires", .enabled(if: ControlPlane.isWanted, "SHIPSLOG_SKIP_CLUSTER is set."))
    struct ExpiredTokenTests {
        private static let accounts = Resource(plural: "serviceaccounts", kind: "ServiceAccount")
        private static let secrets = Resource(plural: "secrets", kind: "Secret")

        /// A token of the service account `robot` that holds until the secret of this name is deleted.
        private func token(_ secret: String, _ namespace: String, _ admin: KubernetesClient) async throws -> String {
            let made = try await admin.create(
                Self.secrets, ["metadata": ["name": .string(secret)]], namespace: namespace)
            let request: JSONValue = [
                "apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest",
                "spec": [
                    "expirationSeconds": 3600,
                    "boundObjectRef": [
                        "apiVersion": "v1", "kind": "Secret", "name": .string(secret),
                        "uid": .string(try made.object().uid),
                    ],
                ],
            ]
            let answer = try await admin.create(
                Self.accounts, request, namespace: namespace, name: "robot", subresource: "token")
            return try #require(answer.object().value()["status"]?["token"]?.string)
        }

        @Test("the next one of the file or the plugin goes on", arguments: ["file", "plugin"])
        func renewal(source: String) async throws {
            let plane = try await ControlPlane.shared()
            let namespace = try await plane.makeNamespace()
            let admin = try plane.client()
            try await plane.kubectl(["create", "serviceaccount", "robot", "--namespace", namespace])
            try await plane.kubectl([
                "create", "rolebinding", "robot", "--clusterrole=view", "--serviceaccount=\(namespace):robot",
                "--namespace", namespace,
            ])
            let plugin = try PluginFolder()
            let first = try await token("first", namespace, admin)
            let file = try plugin.folder.write(first, to: "token")
            var user = ClientConfiguration.User()
            if source == "file" {
                user.token = .file(file)
            } else {
                user = try plugin.configuration(
                    """
                    echo '{"kind": "ExecCredential", "apiVersion": "client.authentication.k8s.io/v1",
                           "status": {"token": "'"$(cat token)"'"}}'
                    """
                ).user
            }

            let proxy = try await FaultyProxy.start(toPort: plane.port())
            let robot = try plane.client {
                $0.server = "https://127.0.0.1:\(proxy.port)"
                $0.user = user
            }
            let other = try plane.client { $0.user = user }
            try await eventually("robot may look") {
                do {
                    _ = try await other.list(.pods, namespace: namespace)
                    return true
                } catch let error as StatusError {
                    return error.code != 403
                }
            }
            let log = WatchLog(robot.watch(.pods, namespace: namespace, options: .impatient))
            try await log.wait { $0.contains("synced") }
            _ = try await admin.create(.pods, .pod("a"), namespace: namespace)
            try await log.wait { $0.contains("added a") }

            let second = try await token("second", namespace, admin)
            _ = try await admin.delete(Self.secrets, "first", namespace: namespace)
            let expired = try plane.client {
                $0.user = .init()
                $0.user.token = .given(Data(first.utf8))
            }
            // The server remembers for some seconds that it was right.
            try await eventually("the first token is refused") {
                do {
                    _ = try await expired.list(.pods, namespace: namespace)
                    return false
                } catch let error as StatusError {
                    return error.code == 401
                }
            }
            try plugin.folder.write(second, to: "token")
            proxy.cut()
            _ = try await admin.create(.pods, .pod("b"), namespace: namespace)
            try await log.wait { $0.contains("added b") }
            #expect(log.story == ["listing", "listed ", "synced", "added a", "added b"])
            #expect(try await other.list(.pods, namespace: namespace).objects.map(\.name) == ["a", "b"])
        }
    }
#endif
