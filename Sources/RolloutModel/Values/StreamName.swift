/// The name of a stream: the subject whose history it is.
///
/// Written `<cluster>/<namespace>/<kind>/<name>`, the kind in lower-case singular as in `kubectl get TYPE/NAME`
/// (`prod/shop/deployment/web`). Pods and ReplicaSets that a Deployment owns belong to the Deployment's stream.
public struct StreamName: Hashable, Sendable {
    /// What the person who records calls the cluster.
    public let cluster: String
    /// The Kubernetes namespace.
    public let namespace: String
    /// `deployment`, `service`, `pod`, `httproute`, `replicaset` or `recording`.
    public let kind: String
    /// The object's name within namespace and kind.
    public let name: String

    /// Names a stream by its parts.
    ///
    /// - Precondition: ``isValidPart(_:)`` holds for each.
    public init(cluster: String, namespace: String, kind: String, name: String) {
        guard let checked = StreamName(checking: cluster, namespace, kind, name) else {
            preconditionFailure("invalid part of a stream name")
        }
        self = checked
    }

    /// Names a stream by parts that somebody else made up; `nil` if one of them cannot be one.
    package init?(checking cluster: String, _ namespace: String, _ kind: String, _ name: String) {
        guard [cluster, namespace, kind, name].allSatisfy(Self.isValidPart) else { return nil }
        self.cluster = cluster
        self.namespace = namespace
        self.kind = kind
        self.name = name
    }

    /// Reads the written form; `nil` unless there are exactly four non-empty parts.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 4 else { return nil }
        self.init(checking: parts[0], parts[1], parts[2], parts[3])
    }

    /// Whether a text can be a part: at least one character, no `/`, no control character, and no longer than Kubernetes
    /// lets the name of an object be.
    public static func isValidPart(_ text: String) -> Bool {
        (1...253).contains(text.utf8.count)
            && text.unicodeScalars.allSatisfy { $0 != "/" && $0.value >= 0x20 && $0.value != 0x7F }
    }

    /// The subject within its namespace: `deployment/web`.
    public var subject: String { "\(kind)/\(name)" }

    /// The subject as people write it: `deploy/web`.
    package var shortName: String { "\(Self.shortKind(kind))/\(name)" }

    /// The short form of a kind: `deploy`.
    package static func shortKind(_ kind: String) -> String {
        switch kind {
        case "deployment": "deploy"
        case "service": "svc"
        default: kind
        }
    }
}

extension StreamName: CustomStringConvertible {
    public var description: String { "\(cluster)/\(namespace)/\(kind)/\(name)" }
}

extension StreamName: Comparable {
    /// By cluster, namespace, kind, name.
    public static func < (left: StreamName, right: StreamName) -> Bool {
        (left.cluster, left.namespace, left.kind, left.name) < (right.cluster, right.namespace, right.kind, right.name)
    }
}

extension StreamName: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let name = StreamName(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a stream name")
        }
        self = name
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
