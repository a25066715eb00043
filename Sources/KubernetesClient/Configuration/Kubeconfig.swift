import Foundation
import RolloutModel

/// Several kubeconfig files as if they were one: of entries with one name, the first counts.
///
/// - SeeAlso: <https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/#merging-kubeconfig-files>
struct Kubeconfig {
    /// An entry, and the folder that paths in it start from.
    struct Entry<Value> {
        var value: Value
        var folder: String
    }

    private(set) var currentContext: String?
    private(set) var clusters: [String: Entry<KubeconfigFile.Cluster>] = [:]
    private(set) var users: [String: Entry<KubeconfigFile.User>] = [:]
    private(set) var contexts: [String: Entry<KubeconfigFile.Context>] = [:]
    /// The files that are there.
    private(set) var paths: [String] = []

    /// Reads files, of which some may be missing.
    ///
    /// - Throws: as ``KubeconfigFile/read(_:)``.
    init(paths: [String]) throws {
        for path in paths {
            guard let file = try KubeconfigFile.read(path) else { continue }
            self.paths.append(path)
            let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
            if currentContext == nil { currentContext = file.currentContext?.nonEmpty }
            Self.add(file.clusters, from: folder, to: &clusters)
            Self.add(file.users, from: folder, to: &users)
            Self.add(file.contexts, from: folder, to: &contexts)
        }
    }

    private static func add<Value>(
        _ entries: [KubeconfigFile.Named<Value>]?, from folder: String, to known: inout [String: Entry<Value>]
    ) {
        for entry in entries ?? [] where known[entry.name] == nil {
            if let value = entry.value { known[entry.name] = Entry(value: value, folder: folder) }
        }
    }

    /// What a context says about its cluster and its user.
    ///
    /// - Throws: ``ShipslogError`` with code `notFound` if there is no such context, cluster or user;
    ///   `invalidArgument` if what it says cannot be used.
    func configuration(_ choice: ClientConfiguration.Choice) throws -> ClientConfiguration {
        var context = KubeconfigFile.Context()
        let contextName = choice.context ?? currentContext
        if let contextName {
            guard let entry = contexts[contextName] else {
                throw missing("context", contextName, known: contexts.keys)
            }
            context = entry.value
        }
        guard let clusterName = choice.cluster ?? context.cluster?.nonEmpty else {
            throw ShipslogError(
                .invalidArgument, "The kubeconfig \(place) does not say which cluster to use.",
                hint: contexts.isEmpty ? nil : "Give --context; there are: \(list(contexts.keys)).")
        }
        guard let cluster = clusters[clusterName] else { throw missing("cluster", clusterName, known: clusters.keys) }
        var configuration = try Self.configuration(of: cluster, named: clusterName)
        configuration.context = contextName
        if let namespace = context.namespace?.nonEmpty { configuration.namespace = namespace }
        if let userName = choice.user ?? context.user?.nonEmpty {
            guard let user = users[userName] else { throw missing("user", userName, known: users.keys) }
            try Self.apply(user, named: userName, to: &configuration)
        }
        return configuration
    }

    private static func configuration(
        of entry: Entry<KubeconfigFile.Cluster>, named name: String
    ) throws -> ClientConfiguration {
        let cluster = entry.value
        guard let server = cluster.server?.nonEmpty else {
            throw ShipslogError(.invalidArgument, "The cluster '\(name)' of the kubeconfig has no server.")
        }
        // As kubectl takes it.
        var configuration = ClientConfiguration(server: server.contains("://") ? server : "http://\(server)")
        configuration.certificateAuthority = try bytes(
            data: cluster.certificateAuthorityData, file: cluster.certificateAuthority, in: entry.folder,
            what: "certificate-authority-data of the cluster '\(name)'")
        configuration.tlsServerName = cluster.tlsServerName?.nonEmpty
        configuration.proxy = cluster.proxyURL?.nonEmpty
        if cluster.insecureSkipTLSVerify == true {
            configuration.skipsTLSVerification = true
            configuration.warnings.append(
                "The certificate of \(configuration.server) is not verified, because the cluster '\(name)' of the "
                    + "kubeconfig has insecure-skip-tls-verify.")
        }
        return configuration
    }

    private static func apply(
        _ entry: Entry<KubeconfigFile.User>, named name: String, to configuration: inout ClientConfiguration
    ) throws {
        let user = entry.value
        if let provider = user.authProvider {
            throw ShipslogError(
                .invalidArgument,
                "The user '\(name)' has the auth-provider '\(provider.name ?? "")', which Kubernetes gave up in 1.26.",
                hint: "Use the exec plugin that came in its place.")
        }
        configuration.user.name = name
        configuration.user.certificate = try bytes(
            data: user.clientCertificateData, file: user.clientCertificate, in: entry.folder,
            what: "client-certificate-data of the user '\(name)'")
        configuration.user.key = try bytes(
            data: user.clientKeyData, file: user.clientKey, in: entry.folder,
            what: "client-key-data of the user '\(name)'")
        if configuration.user.certificate != nil, configuration.user.key == nil {
            throw ShipslogError(.invalidArgument, "The user '\(name)' has a client certificate, but no client key.")
        }
        // The file counts if there are both, as the API's description says.
        if let file = user.tokenFile?.nonEmpty {
            configuration.user.token = .file(absolute(file, in: entry.folder))
        } else if let token = user.token?.nonEmpty {
            configuration.user.token = .given(Data(token.utf8))
        }
        if let username = user.username?.nonEmpty {
            configuration.user.password = .init(username: username, password: user.password ?? "")
        }
        if let exec = user.exec {
            configuration.user.plugin = try ExecPlugin(exec, user: name, folder: entry.folder)
        }
        configuration.impersonation.user = user.impersonatedUser?.nonEmpty
        configuration.impersonation.uid = user.impersonatedUID?.nonEmpty
        configuration.impersonation.groups = user.impersonatedGroups ?? []
        configuration.impersonation.extra = user.impersonatedExtra ?? [:]
    }

    private static func bytes(
        data: String?, file: String?, in folder: String, what: String
    ) throws -> ClientConfiguration.Bytes? {
        if let data = data?.nonEmpty {
            guard let bytes = Data(base64Encoded: data, options: .ignoreUnknownCharacters), !bytes.isEmpty else {
                throw ShipslogError(.invalidArgument, "The \(what) is not base64.")
            }
            return .given(bytes)
        }
        return file?.nonEmpty.map { .file(absolute($0, in: folder)) }
    }

    private static func absolute(_ path: String, in folder: String) -> String {
        path.hasPrefix("/") ? path : "\(folder)/\(path)"
    }

    private var place: String { paths.joined(separator: ":") }

    private func missing(_ kind: String, _ name: String, known: some Collection<String>) -> ShipslogError {
        ShipslogError(
            .notFound, "There is no \(kind) '\(name)' in the kubeconfig \(place).",
            hint: known.isEmpty ? nil : "There are: \(list(known)).")
    }

    private func list(_ names: some Collection<String>) -> String { names.sorted().joined(separator: ", ") }
}
