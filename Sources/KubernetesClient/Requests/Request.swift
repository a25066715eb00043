import Foundation
import RolloutModel

/// A request to an API server.
public struct Request: Sendable {
    /// What it does.
    public var method: Method
    /// The path, escaped, without the one that the server may be behind.
    public var path: String
    /// What follows the question mark, in order.
    public var query: [(name: String, value: String)]
    /// What is sent with it; `nil` for nothing.
    public var body: Data?
    /// Of which type the body is.
    public var contentType: String

    public init(
        _ method: Method, _ path: String, query: [(name: String, value: String)] = [], body: Data? = nil,
        contentType: String = "application/json"
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.body = body
        self.contentType = contentType
    }

    /// What a request does.
    public enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"

        /// Whether it changes nothing, so that it may be sent again whatever became of it.
        var isRead: Bool { self == .get }
    }

    /// The path with the query.
    var target: String {
        if query.isEmpty { return path }
        let pairs = query.map { "\(URLText.escaped($0.name))=\(URLText.escaped($0.value))" }
        return path + "?" + pairs.joined(separator: "&")
    }
}

/// An answer of an API server that did what it was asked.
public struct Answer: Sendable {
    /// The HTTP status, from 200 to 299.
    public var code: Int
    /// What the server's audit log calls the request; `nil` if the server does not say.
    ///
    /// - SeeAlso: <https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/>
    public var auditID: String?
    /// What the server warns of, in its words.
    public var warnings: [String]
    /// The bytes of the answer.
    public var body: Data

    /// The object that was answered: the one that was asked for or changed, or a Status.
    ///
    /// - Throws: `DecodingError` if the answer is no object.
    public func object() throws -> KubernetesObject { try KubernetesObject(json: body) }
}
