import Foundation
import KubernetesClient
import RolloutModel
import ShipslogTesting
import Testing

@Suite("what one kubeconfig file says") struct KubeconfigEntryTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A kubeconfig of one cluster and one user.
    private func kubeconfig(cluster: String = "server: https://api:6443", user: String = "{}") throws -> String {
        try folder.write(
            """
            current-context: c
            clusters: [{name: k, cluster: {\(cluster)}}]
            users: [{name: u, user: \(user)}]
            contexts: [{name: c, context: {cluster: k, user: u}}]
            """, to: "config")
    }

    private var plain: ClientConfiguration {
        var configuration = ClientConfiguration(server: "https://api:6443")
        configuration.user.name = "u"
        configuration.context = "c"
        return configuration
    }

    @Test func clusters() throws {
        let file = try kubeconfig(
            cluster: "server: https://api:6443, tls-server-name: kubernetes, proxy-url: socks5://127.0.0.1:1080, "
                + "certificate-authority: never.crt, certificate-authority-data: \(Data("PEM".utf8).base64EncodedString())"
        )
        var expected = plain
        expected.tlsServerName = "kubernetes"
        expected.proxy = "socks5://127.0.0.1:1080"
        expected.certificateAuthority = .given(Data("PEM".utf8))
        #expect(try ClientConfiguration.load(file) == expected)
    }

    @Test("a server that is not verified is warned of")
    func unverified() throws {
        var expected = plain
        expected.skipsTLSVerification = true
        expected.warnings = [
            "The certificate of https://api:6443 is not verified, because the cluster 'k' of the kubeconfig has "
                + "insecure-skip-tls-verify."
        ]
        #expect(
            try ClientConfiguration.load(
                kubeconfig(cluster: "server: https://api:6443, insecure-skip-tls-verify: true")) == expected)
        #expect(
            try ClientConfiguration.load(
                kubeconfig(cluster: "server: https://api:6443, insecure-skip-tls-verify: false")) == plain)
    }

    @Test func users() throws {
        let file = try kubeconfig(
            user: """
                {username: joe, password: "s:e", as: carol, as-uid: "7", as-groups: [a, b],
                 as-user-extra: {scopes: [x, y]}, client-certificate-data: Q0VSVA==, client-key-data: S0VZ}
                """)
        var expected = plain
        expected.user.password = .init(username: "joe", password: "s:e")
        expected.user.certificate = .given(Data("CERT".utf8))
        expected.user.key = .given(Data("KEY".utf8))
        expected.impersonation.user = "carol"
        expected.impersonation.uid = "7"
        expected.impersonation.groups = ["a", "b"]
        expected.impersonation.extra = ["scopes": ["x", "y"]]
        #expect(try ClientConfiguration.load(file) == expected)
    }

    @Test("who is chosen to be impersonated takes the place of the kubeconfig's choice, as a whole")
    func impersonation() async throws {
        let file = try kubeconfig(user: "{as: carol, as-groups: [a], as-uid: '7'}")
        var expected = plain
        expected.impersonation.user = "dave"
        expected.impersonation.groups = ["b"]
        let dave = try ClientConfiguration.load(file) {
            $0.impersonatedUser = "dave"
            $0.impersonatedGroups = ["b"]
        }
        #expect(dave == expected)
        expected.impersonation.user = "carol"
        expected.impersonation.uid = "7"
        #expect(try ClientConfiguration.load(file) { $0.impersonatedGroups = ["b"] } == expected)

        let nobody = try kubeconfig()
        let said = await refusal { try ClientConfiguration.load(nobody) { $0.impersonatedGroups = ["b"] } }
        #expect(
            said == "invalidArgument: Groups, a UID or extra fields cannot be impersonated without a user. Give --as.")
    }

    @Test(
        "what cannot be used is refused in a sentence",
        arguments: [
            ("server: ''", "{}", "The cluster 'k' of the kubeconfig has no server."),
            (
                "server: 'https://a', certificate-authority-data: '?'", "{}",
                "The certificate-authority-data of the cluster 'k' is not base64."
            ),
            (
                "server: 'https://a'", "{client-certificate: me.crt}",
                "The user 'u' has a client certificate, but no client key."
            ),
            (
                "server: 'https://a'", "{auth-provider: {name: gcp}}",
                "The user 'u' has the auth-provider 'gcp', which Kubernetes gave up in 1.26. "
                    + "Use the exec plugin that came in its place."
            ),
            (
                "server: 'https://a'", "{exec: {command: c, apiVersion: client.authentication.k8s.io/v1alpha1}}",
                "The exec plugin of the user 'u' speaks 'client.authentication.k8s.io/v1alpha1', which is none of: "
                    + "client.authentication.k8s.io/v1, client.authentication.k8s.io/v1beta1."
            ),
            (
                "server: 'https://a'",
                "{exec: {command: c, apiVersion: client.authentication.k8s.io/v1, interactiveMode: Always}}",
                "The exec plugin of the user 'u' always wants to ask questions, which is not possible here."
            ),
        ])
    func unusable(cluster: String, user: String, sentence: String) async throws {
        let file = try kubeconfig(cluster: cluster, user: user)
        #expect(await refusal { try ClientConfiguration.load(file) } == "invalidArgument: \(sentence)")
    }

    @Test(
        "a file that is no kubeconfig is named, and not quoted",
        arguments: [
            ("{", "it is no YAML of that shape"),
            ("just text", "it is no YAML of that shape"),
            ("clusters: 7", "clusters is of the wrong kind"),
            ("users: [{name: u, user: {token: [secret]}}]", "users.[0].user.token is of the wrong kind"),
            ("users: [{user: {token: secret}}]", "users.[0].name is missing"),
        ])
    func malformed(text: String, reason: String) async throws {
        let file = try folder.write(text, to: "config")
        #expect(
            await refusal { try ClientConfiguration.load(file) }
                == "invalidArgument: The kubeconfig \(file) is not a kubeconfig: \(reason).")
    }

    @Test("a folder is no kubeconfig, and an empty one says nothing about a cluster")
    func unreadable() async throws {
        #expect(
            await refusal { try ClientConfiguration.load(folder.path) }
                == "notFound: The kubeconfig \(folder.path) cannot be read.")
        let empty = try folder.write("", to: "empty")
        #expect(
            await refusal { try ClientConfiguration.load { $0.kubeconfig = empty } }
                == "invalidArgument: The kubeconfig \(empty) does not say which cluster to use.")
    }
}
