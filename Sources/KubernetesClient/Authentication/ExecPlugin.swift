import Foundation
import RolloutModel

/// A program that tells a user's credentials.
///
/// - SeeAlso: <https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins>
public struct ExecPlugin: Hashable, Sendable {
    /// The version of the protocol: `client.authentication.k8s.io/v1` or `v1beta1`.
    var apiVersion: String
    var command: String
    var arguments: [String]
    var environment: [String: String]
    var installHint: String?
    var wantsCluster: Bool
    /// The user in the kubeconfig, for messages.
    var user: String

    init(_ exec: KubeconfigFile.Exec, user: String, folder: String) throws {
        let versions = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"]
        guard let apiVersion = exec.apiVersion, versions.contains(apiVersion) else {
            throw ShipslogError(
                .invalidArgument,
                "The exec plugin of the user '\(user)' speaks '\(exec.apiVersion ?? "")', which is none of: "
                    + versions.joined(separator: ", ") + ".")
        }
        // Nobody is asked anything: a recorder runs for weeks, and its terminal is not the plugin's.
        if exec.interactiveMode == "Always" {
            throw ShipslogError(
                .invalidArgument,
                "The exec plugin of the user '\(user)' always wants to ask questions, which is not possible here.")
        }
        self.apiVersion = apiVersion
        // A bare name is looked up in PATH, a path starts from the kubeconfig's folder.
        command =
            exec.command.contains("/") && !exec.command.hasPrefix("/")
            ? "\(folder)/\(exec.command)" : exec.command
        arguments = exec.args ?? []
        environment = Dictionary((exec.env ?? []).map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
        installHint = exec.installHint?.nonEmpty
        wantsCluster = exec.provideClusterInfo ?? false
        self.user = user
    }

    /// What a plugin answers.
    struct Answer: Decodable {
        var apiVersion: String
        var kind: String
        var status: Status?

        struct Status: Decodable {
            var token: String?
            var clientCertificateData: String?
            var clientKeyData: String?
            var expirationTimestamp: Timestamp?
        }
    }

    /// Runs the program and reads what it answers.
    ///
    /// - Parameter configuration: The cluster that the credentials are for.
    /// - Throws: ``ShipslogError`` with code `notFound` if there is no such program; `unavailable` if it fails, takes
    ///   longer than a minute or does not answer as the protocol wants it.
    func run(for configuration: ClientConfiguration) async throws -> Answer.Status {
        let question = try CanonicalJSON.encode(ExecQuestion(self, configuration))
        let output = try await PluginProcess(
            command: command, arguments: arguments,
            environment: environment.merging(["KUBERNETES_EXEC_INFO": String(decoding: question, as: UTF8.self)]) { $1 }
        ).run(failing: fail)
        guard let answer = try? CanonicalJSON.decode(Answer.self, from: output), answer.kind == "ExecCredential" else {
            // Not quoted: it may hold a secret.
            throw fail(.unavailable, "did not answer with an ExecCredential")
        }
        guard answer.apiVersion == apiVersion else {
            throw fail(.unavailable, "answered in '\(answer.apiVersion)' instead of '\(apiVersion)'")
        }
        guard let status = answer.status, status.token?.nonEmpty != nil || status.clientCertificateData != nil else {
            throw fail(.unavailable, "answered without a token and without a certificate")
        }
        guard status.clientCertificateData == nil || status.clientKeyData != nil else {
            throw fail(.unavailable, "answered with a certificate, but without its key")
        }
        return status
    }

    private func fail(_ code: ShipslogError.Code, _ what: String) -> ShipslogError {
        ShipslogError(code, "The exec plugin '\(command)' of the user '\(user)' \(what).", hint: installHint)
    }
}

/// What a plugin is told.
private struct ExecQuestion: Encodable {
    var apiVersion: String
    var kind = "ExecCredential"
    var spec: Spec

    struct Spec: Encodable {
        var interactive = false
        var cluster: Cluster?
    }

    struct Cluster: Encodable {
        var server: String
        var tlsServerName: String?
        var insecureSkipTLSVerify: Bool
        var certificateAuthorityData: Data?
        var proxyURL: String?

        private enum CodingKeys: String, CodingKey {
            case server
            case tlsServerName = "tls-server-name"
            case insecureSkipTLSVerify = "insecure-skip-tls-verify"
            case certificateAuthorityData = "certificate-authority-data"
            case proxyURL = "proxy-url"
        }
    }

    init(_ plugin: ExecPlugin, _ configuration: ClientConfiguration) throws {
        apiVersion = plugin.apiVersion
        spec = Spec()
        guard plugin.wantsCluster else { return }
        spec.cluster = Cluster(
            server: configuration.server, tlsServerName: configuration.tlsServerName,
            insecureSkipTLSVerify: configuration.skipsTLSVerification,
            certificateAuthorityData: try configuration.certificateAuthority?.read("certificate authority"),
            proxyURL: configuration.proxy)
    }
}
