#if Network
    import Foundation
    import RolloutModel

    /// Which objects of a resource.
    public struct Selection: Hashable, Sendable {
        public var resource: Resource
        /// The namespace they are in; `nil` for all.
        public var namespace: String?
        /// Which labels they have, as kubectl's `-l`: `app=web,tier!=db`.
        public var labels: String?
        /// Which fields they have: `metadata.name=web`.
        public var fields: String?

        public init(_ resource: Resource, namespace: String? = nil, labels: String? = nil, fields: String? = nil) {
            self.resource = resource
            self.namespace = namespace
            self.labels = labels
            self.fields = fields
        }

        /// The path of the collection.
        var path: String { resource.path(namespace: namespace) }

        /// What asks for no more than these.
        var query: [(name: String, value: String)] {
            [("labelSelector", labels), ("fieldSelector", fields)].compactMap { name, value in
                value?.nonEmpty.map { (name, $0) }
            }
        }
    }

    extension KubernetesClient {
        /// How many objects are asked for at a time, as kubectl does.
        public static let pageSize = 500

        /// Lists objects, all as they were at one moment.
        ///
        /// - Parameter namespace: The namespace; `nil` for all of them.
        public func list(
            _ resource: Resource, namespace: String? = nil, labels: String? = nil, fields: String? = nil,
            pageSize: Int = KubernetesClient.pageSize
        ) async throws -> ObjectList {
            let selection = Selection(resource, namespace: namespace, labels: labels, fields: fields)
            var list = try await page(of: selection, limit: pageSize)
            while let token = list.continueToken {
                do {
                    let next = try await page(of: selection, limit: pageSize, continuing: token)
                    list.objects += next.objects
                    list.continueToken = next.continueToken
                } catch let error as StatusError where error.isExpired {
                    // It took so long that the server forgot the moment. In one piece it cannot.
                    return try await page(of: selection, limit: nil)
                }
            }
            return list
        }

        /// Lists some of the objects.
        ///
        /// - Parameters:
        ///   - limit: How many at most; `nil` for all.
        ///   - token: The ``ObjectList/continueToken`` of the page before; `nil` for the first page. After some minutes
        ///     it is too old, and the server says ``StatusError/isExpired``.
        public func page(of selection: Selection, limit: Int?, continuing token: String? = nil) async throws
            -> ObjectList
        {
            var query = selection.query
            if let limit { query.append(("limit", String(limit))) }
            if let token { query.append(("continue", token)) }
            let answer = try await send(Request(.get, selection.path, query: query))
            do {
                return try ObjectList(json: answer.body, of: selection.resource)
            } catch {
                throw NetworkError(.malformed, server: configuration.server, details: "\(selection.path) is no list")
            }
        }
    }
#endif
