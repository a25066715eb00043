import ArgumentParser
import EventLedger
import RolloutModel

/// The options that say which part of the ledger is meant.
struct ScopeArguments: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: "The namespace; if not given, the ledger's only one, or \"default\" if it holds several."
    )
    var namespace: String?

    @Flag(name: [.customShort("A"), .long], help: "All namespaces.")
    var allNamespaces = false

    @Option(help: "The cluster, by the name it was recorded under; all of them if not given.")
    var cluster: String?

    func validate() throws {
        if namespace != nil, allNamespaces {
            throw ValidationError("--namespace and --all-namespaces exclude each other.")
        }
    }

    /// What the options mean for a ledger.
    ///
    /// - Throws: ``ShipslogError`` as `Ledger.streams`.
    func scope(of ledger: Ledger) throws -> Scope {
        if allNamespaces { return Scope(cluster: cluster, namespace: nil) }
        if let namespace { return Scope(cluster: cluster, namespace: namespace) }
        let streams = try ledger.streams(cluster: cluster, namespace: nil, kind: nil, name: nil)
        return Scope(cluster: cluster, namespace: Scope.defaultNamespace(of: streams))
    }
}

/// A part of a ledger.
struct Scope: Equatable {
    /// `nil` for every cluster.
    var cluster: String?
    /// `nil` for every namespace.
    var namespace: String?

    /// The only namespace that has subjects; `default` if there are several or none.
    static func defaultNamespace(of streams: [StreamName]) -> String {
        let namespaces = Set(streams.filter(\.isSubject).map(\.namespace))
        return namespaces.count == 1 ? namespaces.first ?? "default" : "default"
    }

    /// Whether a stream is in it.
    func contains(_ stream: StreamName) -> Bool {
        stream.cluster == cluster ?? stream.cluster && stream.namespace == namespace ?? stream.namespace
    }

    /// What kubectl says of an empty list.
    var nothingFound: String {
        namespace.map { "No resources found in \($0) namespace." } ?? "No resources found"
    }
}

extension StreamName {
    /// Whether it has rollouts: a Deployment, a Service or a bare pod.
    var isSubject: Bool { ["deployment", "service", "pod"].contains(kind) }

    /// Whether it is that of a subject, or of an HTTPRoute, which has a history but no rollouts.
    var isSubjectOrRoute: Bool { isSubject || kind == "httproute" }
}
