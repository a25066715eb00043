import Foundation
import KubernetesClient
import RolloutModel
import ShipslogTesting
import Testing

@Suite("several kubeconfig files as one") struct KubeconfigMergingTests {
    private let folder: TemporaryFolder
    private let first: String
    private let second: String
    private let third: String

    init() throws {
        folder = try TemporaryFolder()
        first = try folder.write(
            """
            current-context: ""
            clusters:
            - name: shared
              cluster: {server: "https://first:6443", certificate-authority: ca.crt}
            contexts:
            - name: one
              context: {cluster: shared, user: me}
            """, to: "a/config")
        second = try folder.write(
            """
            current-context: one
            clusters:
            - name: shared
              cluster: {server: "https://second:6443", proxy-url: "http://proxy:3128"}
            - name: other
              cluster: {server: "https://other:6443/behind", certificate-authority: /etc/other.crt}
            contexts:
            - name: one
              context: {cluster: other, user: me, namespace: never}
            - name: two
              context: {cluster: other, user: robot, namespace: shop}
            users:
            - name: me
              user: {client-certificate: ../pki/me.crt, client-key: me.key, token: never, tokenFile: token}
            """, to: "b/config")
        third = try folder.write(
            """
            current-context: two
            users:
            - name: robot
              user: {token: abc}
            """, to: "c/config")
    }

    /// What the context `one` says, whose cluster is in the first file and whose user in the second.
    private var one: ClientConfiguration {
        var configuration = ClientConfiguration(server: "https://first:6443")
        configuration.certificateAuthority = .file(folder.file("a/ca.crt"))
        configuration.user.name = "me"
        configuration.user.certificate = .file(folder.file("b/../pki/me.crt"))
        configuration.user.key = .file(folder.file("b/me.key"))
        configuration.user.token = .file(folder.file("b/token"))
        configuration.context = "one"
        return configuration
    }

    /// What the context `two` says, which is in the second file.
    private var two: ClientConfiguration {
        var configuration = ClientConfiguration(server: "https://other:6443/behind")
        configuration.certificateAuthority = .file("/etc/other.crt")
        configuration.user.name = "robot"
        configuration.user.token = .given(Data("abc".utf8))
        configuration.context = "two"
        configuration.namespace = "shop"
        return configuration
    }

    @Test("of entries with one name the first counts, whole, and paths start from its own file")
    func firstCounts() throws {
        #expect(try ClientConfiguration.load(first, second, third) == one)
    }

    @Test("the current context is that of the first file that has one")
    func currentContext() throws {
        #expect(try ClientConfiguration.load(third, second, first) == two)
        #expect(try ClientConfiguration.load(second, third) { $0.context = "two" } == two)
    }

    @Test("missing and empty files say nothing")
    func missingFiles() throws {
        let empty = try folder.write("\n \n", to: "empty")
        #expect(try ClientConfiguration.load(folder.file("missing"), empty, first, "", second, third) == one)
    }

    @Test("a file that was chosen is the only one")
    func chosenFile() async throws {
        let alone = await refusal {
            try ClientConfiguration.load(second, third) { $0.kubeconfig = first }
        }
        #expect(
            alone == "invalidArgument: The kubeconfig \(first) does not say which cluster to use. "
                + "Give --context; there are: one.")
        let nowhere = folder.file("nowhere")
        let missing = await refusal { try ClientConfiguration.load(first, second) { $0.kubeconfig = nowhere } }
        #expect(missing == "notFound: There is no kubeconfig \(nowhere).")
    }

    @Test("without KUBECONFIG it is ~/.kube/config")
    func home() async throws {
        let path = try folder.write(
            """
            {"current-context": "c", "clusters": [{"name": "k", "cluster": {"server": "plain:8080"}}],
             "contexts": [{"name": "c", "context": {"cluster": "k"}}]}
            """, to: ".kube/config")
        var expected = ClientConfiguration(server: "http://plain:8080")
        expected.context = "c"
        let environment = ["HOME": folder.path, "KUBECONFIG": ""]
        #expect(try ClientConfiguration.load(environment: environment, serviceAccount: "/nowhere") == expected)

        try FileManager.default.removeItem(atPath: path)
        let missing = await refusal {
            try ClientConfiguration.load(environment: environment, serviceAccount: "/nowhere")
        }
        #expect(
            missing == "notFound: There is no kubeconfig in \(path), and this is no pod. "
                + "Give --kubeconfig, or set KUBECONFIG.")
    }

    @Test("context, cluster and user can be chosen apart")
    func choices() throws {
        var mixed = one
        mixed.user = two.user
        #expect(try ClientConfiguration.load(first, second, third) { $0.user = "robot" } == mixed)
        var elsewhere = two
        elsewhere.server = one.server
        elsewhere.certificateAuthority = one.certificateAuthority
        #expect(
            try ClientConfiguration.load(first, second, third) {
                $0.context = "two"
                $0.cluster = "shared"
            } == elsewhere)
    }

    @Test("what was chosen and is not there is named, with what there is")
    func missingChoices() async throws {
        let place = "\(first):\(second)"
        func said(_ change: (inout ClientConfiguration.Choice) -> Void) async -> String? {
            await refusal { try ClientConfiguration.load(first, second, choosing: change) }
        }
        #expect(
            await said { $0.context = "three" }
                == "notFound: There is no context 'three' in the kubeconfig \(place). There are: one, two.")
        #expect(
            await said { $0.cluster = "x" }
                == "notFound: There is no cluster 'x' in the kubeconfig \(place). There are: other, shared.")
        #expect(
            await said { $0.context = "two" }
                == "notFound: There is no user 'robot' in the kubeconfig \(place). There are: me.")
    }
}
