import Foundation
import RolloutModel
import ShipslogTesting
import Testing

@testable import KubernetesClient

@Suite("exec plugins") struct ExecPluginTests {
    private let plugin: PluginFolder

    init() throws { plugin = try PluginFolder() }

    private static func answer(_ status: String, version: String = "v1", kind: String = "ExecCredential") -> String {
        """
        echo '{"kind": "\(kind)", "apiVersion": "client.authentication.k8s.io/\(version)", "status": \(status)}'
        """
    }

    @Test("a plugin is told what it is asked for, in its version", arguments: ["v1", "v1beta1"])
    func question(version: String) async throws {
        let script = #"printf %s "$KUBERNETES_EXEC_INFO" >question"# + "\n" + PluginFolder.counting(version: version)
        func asked(_ more: JSONValue, cluster: JSONValue) async throws -> JSONValue {
            let configuration = try plugin.configuration(script, version: version, more, cluster: cluster)
            _ = try await Credentials(configuration).current()
            return try CanonicalJSON.decode(JSONValue.self, from: Data(plugin.read("question").utf8))
        }
        let cluster: JSONValue = [
            "server": "https://api:6443", "tls-server-name": "kubernetes", "proxy-url": "http://proxy:3128",
            "certificate-authority-data": "UEVN",
        ]
        let apiVersion = JSONValue.string("client.authentication.k8s.io/\(version)")
        #expect(
            try await asked([:], cluster: cluster) == [
                "apiVersion": apiVersion, "kind": "ExecCredential", "spec": ["interactive": .bool(false)],
            ])
        #expect(
            try await asked(["provideClusterInfo": .bool(true)], cluster: cluster) == [
                "apiVersion": apiVersion, "kind": "ExecCredential",
                "spec": [
                    "interactive": .bool(false),
                    "cluster": [
                        "server": "https://api:6443", "tls-server-name": "kubernetes",
                        "insecure-skip-tls-verify": .bool(false), "certificate-authority-data": "UEVN",
                        "proxy-url": "http://proxy:3128",
                    ],
                ],
            ])
    }

    @Test("a plugin gets its variables beside ours, and what it reads is empty")
    func surroundings() async throws {
        let configuration = try plugin.configuration(
            #"printf %s "$GREETING,${PATH:+path},$(cat)" >seen"# + "\n" + PluginFolder.counting(),
            ["env": [["name": "GREETING", "value": "hello"]]])
        _ = try await Credentials(configuration).current()
        #expect(try plugin.read("seen") == "hello,path,")
    }

    @Test("a path starts from the kubeconfig's folder, and a bare name is looked for in PATH")
    func commands() async throws {
        // A link, not a file of its own: one that was just written may still be open in a process that is starting.
        try FileManager.default.createSymbolicLink(
            atPath: plugin.folder.file("helper"), withDestinationPath: "/bin/sh")
        for name in ["./helper", "sh"] {
            let configuration = try plugin.configuration(PluginFolder.counting(), named: name)
            #expect(try await Credentials(configuration).current().authorization?.hasPrefix("Bearer t") == true)
        }
        #expect(try plugin.read("runs") == "xx")
    }

    @Test("a plugin may answer with a client certificate, also together with a token")
    func certificate() async throws {
        let both = try plugin.configuration(
            Self.answer(#"{"clientCertificateData": "CERT", "clientKeyData": "KEY", "token": "t"}"#))
        let certificate = Credential.ClientCertificate(chain: Data("CERT".utf8), key: Data("KEY".utf8))
        #expect(
            try await Credentials(both).current() == Credential(authorization: "Bearer t", certificate: certificate))
        let alone = try plugin.configuration(
            Self.answer(#"{"clientCertificateData": "CERT", "clientKeyData": "KEY", "token": ""}"#))
        #expect(try await Credentials(alone).current() == Credential(certificate: certificate))
    }

    @Test(
        "a plugin that fails or answers nonsense is named, and not quoted",
        arguments: [
            ("exit 3", "failed with exit code 3"),
            ("kill -9 $$", "was ended by signal 9"),
            ("echo secret", "did not answer with an ExecCredential"),
            ("", "did not answer with an ExecCredential"),
            (answer(#"{"token": "secret"}"#, kind: "Secret"), "did not answer with an ExecCredential"),
            (
                answer(#"{"token": "secret", "expirationTimestamp": "tomorrow"}"#),
                "did not answer with an ExecCredential"
            ),
            (
                answer(#"{"token": "secret"}"#, version: "v1beta1"),
                "answered in 'client.authentication.k8s.io/v1beta1' instead of 'client.authentication.k8s.io/v1'"
            ),
            (answer("null"), "answered without a token and without a certificate"),
            (answer(#"{"token": ""}"#), "answered without a token and without a certificate"),
            (
                answer(#"{"token": "secret", "clientCertificateData": "CERT"}"#),
                "answered with a certificate, but without its key"
            ),
        ])
    func failures(script: String, what: String) async throws {
        let configuration = try plugin.configuration(script, ["installHint": "Get it from the shop."])
        #expect(
            await refusal { try await Credentials(configuration).current() }
                == "unavailable: The exec plugin '/bin/sh' of the user 'me' \(what). Get it from the shop.")
    }

    @Test("a plugin that is not there is named, with how to get it")
    func missing() async throws {
        let configuration = try plugin.configuration(
            "", named: "shipslog-has-no-such-plugin", ["installHint": "Get it from the shop."])
        #expect(
            await refusal { try await Credentials(configuration).current() }
                == "notFound: The exec plugin 'shipslog-has-no-such-plugin' of the user 'me' is not there. "
                + "Get it from the shop.")
    }

    @Test(
        "a plugin that takes too long is ended, with all that it has started",
        arguments: [
            "sleep 1000 & echo $! >started; wait", "exec >&-; echo $$ >started; exec sleep 1000",
            "sleep 1000 & echo $! >started",
        ])
    func timeout(script: String) async throws {
        let process = PluginProcess(
            command: "/bin/sh", arguments: ["-c", "cd '\(plugin.folder.path)'; \(script)"], environment: [:],
            timeout: .seconds(2))
        #expect(
            await refusal { try await process.run { ShipslogError($0, "It \($1).") } }
                == "unavailable: It took longer than 2 s.")
        let number = try plugin.read("started").trimmingCharacters(in: .whitespacesAndNewlines)
        try await eventually("process \(number) ends") { !Self.runs(number) }
    }

    /// Whether a process runs; not if it has ended and nobody has asked how.
    private static func runs(_ process: String) -> Bool {
        guard let line = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            let state = line.split(separator: ")").last?.split(separator: " ").first
        else { return false }
        return state != "Z" && state != "X"
    }

    @Test("what a plugin prints may be longer than a pipe holds")
    func longAnswer() async throws {
        let process = PluginProcess(
            command: "/bin/sh", arguments: ["-c", "head -c 300000 /dev/zero | tr '\\0' x"], environment: [:])
        let output = try await process.run { ShipslogError($0, $1) }
        #expect(output == Data(repeating: UInt8(ascii: "x"), count: 300_000))
    }
}
