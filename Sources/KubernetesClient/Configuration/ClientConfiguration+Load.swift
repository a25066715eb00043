import Foundation
import RolloutModel

extension ClientConfiguration {
    /// What a person chose on the command line.
    public struct Choice: Sendable {
        /// The kubeconfig file; `nil` for `$KUBECONFIG`, which may name several, else `~/.kube/config`.
        public var kubeconfig: String?
        /// The context; `nil` for the current one of the file.
        public var context: String?
        /// The cluster; `nil` for that of the context.
        public var cluster: String?
        /// The user of the kubeconfig; `nil` for that of the context.
        public var user: String?
        /// In whose name to act.
        public var impersonatedUser: String?
        /// In which groups' name to act.
        public var impersonatedGroups: [String] = []

        /// Nothing in particular.
        public init() {}
    }

    /// Finds out where the API server is and how to speak to it, as kubectl does.
    ///
    /// From the file that was chosen, else from the files in `KUBECONFIG`, else from `~/.kube/config`, else, in a pod,
    /// from the pod's service account.
    ///
    /// - Parameters:
    ///   - choice: What a person chose.
    ///   - environment: The variables to look at.
    ///   - serviceAccount: The folder in which a pod has its service account.
    /// - Throws: ``ShipslogError`` with code `notFound` if there is no configuration, or not what was chosen;
    ///   `invalidArgument` if a file is no kubeconfig or what it says cannot be used.
    public static func load(
        _ choice: Choice = Choice(), environment: [String: String] = ProcessInfo.processInfo.environment,
        serviceAccount: String = "/var/run/secrets/kubernetes.io/serviceaccount"
    ) throws -> ClientConfiguration {
        let paths = paths(choice, environment: environment)
        let kubeconfig = try Kubeconfig(paths: paths)
        if let path = choice.kubeconfig, kubeconfig.paths.isEmpty {
            throw ShipslogError(.notFound, "There is no kubeconfig \(path).")
        }
        var configuration: ClientConfiguration
        if kubeconfig.clusters.isEmpty, kubeconfig.contexts.isEmpty, choice.kubeconfig == nil {
            // Whoever names a context, a cluster or a user does not want to be that of the pod.
            if let name = choice.context ?? choice.cluster ?? choice.user {
                throw ShipslogError(
                    .notFound,
                    "There is no kubeconfig in \(paths.joined(separator: ":")) that could say what '\(name)' is.",
                    hint: "Give --kubeconfig, or set KUBECONFIG.")
            }
            guard let inCluster = inCluster(environment: environment, serviceAccount: serviceAccount) else {
                throw ShipslogError(
                    .notFound, "There is no kubeconfig in \(paths.joined(separator: ":")), and this is no pod.",
                    hint: "Give --kubeconfig, or set KUBECONFIG.")
            }
            configuration = inCluster
        } else {
            configuration = try kubeconfig.configuration(choice)
        }
        if let user = choice.impersonatedUser {
            configuration.impersonation = Impersonation()
            configuration.impersonation.user = user
            configuration.impersonation.groups = choice.impersonatedGroups
        } else if !choice.impersonatedGroups.isEmpty {
            configuration.impersonation.groups = choice.impersonatedGroups
        }
        // The server would not know what to do with groups of nobody.
        if configuration.impersonation.user == nil, configuration.impersonation != Impersonation() {
            throw ShipslogError(
                .invalidArgument, "Groups, a UID or extra fields cannot be impersonated without a user.",
                hint: "Give --as.")
        }
        return configuration
    }

    private static func paths(_ choice: Choice, environment: [String: String]) -> [String] {
        if let path = choice.kubeconfig { return [path] }
        let listed = (environment["KUBECONFIG"] ?? "").split(separator: ":").map(String.init)
        return listed.isEmpty ? ["\(environment["HOME"] ?? "")/.kube/config"] : listed
    }

    /// - SeeAlso: <https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/#directly-accessing-the-rest-api>
    private static func inCluster(environment: [String: String], serviceAccount: String) -> ClientConfiguration? {
        guard let host = environment["KUBERNETES_SERVICE_HOST"]?.nonEmpty,
            let port = environment["KUBERNETES_SERVICE_PORT"]?.nonEmpty,
            FileManager.default.fileExists(atPath: "\(serviceAccount)/token")
        else { return nil }
        // An address of IPv6 has brackets in URLs.
        var configuration = ClientConfiguration(server: "https://\(host.contains(":") ? "[\(host)]" : host):\(port)")
        configuration.certificateAuthority = .file("\(serviceAccount)/ca.crt")
        configuration.user.token = .file("\(serviceAccount)/token")
        if let namespace = FileManager.default.contents(atPath: "\(serviceAccount)/namespace") {
            let name = String(decoding: namespace, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
            if !name.isEmpty { configuration.namespace = name }
        }
        return configuration
    }
}
