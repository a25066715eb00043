import Foundation
import RolloutModel

/// The pod without a controller that a command is to replace.
struct PodTarget {
    private let name: String
    private let session: RunSession

    init(_ name: String, _ session: RunSession) {
        self.name = name
        self.session = session
    }

    /// Replaces it by one that is made from a file, or from its own manifest with other images.
    func replace(by wanted: ManifestArguments) async throws {
        let pod = try await session.object(.pods, name)
        let origin = PodManifest.manifest(of: pod)
        var target = origin
        if let manifest = try wanted.manifest(of: .pods, name, in: session) {
            target = try await checked(manifest)
        } else {
            target["spec"] = try wanted.images.applied(toSpec: origin["spec"] ?? [:])
            _ = try await checked(target)
        }
        try await replace(pod, origin: origin, by: target)
    }

    /// A manifest as the API server takes it and fills it in, before the old pod is deleted for it.
    private func checked(_ manifest: JSONValue) async throws -> JSONValue {
        // The name itself is not free yet.
        let other = "\(name)-\(UUID().uuidString.prefix(8).lowercased())"
        var body = manifest
        body["metadata"]?["name"] = .string(other)
        let answer = try await session.place.cluster.perform(
            ClusterCall(.create, .pods, other, namespace: session.place.namespace, body: body, isDryRun: true))
        var target = PodManifest.manifest(of: answer.object)
        target["metadata"]?["name"] = .string(name)
        return target
    }

    /// Tries once more to replace it, as it is by now, also if it is gone.
    func retry(_ last: PodReplacement) async throws {
        guard let pod = try await session.place.cluster.get(.pods, name, namespace: session.place.namespace) else {
            return try await session.carryOut(.pod(last), of: session.stream("pod", name))
        }
        try await replace(pod, origin: PodManifest.manifest(of: pod), by: last.target)
    }

    private func replace(_ pod: JSONValue, origin: JSONValue, by target: JSONValue) async throws {
        if let owner = pod["metadata"]?["ownerReferences"]?.array?.first(where: { $0["controller"] == true }) {
            throw ShipslogError(
                .invalidArgument,
                "pod/\(name) belongs to \(owner["kind"]?.string ?? "a controller") \(owner["name"]?.string ?? ""), which would make it again.",
                hint: "Roll out what owns it: shipslog rollout rolling deploy/NAME --image …")
        }
        try session.refuseForeign(pod, "pod/\(name)")
        let uid = pod["metadata"]?["uid"]?.string ?? ""
        try await session.carryOut(
            .pod(PodReplacement(uid: uid, target: target, origin: origin)), of: session.stream("pod", name))
    }
}
