import Foundation

/// What an API server says when it does not do what it was asked.
///
/// Nothing was changed, as far as the server knows: of answers with a code of 500 or above nobody can be sure.
///
/// - SeeAlso: <https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/>
public struct StatusError: ExplainableError, Sendable {
    /// The HTTP status.
    public var code: Int
    /// Why, for the program.
    public var reason: Reason
    /// Why, in the server's words.
    public var message: String
    /// What in particular is wrong.
    public var causes: [Cause]
    /// How long to wait before trying again, if the server says so.
    public var retryAfter: Duration?
    /// What the server's audit log calls the request.
    public var auditID: String?
    /// The request: `GET /api/v1/pods`.
    public var request: String
    /// The server that was asked.
    public var server: String

    /// Why a server does not do what it was asked.
    ///
    /// There may be others than these.
    public struct Reason: RawRepresentable, Hashable, Sendable {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }

        public static let unauthorized = Reason(rawValue: "Unauthorized")
        public static let forbidden = Reason(rawValue: "Forbidden")
        public static let notFound = Reason(rawValue: "NotFound")
        public static let alreadyExists = Reason(rawValue: "AlreadyExists")
        public static let conflict = Reason(rawValue: "Conflict")
        public static let invalid = Reason(rawValue: "Invalid")
        /// The version that was asked for is forgotten, or a continue token is too old.
        public static let expired = Reason(rawValue: "Expired")
        /// As `expired`, of older servers.
        public static let gone = Reason(rawValue: "Gone")
        public static let timeout = Reason(rawValue: "Timeout")
        public static let tooManyRequests = Reason(rawValue: "TooManyRequests")
        public static let serviceUnavailable = Reason(rawValue: "ServiceUnavailable")
        public static let internalError = Reason(rawValue: "InternalError")
        /// The server did not say.
        public static let unknown = Reason(rawValue: "")
    }

    /// One thing that is wrong.
    public struct Cause: Codable, Hashable, Sendable {
        public var reason: String?
        public var message: String?
        public var field: String?

        package init(reason: String?, message: String?, field: String?) {
            self.reason = reason
            self.message = message
            self.field = field
        }
    }

    /// Whether the version that was asked for is forgotten, so that everything must be listed again.
    public var isExpired: Bool { code == 410 || reason == .expired || reason == .gone }

    /// Whether the server has not got as far as the version that was asked for.
    public var isTooLargeResourceVersion: Bool {
        // Servers before 1.19 give no cause. https://github.com/kubernetes/kubernetes/pull/92537
        causes.contains { $0.reason == "ResourceVersionTooLarge" } || message.contains("Too large resource version")
    }

    /// Whether a pod may not be evicted because its disruption budget does not allow it now.
    public var isDisruptionBudget: Bool { causes.contains { $0.reason == "DisruptionBudget" } }

    /// States a refusal.
    package init(
        code: Int, reason: Reason, message: String, causes: [Cause] = [], retryAfter: Duration? = nil,
        auditID: String? = nil, request: String, server: String
    ) {
        self.code = code
        self.reason = reason
        self.message = message
        self.causes = causes
        self.retryAfter = retryAfter
        self.auditID = auditID
        self.request = request
        self.server = server
    }

    private struct Body: Decodable {
        var kind: String?
        var reason: String?
        var message: String?
        var code: Int?
        var details: Details?

        struct Details: Decodable {
            var causes: [Cause]?
            var retryAfterSeconds: Int?
        }
    }

    /// Reads an answer, or an error in a watch stream.
    ///
    /// - Parameters:
    ///   - code: The HTTP status; `nil` for that of the body.
    ///   - body: A Status, or anything else: proxies answer as they like.
    ///   - retryAfter: The value of the header `Retry-After`.
    package init(
        code: Int?, body: Data, retryAfter: String? = nil, auditID: String? = nil, request: String, server: String
    ) {
        let status = (try? CanonicalJSON.decode(Body.self, from: body)).flatMap { $0.kind == "Status" ? $0 : nil }
        self.code = code ?? status?.code ?? 500
        reason = Reason(rawValue: status?.reason ?? "")
        message = status?.message?.nonEmpty ?? Self.text(body)
        causes = status?.details?.causes ?? []
        // The other form of the header, a date, is of no use to those whose clock is another.
        let seconds = retryAfter.flatMap(Int.init) ?? status?.details?.retryAfterSeconds
        self.retryAfter = seconds.flatMap { $0 > 0 ? .seconds(min($0, 3600)) : nil }
        self.auditID = auditID
        self.request = request
        self.server = server
    }

    private static func text(_ body: Data) -> String {
        let text = String(decoding: body.prefix(300), as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        return text.isEmpty ? "no reason given" : text
    }

    public var explained: ShipslogError {
        let said = message.hasSuffix(".") ? String(message.dropLast()) : message
        switch code {
        case 401:
            return ShipslogError(
                .unavailable, "The API server \(server) does not accept the credentials: \(said).",
                hint: "They may have expired.")
        case 403: return ShipslogError(.unavailable, "The API server \(server) does not allow it: \(said).")
        case 404: return ShipslogError(.notFound, "The API server \(server) has no such thing: \(said).")
        case 409, 410, 412: return ShipslogError(.conflict, "The API server \(server) refused \(request): \(said).")
        case 429, 500...:
            return ShipslogError(.unavailable, "The API server \(server) cannot do \(request) now: \(said) (\(code)).")
        default:
            return ShipslogError(.invalidArgument, "The API server \(server) refused \(request): \(said) (\(code)).")
        }
    }
}
