#if Network
    import Foundation
    import KubernetesClient
    import RolloutModel
    import ShipslogTesting
    import Testing

    @Suite("who asks, in the headers of a request") struct IdentityHeaderTests {
        @Test func impersonation() async throws {
            let server = try await ScriptedServer.start { _ in .answer(200, #"{"gitVersion":"v1"}"#) }
            let folder = try TemporaryFolder()
            let file = try folder.write(
                """
                current-context: c
                clusters: [{name: k, cluster: {server: "\(server.url)"}}]
                users: [{name: u, user: {token: abc, as: carol, as-uid: "7", as-groups: [a, b],
                         as-user-extra: {"example.org/Scopes": [x, "y z"]}}}]
                contexts: [{name: c, context: {cluster: k, user: u}}]
                """, to: "config")
            let carol = try KubernetesClient(.load(file))
            _ = try await carol.serverVersion()
            let dave = try KubernetesClient(
                .load(file) {
                    $0.impersonatedUser = "dave"
                    $0.impersonatedGroups = ["c"]
                })
            _ = try await dave.serverVersion()
            let identities = server.received.map { request in
                request.headers.filter { $0.key.hasPrefix("impersonate-") || $0.key == "authorization" }
            }
            #expect(
                identities == [
                    [
                        "authorization": "Bearer abc", "impersonate-user": "carol", "impersonate-uid": "7",
                        "impersonate-group": "a,b", "impersonate-extra-example.org%2fscopes": "x,y z",
                    ],
                    ["authorization": "Bearer abc", "impersonate-user": "dave", "impersonate-group": "c"],
                ])
        }

        /// A server that takes one token, and refuses all others.
        private func server(takes token: String) async throws -> ScriptedServer {
            try await ScriptedServer.start { request in
                request.headers["authorization"] == "Bearer \(token)"
                    ? .answer(200, #"{"gitVersion":"v1"}"#)
                    : .answer(
                        401, #"{"kind":"Status","message":"Unauthorized","reason":"Unauthorized","code":401}"#)
            }
        }

        private func tokens(_ server: ScriptedServer) -> [String?] {
            server.received.map { $0.headers["authorization"] }
        }

        @Test("a token that is refused is replaced by the one that is in its file by now")
        func tokenFile() async throws {
            let server = try await server(takes: "two")
            let folder = try TemporaryFolder()
            var configuration = ClientConfiguration(server: server.url)
            configuration.user.token = .file(try folder.write("one", to: "token"))
            let client = try KubernetesClient(configuration)

            let refused = await #expect(throws: StatusError.self) { try await client.serverVersion() }
            #expect(
                refused?.description == "The API server \(server.url) does not accept the credentials: Unauthorized. "
                    + "They may have expired.")
            try folder.write("two", to: "token")
            #expect(try await client.serverVersion() == "v1")
            #expect(try await client.serverVersion() == "v1")
            #expect(tokens(server) == ["Bearer one", "Bearer one", "Bearer two", "Bearer two"])
        }

        @Test("a token that is refused is replaced by the plugin's next one, once for each request")
        func plugin() async throws {
            let server = try await server(takes: "t3")
            let plugin = try PluginFolder()
            let client = try KubernetesClient(
                plugin.configuration(PluginFolder.counting(), cluster: ["server": .string(server.url)]))
            let refused = await #expect(throws: StatusError.self) { try await client.serverVersion() }
            #expect(refused?.code == 401)
            #expect(try await client.serverVersion() == "v1")
            #expect(tokens(server) == ["Bearer t1", "Bearer t2", "Bearer t2", "Bearer t3"])
            #expect(try plugin.read("runs") == "xxx")
        }

        @Test("answers may be compressed, watches not: what is compressed is held back")
        func compression() async throws {
            let server = try await ScriptedServer.start { request in
                request.target.contains("watch=1")
                    ? [.head(200)]
                    : .answer(200, #"{"kind":"PodList","metadata":{"resourceVersion":"1"},"items":null}"#)
            }
            let client = try KubernetesClient(ClientConfiguration(server: server.url))
            let log = WatchLog(client.watch(.pods))
            try await eventually("the watch is asked for") { server.received.count == 2 }
            #expect(log.words == ["listing", "listed ", "synced"])
            #expect(server.received.map { $0.headers["accept-encoding"] } == ["gzip", "identity"])
        }
    }

    extension [ScriptedServer.Step] {
        fileprivate static func answer(_ code: Int, _ body: String) -> Self { ScriptedServer.Step.answer(code, body) }
    }
#endif
