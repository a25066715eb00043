import Foundation
import KubernetesClient
import RolloutModel
import ShipslogTesting
import Testing

@Suite("in a pod") struct InClusterTests {
    private let folder: TemporaryFolder
    private let environment: [String: String]

    init() throws {
        folder = try TemporaryFolder()
        try folder.write("abc\n", to: "account/token")
        try folder.write("shop\n", to: "account/namespace")
        environment = [
            "HOME": folder.path, "KUBERNETES_SERVICE_HOST": "10.0.0.1", "KUBERNETES_SERVICE_PORT": "443",
        ]
    }

    private func load(
        _ environment: [String: String], choosing change: (inout ClientConfiguration.Choice) -> Void = { _ in }
    ) throws -> ClientConfiguration {
        var choice = ClientConfiguration.Choice()
        change(&choice)
        return try .load(choice, environment: environment, serviceAccount: folder.file("account"))
    }

    private var pod: ClientConfiguration {
        var configuration = ClientConfiguration(server: "https://10.0.0.1:443")
        configuration.certificateAuthority = .file(folder.file("account/ca.crt"))
        configuration.user.token = .file(folder.file("account/token"))
        configuration.namespace = "shop"
        return configuration
    }

    @Test("the service account counts where there is no kubeconfig")
    func serviceAccount() throws {
        #expect(try load(environment) == pod)
        var impersonating = pod
        impersonating.impersonation.user = "carol"
        #expect(try load(environment) { $0.impersonatedUser = "carol" } == impersonating)
    }

    @Test("a kubeconfig counts more")
    func kubeconfig() throws {
        try folder.write(
            """
            current-context: c
            clusters: [{name: k, cluster: {server: "https://api:6443"}}]
            contexts: [{name: c, context: {cluster: k}}]
            """, to: ".kube/config")
        var expected = ClientConfiguration(server: "https://api:6443")
        expected.context = "c"
        #expect(try load(environment) == expected)
    }

    @Test("an address of IPv6 gets brackets, and without a namespace it is the usual one", arguments: [true, false])
    func otherAddress(hasFile: Bool) throws {
        let file = folder.file("account/namespace")
        try FileManager.default.removeItem(atPath: file)
        if hasFile { try folder.write("\n", to: "account/namespace") }
        var expected = pod
        expected.server = "https://[fd00::1]:443"
        expected.namespace = "default"
        #expect(try load(environment.merging(["KUBERNETES_SERVICE_HOST": "fd00::1"]) { $1 }) == expected)
    }

    @Test("who names a context is not taken for the pod")
    func chosenContext() async throws {
        #expect(
            await refusal { try load(environment) { $0.context = "production" } }
                == "notFound: There is no kubeconfig in \(folder.path)/.kube/config that could say what 'production' is. "
                + "Give --kubeconfig, or set KUBECONFIG.")
    }

    @Test("without a token, or with half an address, this is no pod")
    func noPod() async throws {
        let sentence =
            "notFound: There is no kubeconfig in \(folder.path)/.kube/config, and this is no pod. "
            + "Give --kubeconfig, or set KUBECONFIG."
        var half = environment
        half["KUBERNETES_SERVICE_PORT"] = ""
        #expect(await refusal { try load(half) } == sentence)
        try FileManager.default.removeItem(atPath: folder.file("account/token"))
        #expect(await refusal { try load(environment) } == sentence)
    }
}
