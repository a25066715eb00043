#if Network
    import Foundation
    import KubernetesClient
    import RolloutModel
    import ShipslogTesting
    import Testing

    @Suite("whom a client trusts", .enabled(if: ControlPlane.isWanted, "SHIPSLOG_SKIP_CLUSTER is set."))
    struct TrustTests {
        private let folder: TemporaryFolder

        init() throws { folder = try TemporaryFolder() }

        /// Makes an authority, which has the name of the plane's.
        private func makeAuthority() throws -> (certificate: String, key: String) {
            let files = (certificate: folder.file("ca.crt"), key: folder.file("ca.key"))
            let run = try Program.run(
                "/usr/bin/env",
                [
                    "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-days", "2", "-subj", "/CN=shipslog-control-plane", "-keyout", files.key, "-out",
                    files.certificate,
                ])
            try #require(run.status == 0, "\(run.errors)")
            return files
        }

        /// What a request and a watch both end with.
        private func failure(_ client: KubernetesClient) async throws -> String {
            let watch = try await WatchLog(client.watch(.pods)).end()
            let request = await #expect(throws: (any Error).self) { try await client.list(.pods) }
            let said = request.map { "\($0)" } ?? ""
            #expect("\(watch)" == said)
            return said
        }

        private func untrusted(_ client: KubernetesClient, _ details: String) -> String {
            "The certificate of the API server \(client.configuration.server) is not to be trusted: \(details). "
                + "See certificate-authority and tls-server-name in the kubeconfig."
        }

        @Test(
            "a certificate of another authority, even of the same name, is not taken",
            arguments: [.any, .http1] as [HTTPVersions])
        func otherAuthority(versions: HTTPVersions) async throws {
            let plane = try await ControlPlane.shared()
            let authority = try makeAuthority().certificate
            let signed = "no authority that is known here has signed it, or it has expired"
            let impostor = try plane.client {
                $0.certificateAuthority = .file(authority)
                $0.httpVersions = versions
            }
            #expect(try await failure(impostor) == untrusted(impostor, signed))
            // The machine's authorities do not know it either.
            let machine = try plane.client {
                $0.certificateAuthority = nil
                $0.httpVersions = versions
            }
            #expect(try await failure(machine) == untrusted(machine, signed))
            // Only who asks for it gets through.
            let careless = try plane.client {
                $0.certificateAuthority = .file(authority)
                $0.skipsTLSVerification = true
                $0.httpVersions = versions
            }
            #expect(try await careless.serverVersion().hasPrefix("v1."))
        }

        @Test(
            "the certificate must be for the server, or for the name that was chosen",
            arguments: [
                ("127.0.0.1", nil, true), ("localhost", nil, true), ("127.0.0.1", "localhost", true),
                ("127.0.0.1", "LocalHost", true), ("localhost", "10.0.0.1", true),
                ("127.0.0.1", "kubernetes.example", false), ("localhost", "kubernetes.example", false),
                ("127.0.0.1", "127.0.0.2", false),
            ] as [(String, String?, Bool)], [.any, .http1] as [HTTPVersions])
        func names(_ server: (host: String, name: String?, isRight: Bool), versions: HTTPVersions) async throws {
            let client = try await ControlPlane.shared().client {
                $0.server = $0.server.replacing("127.0.0.1", with: server.host)
                $0.tlsServerName = server.name
                $0.httpVersions = versions
            }
            if server.isRight {
                #expect(try await client.serverVersion().hasPrefix("v1."))
            } else {
                #expect(try await failure(client) == untrusted(client, "it is of another name"))
            }
        }

        @Test("who speaks TLS to a server that does not, or the other way round, is told so")
        func mixedUp() async throws {
            let plain = try await ScriptedServer.start { _ in [] }
            let encrypted = try KubernetesClient(
                ClientConfiguration(server: plain.url.replacing("http:", with: "https:")))
            await #expect(throws: NetworkError.self) { try await encrypted.serverVersion() }.map {
                #expect(
                    "\($0)" == "The API server \(encrypted.configuration.server) cannot be reached: "
                        + "it does not speak TLS.")
            }
            let open = try await ControlPlane.shared().client {
                $0.server = $0.server.replacing("https:", with: "http:")
            }
            #expect(
                try await failure(open) == "The API server \(open.configuration.server) refused GET /api/v1/pods: "
                    + "Client sent an HTTP request to an HTTPS server (400).")
        }

        @Test("certificates and keys that cannot be used are named")
        func unusable() async throws {
            let plane = try await ControlPlane.shared()
            let alice = try plane.configuration(as: .alice).user
            let nonsense = ClientConfiguration.Bytes.given(Data("nonsense".utf8))
            func said(_ change: (inout ClientConfiguration) -> Void) async throws -> String? {
                let client = try plane.client(change)
                return await refusal { try await client.serverVersion() }
            }
            #expect(
                try await said { $0.certificateAuthority = .file("/nowhere/ca.crt") }
                    == "notFound: The certificate authority /nowhere/ca.crt cannot be read.")
            #expect(
                try await said { $0.certificateAuthority = nonsense }
                    == "invalidArgument: The certificate authority is not a certificate in PEM.")
            #expect(
                try await said { $0.user.certificate = nonsense }
                    == "invalidArgument: The client certificate is not a certificate in PEM.")
            #expect(
                try await said { $0.user.key = nonsense }
                    == "invalidArgument: The client key is not a private key in PEM.")
            #expect(
                try await said { $0.user.key = alice.key }
                    == "invalidArgument: The client key is not that of the client certificate.")
        }

        @Test("a client certificate of another authority is refused by the server")
        func otherClientAuthority() async throws {
            let plane = try await ControlPlane.shared()
            let own = try makeAuthority()
            let client = try plane.client {
                $0.user.certificate = .file(own.certificate)
                $0.user.key = .file(own.key)
            }
            #expect(
                try await failure(client)
                    == "The API server \(client.configuration.server) does not accept the credentials: Unauthorized. "
                    + "They may have expired.")
        }

        @Test("a plugin's client certificate is the one that the server sees")
        func pluginCertificate() async throws {
            let plane = try await ControlPlane.shared()
            let namespace = try await plane.makeNamespace()
            let plugin = try PluginFolder()
            let alice = try plane.configuration(as: .alice).user
            guard case .given(let chain) = alice.certificate, case .given(let key) = alice.key else {
                Issue.record("the plane's kubeconfig has no certificate in it")
                return
            }
            let answer: JSONValue = [
                "kind": "ExecCredential", "apiVersion": "client.authentication.k8s.io/v1",
                "status": [
                    "clientCertificateData": .string(String(decoding: chain, as: UTF8.self)),
                    "clientKeyData": .string(String(decoding: key, as: UTF8.self)),
                ],
            ]
            try plugin.folder.write(
                String(decoding: CanonicalJSON.encode(answer), as: UTF8.self), to: "answer.json")
            let configuration = try plugin.configuration("cat answer.json")
            let client = try plane.client { $0.user = configuration.user }
            let created = try await client.create(.deployments, .deployment("web"), namespace: namespace)
            let auditID = try #require(created.auditID)
            let log = try String(contentsOfFile: plane.auditLog, encoding: .utf8)
            let entry = try #require(log.split(separator: "\n").first { $0.contains(auditID) })
            let audit = try CanonicalJSON.decode(JSONValue.self, from: Data(entry.utf8))
            #expect(audit["user"]?["username"] == "alice")
        }
    }
#endif
