import Foundation
import RolloutModel
import Yams

/// One kubeconfig file, as it is written.
///
/// - SeeAlso: <https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/>
struct KubeconfigFile: Decodable {
    var currentContext: String?
    var clusters: [Named<Cluster>]?
    var users: [Named<User>]?
    var contexts: [Named<Context>]?

    private enum CodingKeys: String, CodingKey {
        case clusters, users, contexts
        case currentContext = "current-context"
    }

    struct Cluster: Decodable {
        var server: String?
        var certificateAuthority: String?
        var certificateAuthorityData: String?
        var tlsServerName: String?
        var insecureSkipTLSVerify: Bool?
        var proxyURL: String?

        private enum CodingKeys: String, CodingKey {
            case server
            case certificateAuthority = "certificate-authority"
            case certificateAuthorityData = "certificate-authority-data"
            case tlsServerName = "tls-server-name"
            case insecureSkipTLSVerify = "insecure-skip-tls-verify"
            case proxyURL = "proxy-url"
        }
    }

    struct User: Decodable {
        var clientCertificate: String?
        var clientCertificateData: String?
        var clientKey: String?
        var clientKeyData: String?
        var token: String?
        var tokenFile: String?
        var username: String?
        var password: String?
        var impersonatedUser: String?
        var impersonatedUID: String?
        var impersonatedGroups: [String]?
        var impersonatedExtra: [String: [String]]?
        var authProvider: AuthProvider?
        var exec: Exec?

        struct AuthProvider: Decodable {
            var name: String?
        }

        private enum CodingKeys: String, CodingKey {
            case token, tokenFile, username, password, exec
            case clientCertificate = "client-certificate"
            case clientCertificateData = "client-certificate-data"
            case clientKey = "client-key"
            case clientKeyData = "client-key-data"
            case impersonatedUser = "as"
            case impersonatedUID = "as-uid"
            case impersonatedGroups = "as-groups"
            case impersonatedExtra = "as-user-extra"
            case authProvider = "auth-provider"
        }
    }

    struct Exec: Decodable {
        var apiVersion: String?
        var command: String
        var args: [String]?
        var env: [Variable]?
        var installHint: String?
        var provideClusterInfo: Bool?
        var interactiveMode: String?

        struct Variable: Decodable {
            var name: String
            var value: String
        }
    }

    struct Context: Decodable {
        var cluster: String?
        var user: String?
        var namespace: String?
    }

    /// An entry of one of the lists: a name, and what the name stands for under a key of its own.
    struct Named<Value: Decodable & SendableMetatype>: Decodable {
        var name: String
        var value: Value?

        private enum Key: String, CodingKey { case name, cluster, user, context }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            name = try container.decode(String.self, forKey: .name)
            for key in [Key.cluster, .user, .context] where container.contains(key) {
                value = try container.decodeIfPresent(Value.self, forKey: key)
            }
        }
    }

    /// Reads a file.
    ///
    /// - Returns: `nil` if there is no such file.
    /// - Throws: ``ShipslogError`` with code `notFound` if it cannot be read, `invalidArgument` if it is no kubeconfig.
    static func read(_ path: String) throws -> KubeconfigFile? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ShipslogError(.notFound, "The kubeconfig \(path) cannot be read.")
        }
        // An empty file is one in which nothing is said.
        if data.allSatisfy({ $0 <= 0x20 }) { return KubeconfigFile() }
        do {
            return try YAMLDecoder().decode(KubeconfigFile.self, from: data)
        } catch {
            // The decoder's own words could quote the file, which holds secrets.
            throw ShipslogError(
                .invalidArgument, "The kubeconfig \(path) is not a kubeconfig: \(Self.reason(error)).")
        }
    }

    private init() {}

    private static func reason(_ error: any Error) -> String {
        func place(_ context: DecodingError.Context) -> String {
            context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
        }
        switch error {
        case DecodingError.keyNotFound(let key, let context):
            return [place(context), key.stringValue].filter { !$0.isEmpty }.joined(separator: ".") + " is missing"
        case DecodingError.typeMismatch(_, let context) where !context.codingPath.isEmpty,
            DecodingError.valueNotFound(_, let context) where !context.codingPath.isEmpty:
            return "\(place(context)) is of the wrong kind"
        default:
            return "it is no YAML of that shape"
        }
    }
}
