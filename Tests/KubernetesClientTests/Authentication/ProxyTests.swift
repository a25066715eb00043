#if Network
    import Foundation
    import KubernetesClient
    import RolloutModel
    import ShipslogTesting
    import Testing

    @Suite("a proxy in between") struct ProxyTests {
        @Test(
            "everything goes through it, and TLS from end to end",
            .enabled(if: ControlPlane.isWanted, "SHIPSLOG_SKIP_CLUSTER is set."),
            // Nothing is there but behind the proxy: whoever went past it would get nowhere.
            arguments: [
                ("https://127.0.0.1:1", nil), ("https://10.0.0.1:1", nil), ("https://localhost:1", nil),
                ("https://api.example:1", "localhost"), ("https://api.example:1", "10.0.0.1"),
            ] as [(String, String?)])
        func through(server: String, tlsServerName: String?) async throws {
            let plane = try await ControlPlane.shared()
            let proxy = try await FaultyProxy.start(toPort: plane.port(), awaitsConnect: true)
            let client = try plane.client {
                $0.proxy = "http://127.0.0.1:\(proxy.port)"
                $0.server = server
                $0.tlsServerName = tlsServerName
            }
            #expect(try await client.serverVersion().hasPrefix("v1."))
            #expect(proxy.connections == 1)
        }

        @Test(
            "it cannot stand in for another server, even if it has the address that the certificate is for",
            .enabled(if: ControlPlane.isWanted, "SHIPSLOG_SKIP_CLUSTER is set."),
            arguments: [
                ("https://api.example:1", nil), ("https://10.0.0.2:1", nil), ("https://localhost:1", "api.example"),
                ("https://127.0.0.1:1", "127.0.0.2"),
            ] as [(String, String?)], [.any, .http1] as [HTTPVersions])
        func otherServer(server: (url: String, tlsName: String?), versions: HTTPVersions) async throws {
            let plane = try await ControlPlane.shared()
            let proxy = try await FaultyProxy.start(toPort: plane.port(), awaitsConnect: true)
            let client = try plane.client {
                $0.proxy = "http://127.0.0.1:\(proxy.port)"
                $0.server = server.url
                $0.tlsServerName = server.tlsName
                $0.httpVersions = versions
            }
            let error = await #expect(throws: NetworkError.self) { try await client.serverVersion() }
            #expect(
                error.map { "\($0)" } == "The certificate of the API server \(server.url) is not to be trusted: "
                    + "it is of another name. See certificate-authority and tls-server-name in the kubeconfig.")
        }

        @Test(
            "one that does not let us through says so",
            arguments: [
                (407, "the proxy wants a name and a password"), (403, "the proxy does not let it through"),
            ])
        func refused(code: Int, details: String) async throws {
            let proxy = try await ScriptedServer.start { _ in ScriptedServer.Step.answer(code, "") }
            var configuration = ClientConfiguration(server: "https://api.example:6443")
            configuration.proxy = proxy.url.replacing("http://", with: "http://me:p%40ss@")
            let client = try KubernetesClient(configuration)
            let error = await #expect(throws: NetworkError.self) { try await client.serverVersion() }
            #expect(
                error.map { "\($0)" } == "The API server https://api.example:6443 cannot be reached: \(details).")
            let asked = proxy.received.map { [$0.method, $0.target, $0.headers["proxy-authorization"]] }
            #expect(asked == [["CONNECT", "api.example:6443", "Basic bWU6cEBzcw=="]])
        }

        @Test(
            "what is no proxy is refused",
            arguments: [
                ("ftp://proxy:21", "A proxy of the kind 'ftp' is not supported. Use http:// or socks5://."),
                ("proxy", "The proxy-url is not a URL."),
            ])
        func unusable(proxy: String, sentence: String) async throws {
            var configuration = ClientConfiguration(server: "https://api.example:6443")
            configuration.proxy = proxy
            let client = try KubernetesClient(configuration)
            #expect(await refusal { try await client.serverVersion() } == "invalidArgument: \(sentence)")
        }

        @Test("where nobody listens, and what is no server, is said")
        func nobody() async throws {
            func said(_ server: String) async throws -> String? {
                let client = try KubernetesClient(ClientConfiguration(server: server))
                return await #expect(throws: NetworkError.self) { try await client.serverVersion() }.map { "\($0)" }
            }
            #expect(
                try await said("https://127.0.0.1:1")
                    == "The API server https://127.0.0.1:1 cannot be reached: connection refused.")
            #expect(
                try await said("https://shipslog.invalid:1")
                    == "The API server https://shipslog.invalid:1 cannot be reached: there is no host of that name.")
            for server in ["", "api:6443", "ftp://api", "https://", "https://me@api", "https://api?x=1"] {
                let refused = await refusal { try KubernetesClient(ClientConfiguration(server: server)) }
                #expect(
                    refused
                        == "invalidArgument: '\(server)' is not the URL of an API server. Such as https://host:6443.")
            }
        }
    }
#endif
