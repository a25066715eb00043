import KubernetesClient
import RolloutModel

/// A resource that is recorded, in one namespace or in all.
public struct RecordedSource: Hashable, Sendable {
    public var resource: Resource
    /// `nil` for all.
    public var namespace: String?

    public init(_ resource: Resource, namespace: String? = nil) {
        self.resource = resource
        self.namespace = namespace
    }

    /// What a recorder remembers its place under.
    var key: String { "\(Self.keyPrefix)\(resource.plural)" + (namespace.map { "/\($0)" } ?? "") }

    static let keyPrefix = "place/"

    /// The namespace under which gaps are recorded.
    var gapNamespace: String { namespace ?? "default" }
}
