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
    /// - Precondition: no part is empty or holds a `/`.
    public init(cluster: String, namespace: String, kind: String, name: String) {
        precondition([cluster, namespace, kind, name].allSatisfy(Self.isValidPart), "invalid part of a stream name")
        self.cluster = cluster
        self.namespace = namespace
        self.kind = kind
        self.name = name
    }

    /// Reads the written form; `nil` unless there are exactly four non-empty parts.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 4, parts.allSatisfy(Self.isValidPart) else { return nil }
        self.init(cluster: parts[0], namespace: parts[1], kind: parts[2], name: parts[3])
    }

    /// Whether a text can be a part: at least one character, no `/`, no control character.
    public static func isValidPart(_ text: String) -> Bool {
        !text.isEmpty && text.unicodeScalars.allSatisfy { $0 != "/" && $0.value >= 0x20 && $0.value != 0x7F }
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
