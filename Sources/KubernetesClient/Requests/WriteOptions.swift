import Foundation
import RolloutModel

/// How something is written.
public struct WriteOptions: Sendable {
    /// Whether the server only tries: everything is checked and answered as if, and nothing is kept.
    public var isDryRun: Bool
    /// The manager of the fields that are written; `nil` for that of the configuration.
    public var fieldManager: String?

    public init(isDryRun: Bool = false, fieldManager: String? = nil) {
        self.isDryRun = isDryRun
        self.fieldManager = fieldManager
    }
}

/// A change to an object.
///
/// - SeeAlso: <https://kubernetes.io/docs/reference/using-api/api-concepts/#patch-and-apply>
public enum Patch: Sendable {
    /// RFC 7386: members replace members, null removes.
    case merge(JSONValue)
    /// The same, but lists are merged by the keys that their types name.
    case strategicMerge(JSONValue)
    /// RFC 6902: a list of operations, among them tests.
    case json([JSONValue])
    /// Server-side apply of the fields given; with force also of those that somebody else manages.
    case apply(JSONValue, force: Bool = false)

    var contentType: String {
        switch self {
        case .merge: "application/merge-patch+json"
        case .strategicMerge: "application/strategic-merge-patch+json"
        case .json: "application/json-patch+json"
        // JSON is YAML.
        case .apply: "application/apply-patch+yaml"
        }
    }

    var body: JSONValue {
        switch self {
        case .merge(let value), .strategicMerge(let value), .apply(let value, _): value
        case .json(let operations): .array(operations)
        }
    }
}

/// How something is deleted.
public struct DeleteOptions: Sendable {
    /// Only the object with this UID: not another one that has got its name since.
    public var uid: String?
    /// Only this version of the object.
    public var resourceVersion: String?
    /// How long a pod may take to end; `nil` for what the pod says, 0 for not waiting to know.
    public var gracePeriodSeconds: Int?
    /// What becomes of the objects that it owns; `nil` for what is usual for its kind.
    public var propagation: Propagation?
    /// Whether the server only tries.
    public var isDryRun: Bool

    /// What becomes of the objects that an object owns.
    ///
    /// - SeeAlso: <https://kubernetes.io/docs/concepts/architecture/garbage-collection/#cascading-deletion>
    public enum Propagation: String, Sendable {
        case background = "Background"
        case foreground = "Foreground"
        case orphan = "Orphan"
    }

    public init(
        uid: String? = nil, resourceVersion: String? = nil, gracePeriodSeconds: Int? = nil,
        propagation: Propagation? = nil, isDryRun: Bool = false
    ) {
        self.uid = uid
        self.resourceVersion = resourceVersion
        self.gracePeriodSeconds = gracePeriodSeconds
        self.propagation = propagation
        self.isDryRun = isDryRun
    }

    /// The options as the API wants them.
    var value: JSONValue {
        var members: [String: JSONValue] = ["kind": .string("DeleteOptions"), "apiVersion": .string("v1")]
        var preconditions: [String: JSONValue] = [:]
        preconditions["uid"] = uid.map(JSONValue.string)
        preconditions["resourceVersion"] = resourceVersion.map(JSONValue.string)
        if !preconditions.isEmpty { members["preconditions"] = .object(preconditions) }
        members["gracePeriodSeconds"] = gracePeriodSeconds.map { .integer(Int64($0)) }
        members["propagationPolicy"] = propagation.map { .string($0.rawValue) }
        if isDryRun { members["dryRun"] = .array([.string("All")]) }
        return .object(members)
    }
}
