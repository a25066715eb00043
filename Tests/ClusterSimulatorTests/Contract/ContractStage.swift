import RolloutModel
import Testing

/// A namespace, empty at first, of a cluster whose pods are ready at once and end when they are told to.
struct ContractStage: Sendable {
    let cluster: any Cluster
    let namespace: String

    /// What a cluster says of a call: the code, with the message if it is refused.
    ///
    /// Servers of different versions write faulty values in different ways: for them the message has `…`. Where a
    /// server says under which key it keeps an object, that is left out.
    struct Verdict: Equatable {
        var code: Int
        var reason: String?
        var message: String?
    }

    // MARK: Calls

    @discardableResult
    func create(_ resource: Resource, _ object: JSONValue) async throws -> JSONValue {
        let name = object["metadata"]?["name"]?.string ?? ""
        return try await cluster.perform(
            ClusterCall(.create, resource, name, namespace: namespace, body: object)
        ).object
    }

    @discardableResult
    func patch(_ resource: Resource, _ name: String, _ patch: JSONValue) async throws -> JSONValue {
        try await cluster.perform(ClusterCall(.patch, resource, name, namespace: namespace, body: patch)).object
    }

    func get(_ resource: Resource, _ name: String) async throws -> JSONValue? {
        try await cluster.get(resource, name, namespace: namespace)
    }

    /// Makes a call and holds what the cluster says of it against what it should say.
    func expect(
        _ call: ClusterCall, gives expected: Verdict, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        var verdict: Verdict
        do {
            verdict = Verdict(code: try await cluster.perform(call).code)
        } catch let error as StatusError {
            verdict = Verdict(
                code: error.code, reason: error.reason.rawValue, message: Self.comparable(error.message))
        }
        #expect(verdict == expected, sourceLocation: sourceLocation)
    }

    private static func comparable(_ message: String) -> String {
        message.replacing(/(Invalid|Unsupported) value: .*?: (?=[a-z`])/) { "\($0.1) value: …: " }
            .replacing(#/StorageError: .* AdditionalErrorMsg: /#, with: "")
    }

    func call(
        _ verb: ClusterCall.Verb, _ resource: Resource, _ name: String, _ body: JSONValue, isDryRun: Bool = false
    ) -> ClusterCall {
        ClusterCall(verb, resource, name, namespace: namespace, body: body, isDryRun: isDryRun)
    }

    func selection(_ resource: Resource, labels: [String: String] = [:]) -> ClusterSelection {
        ClusterSelection(resource, namespace: namespace, labels: labels)
    }

    // MARK: Watching

    /// Follows a watch until something has been seen, and gives all that was seen.
    ///
    /// - Throws: ``ShipslogError`` with code `unavailable` if it does not come.
    @discardableResult
    func follow(
        _ watch: any ClusterWatch, until what: String, _ isSeen: ([ClusterChange]) -> Bool
    ) async throws -> [ClusterChange] {
        var seen: [ClusterChange] = []
        let deadline = await cluster.now() + .seconds(120)
        while !isSeen(seen) {
            let more = try await watch.changes(until: deadline)
            if more.isEmpty { throw ShipslogError(.unavailable, "Waited in vain for: \(what).") }
            seen += more
        }
        return seen
    }

    /// Follows some objects until they are as wanted.
    func settle(
        _ selection: ClusterSelection, until what: String, _ isSo: ([String: JSONValue]) -> Bool
    ) async throws {
        let watch = try await cluster.watch([selection])
        do {
            try await follow(watch, until: what) { isSo($0.objects) }
        } catch {
            await watch.stop()
            throw error
        }
        await watch.stop()
    }

    // MARK: Objects

    static func lease(_ name: String, labels: [String: String] = [:]) -> JSONValue {
        [
            "apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
            "metadata": ["name": .string(name), "labels": .object(labels.mapValues { .string($0) })],
            "spec": ["holderIdentity": "one"],
        ]
    }

    static func service(_ name: String, app: String) -> JSONValue {
        [
            "apiVersion": "v1", "kind": "Service", "metadata": ["name": .string(name)],
            "spec": ["selector": ["app": .string(app)], "ports": [["port": 80]]],
        ]
    }

    static func pod(_ name: String, labels: [String: String] = [:]) -> JSONValue {
        [
            "apiVersion": "v1", "kind": "Pod",
            "metadata": ["name": .string(name), "labels": .object(labels.mapValues { .string($0) })],
            "spec": ["containers": [["name": "web", "image": "nginx:1"]]],
        ]
    }
}

extension [ClusterChange] {
    /// The objects that there are after these changes, by name.
    var objects: [String: JSONValue] {
        reduce(into: [:]) { objects, change in
            switch change {
            case .all(_, let all): objects = Dictionary(all.map { ($0.name, $0) }) { $1 }
            case .changed(let object): objects[object.name] = object
            case .deleted(let object): objects[object.name] = nil
            }
        }
    }

    /// Each change in a few words.
    var texts: [String] {
        map { change in
            switch change {
            case .all(_, let objects): "all: \(objects.map(\.name).joined(separator: " "))"
            case .changed(let object): "\(object.name) \(object["spec"]?["holderIdentity"]?.string ?? "")"
            case .deleted(let object): "no \(object.name)"
            }
        }
    }
}

extension JSONValue {
    var name: String { self["metadata"]?["name"]?.string ?? "" }
    var uid: String { self["metadata"]?["uid"]?.string ?? "" }
    var version: String { self["metadata"]?["resourceVersion"]?.string ?? "" }
    var generation: Int64? { self["metadata"]?["generation"]?.integer }

    /// Whether this is a pod that serves.
    var isReadyPod: Bool {
        self["status"]?["conditions"]?.array?.contains { $0["type"] == "Ready" && $0["status"] == "True" } == true
    }
}
