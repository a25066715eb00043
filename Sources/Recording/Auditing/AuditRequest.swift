import Foundation
import RolloutModel

/// A request to the API server, and who made it.
struct AuditRequest: Sendable {
    var auditID: String
    /// When the answer was complete, by the API server's clock.
    var at: Timestamp
    /// `nil` if it could change nothing.
    var verb: Verb?
    var resource: String?
    var subresource: String?
    var namespace: String?
    /// `nil` where the API server made up the name.
    var name: String?
    /// The user that the request counts as: the impersonated one, if another was impersonated.
    var user: String
    var groups: [String]
    /// Who impersonated the user.
    var impersonatedBy: String?
    var sourceIPs: [String]
    var userAgent: String?
    /// The HTTP status of the answer; 0 if the log does not say.
    var code: Int
    /// Whether it made the object: as server-side apply does, too, of what is not there yet.
    var isCreation: Bool
    /// The generation of the version that an update was made of; `nil` where the request does not say.
    var baseGeneration: Int?
    private var isComplete: Bool
    /// Whether it was only to be tried, so that nothing came of it whatever the answer says.
    private var isDryRun: Bool
    private var group: String

    /// What a request can do to an object.
    enum Verb: String, Sendable { case create, update, patch, delete, deletecollection }

    /// The resources that are followed, by their groups.
    static let resources = [
        "deployments": "apps", "replicasets": "apps", "pods": "", "services": "", "endpointslices": "discovery.k8s.io",
        "httproutes": "gateway.networking.k8s.io",
    ]
    private static let subresources: Set<String?> = [nil, "status", "scale", "binding"]

    /// Whether it is told of as complete, and may have changed what rollouts touch.
    var changesRollouts: Bool {
        isComplete && !isDryRun && verb != nil && resource.flatMap { Self.resources[$0] } == group
            && Self.subresources.contains(subresource)
    }

    /// Whether a request can be one that ``changesRollouts``, by what can be told of it at a glance.
    static func mayChangeRollouts(stage: String, verb: String, resource: String?) -> Bool {
        stage == completeStage && Verb(rawValue: verb) != nil && resource.map { resources[$0] != nil } == true
    }

    private static let completeStage = "ResponseComplete"

    /// What tells the object from others that live now; `nil` where the API server made up the name.
    var objectKey: String? {
        guard let resource, let name else { return nil }
        return "\(resource)/\(namespace ?? "default")/\(name)"
    }

    /// Whether it can have changed what is wanted of the object, rather than what is known of it.
    var changesSpec: Bool { subresource == nil || subresource == "scale" }

    /// Whether it changed an object that was there.
    var isChange: Bool { !isCreation && (verb == .update || verb == .patch) }

    /// Says of an event that this request caused it.
    func attribution(of event: CalledEvent, _ confidence: ActorAttributed.Confidence) throws -> Event {
        let actor = Actor(name: user, evidence: .audit)
        // Where one who saw less infers, another who saw all is sure.
        let certainty = confidence == .exact ? [] : [confidence.rawValue]
        return try Event(
            id: .derived(from: ["attribution", auditID, event.id.description] + certainty), stream: event.stream,
            fact: .actorAttributed(
                ActorAttributed(
                    event: event.id, actor: actor, auditID: auditID, groups: groups, impersonatedBy: impersonatedBy,
                    sourceIPs: sourceIPs, userAgent: userAgent, confidence: confidence
                )
            ),
            occurredAt: at, cause: event.id, actor: actor, origin: .audit
        )
    }
}

extension AuditRequest: Decodable {
    private enum Key: String, CodingKey {
        case auditID, stage, stageTimestamp, verb, objectRef, user, impersonatedUser, sourceIPs, userAgent
        case requestURI, requestObject, responseStatus
    }
    private enum BodyKey: String, CodingKey { case dryRun, metadata }
    private enum MetadataKey: String, CodingKey { case generation }
    private struct Status: Decodable { var code: Int? }
    private struct User: Decodable {
        var username: String?
        var groups: [String]?
    }
    private struct Reference: Decodable {
        var apiGroup: String?
        var resource: String?
        var subresource: String?
        var namespace: String?
        var name: String?
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        auditID = try container.decode(String.self, forKey: .auditID)
        at = try container.decode(Timestamp.self, forKey: .stageTimestamp)
        isComplete = try container.decode(String.self, forKey: .stage) == Self.completeStage
        verb = Verb(rawValue: try container.decode(String.self, forKey: .verb))
        let reference = try container.decodeIfPresent(Reference.self, forKey: .objectRef)
        group = reference?.apiGroup ?? ""
        resource = reference?.resource
        subresource = reference?.subresource
        namespace = reference?.namespace
        name = reference?.name
        let user = try container.decode(User.self, forKey: .user)
        let impersonated = try container.decodeIfPresent(User.self, forKey: .impersonatedUser)
        self.user = (impersonated ?? user).username ?? "system:anonymous"
        groups = (impersonated ?? user).groups ?? []
        impersonatedBy = impersonated == nil ? nil : user.username
        sourceIPs = try container.decodeIfPresent([String].self, forKey: .sourceIPs) ?? []
        userAgent = try container.decodeIfPresent(String.self, forKey: .userAgent)
        code = try container.decodeIfPresent(Status.self, forKey: .responseStatus)?.code ?? 0
        isCreation = subresource == nil && (verb == .create || code == 201)
        isDryRun = Self.hasDryRun(uri: try container.decodeIfPresent(String.self, forKey: .requestURI) ?? "")
        // The body of a patch, or of a request that failed, may be any JSON.
        let body = try? container.nestedContainer(keyedBy: BodyKey.self, forKey: .requestObject)
        switch verb {
        case .delete, .deletecollection:
            let stages = try? body?.decode([String].self, forKey: .dryRun)
            isDryRun = isDryRun || stages?.isEmpty == false
        case .update:
            let metadata = try? body?.nestedContainer(keyedBy: MetadataKey.self, forKey: .metadata)
            baseGeneration = try? metadata?.decode(Int.self, forKey: .generation)
        case .create, .patch, nil: break
        }
    }

    private static func hasDryRun(uri: String) -> Bool {
        guard let query = uri.firstIndex(of: "?") else { return false }
        return uri[query...].dropFirst().split(separator: "&").contains {
            String($0.prefix { $0 != "=" }).removingPercentEncoding == "dryRun"
        }
    }
}
