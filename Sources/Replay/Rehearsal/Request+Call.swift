import Foundation
import RolloutModel

/// Recorded requests as calls on a cluster that has objects of its own.
extension Request {
    /// The object that it is about, by its path.
    ///
    /// - Throws: ``ShipslogError`` with code `invalidArgument` if no replay makes such a request.
    package var target: (resource: Resource, namespace: String, name: String) {
        get throws {
            let parts = path.split(separator: "/").map { $0.removingPercentEncoding ?? String($0) }
            guard let index = parts.firstIndex(of: "namespaces"), parts.count > index + 2,
                let resource = Self.resources.first(where: { $0.plural == parts[index + 2] })
            else { throw unknown }
            let name = method == "POST" ? body["metadata"]?["name"]?.string : parts.dropFirst(index + 3).first
            guard let name else { throw unknown }
            return (resource, parts[index + 1], name)
        }
    }

    private static let resources: [Resource] = [.deployments, .services, .pods]

    private var unknown: ShipslogError {
        ShipslogError(
            .invalidArgument, "\(method) \(path) is no request that can be replayed.",
            hint: "Deployments, Services and pods can be created, patched and deleted.")
    }

    /// What the request makes of an object.
    ///
    /// - Throws: ``ShipslogError`` with code `invalidArgument` if it patches in a way that no replay does.
    package func applied(to object: JSONValue) throws -> JSONValue {
        switch contentType {
        case Self.mergePatch: return MergePatch.apply(body, to: object)
        case Self.jsonPatch:
            guard let operations = body.array else { throw unknown }
            return try operations.reduce(object) { result, operation in
                guard operation["op"]?.string == "replace", let path = operation["path"]?.string,
                    let value = operation["value"]
                else { throw unknown }
                return result.replacing(path.split(separator: "/").map(String.init)[...], with: value)
            }
        default: throw unknown
        }
    }
}

extension JSONValue {
    fileprivate func replacing(_ path: ArraySlice<String>, with value: JSONValue) -> JSONValue {
        guard let key = path.first, case .object(var members) = self else { return path.isEmpty ? value : self }
        members[key] = (members[key] ?? .object([:])).replacing(path.dropFirst(), with: value)
        return .object(members)
    }

    /// The value without members that are null, which in a patch would mean something else.
    package var withoutNulls: JSONValue {
        switch self {
        case .object(let members): .object(members.filter { $0.value != .null }.mapValues(\.withoutNulls))
        case .array(let elements): .array(elements.map(\.withoutNulls))
        default: self
        }
    }
}

extension ReplayPlan.Action {
    /// The call that does it on a cluster.
    ///
    /// - Parameters:
    ///   - current: The object as it is there; `nil` if there is none.
    ///   - name: The name of the object there, which for a pod of a controller is another than in the recording.
    ///   - namespace: Its namespace there.
    ///   - mark: What it is to carry if it is made.
    /// - Returns: `nil` if all is so already.
    /// - Throws: ``ShipslogError`` with code `invalidArgument` if it cannot be done so; `notFound` if the object is missing.
    package func call(
        on current: JSONValue?, name: String, namespace: String, mark: ReplayMark? = nil
    ) throws -> ClusterCall? {
        guard let first = requests.first else { return nil }
        let (resource, _, _) = try first.target
        if first.method == "POST" {
            return ClusterCall.creation(of: first, resource, name, namespace: namespace, mark: mark)
        }
        guard let current else {
            throw ShipslogError(.notFound, "\(resource.kind.lowercased()) \"\(name)\" not found in \(namespace)")
        }
        if first.method == "DELETE" {
            return .delete(
                resource, name, namespace: namespace, uid: current["metadata"]?["uid"]?.string ?? "")
        }
        let target = try requests.reduce(current) { try $1.applied(to: $0) }
        guard let patch = MergePatch.difference(from: current.withoutNulls, to: target.withoutNulls) else { return nil }
        return ClusterCall(.patch, resource, name, namespace: namespace, body: patch)
    }
}

extension ClusterCall {
    /// The creation of what a recorded request created, in a namespace of one's own.
    package static func creation(
        of request: Request, _ resource: Resource, _ name: String, namespace: String, mark: ReplayMark? = nil
    ) -> ClusterCall {
        var body = request.body.withoutNulls
        if let mark { body = mark.on(body) }
        body["metadata"]?["namespace"] = .string(namespace)
        if resource == .services, let ports = body["spec"]?["ports"]?.array {
            // Of these a cluster has each only once.
            body["spec"]?["ports"] = .array(
                ports.map { port in
                    var port = port
                    port["nodePort"] = nil
                    return port
                })
        }
        return ClusterCall(.create, resource, name, namespace: namespace, body: body)
    }
}
