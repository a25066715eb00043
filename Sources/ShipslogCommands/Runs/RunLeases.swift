import Foundation
import RolloutModel

/// Keeps other runners off the subjects of a run, whatever ledger they write to: a Lease for each, in its namespace.
///
/// Whoever holds one renews it; that of a runner that died runs out. Nothing of it is written down in the ledger.
///
/// - SeeAlso: <https://kubernetes.io/docs/concepts/architecture/leases/>
struct RunLeases: Sendable {
    /// For how long a Lease holds that is not renewed.
    static let duration = Duration.seconds(15)

    private let cluster: any Cluster
    private let streams: [StreamName]
    private let holder: String
    private let duration: Duration
    private let say: @Sendable (String) async throws -> Void

    /// - Parameters:
    ///   - holder: Tells this runner from all others.
    ///   - say: Told of what a person should know.
    init(
        on cluster: any Cluster, of streams: [StreamName], heldBy holder: String,
        for duration: Duration = Self.duration,
        say: @escaping @Sendable (String) async throws -> Void
    ) {
        self.cluster = cluster
        // In one order for all, so that no two runners wait for one another.
        self.streams = streams.sorted()
        self.holder = holder
        self.duration = duration
        self.say = say
    }

    /// A holder for a runner in this process.
    static func holder(_ user: String) -> String {
        "\(user)@\(ProcessInfo.processInfo.hostName) process \(getpid()) \(UUID().uuidString.prefix(8).lowercased())"
    }

    /// Does something while it holds all Leases.
    ///
    /// - Parameter patience: For how long it waits for Leases that others hold and do not renew.
    /// - Throws: ``ShipslogError`` with code `conflict` if another runner holds one, or has taken one over meanwhile.
    func hold<Value: Sendable>(
        patience: Duration, _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        var held: [StreamName] = []
        do {
            for stream in streams where try await take(stream, patience: patience) { held.append(stream) }
            let value = try await renewing(held, body)
            await release(held)
            return value
        } catch {
            await release(held)
            throw error
        }
    }

    private func renewing<Value: Sendable>(
        _ held: [StreamName], _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await renew(held)
                return nil
            }
            defer { group.cancelAll() }
            while let value = try await group.next() {
                if let value { return value }
            }
            throw CancellationError()
        }
    }

    // MARK: One Lease

    private static func name(_ stream: StreamName) -> String { "shipslog.\(stream.kind).\(stream.name)" }

    private func get(_ stream: StreamName) async throws -> JSONValue? {
        try await cluster.get(.leases, Self.name(stream), namespace: stream.namespace)
    }

    private func write(_ lease: JSONValue?, of stream: StreamName) async throws {
        let now = JSONValue.string(Timestamp(Date()).microTime)
        var spec = lease?["spec"]?.object ?? [:]
        if spec["holderIdentity"]?.string != holder {
            spec["acquireTime"] = now
            spec["leaseTransitions"] = .integer((spec["leaseTransitions"]?.integer ?? -1) + 1)
        }
        spec["holderIdentity"] = .string(holder)
        spec["leaseDurationSeconds"] = .integer(max(1, duration.components.seconds))
        spec["renewTime"] = now
        let name = Self.name(stream)
        var object: JSONValue =
            lease ?? ["apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": ["name": .string(name)]]
        object["spec"] = .object(spec)
        // With its resourceVersion, so that of two who take it at once one gets it.
        _ = try await cluster.perform(
            ClusterCall(lease == nil ? .create : .update, .leases, name, namespace: stream.namespace, body: object))
    }

    /// Takes a Lease as soon as nobody else holds it.
    ///
    /// - Returns: Whether there can be one.
    private func take(_ stream: StreamName, patience: Duration) async throws -> Bool {
        let deadline = ContinuousClock.now + patience
        var seen: JSONValue?
        while true {
            do {
                let lease = try await get(stream)
                guard let other = lease.flatMap({ Holding($0) }), !other.isOver(at: Timestamp(Date())) else {
                    try await write(lease, of: stream)
                    return true
                }
                // Who renews it lives.
                guard .now < deadline, seen == nil || seen == lease?["spec"] else {
                    throw refusal(of: stream, because: other)
                }
                if seen == nil {
                    try await say(
                        "waiting until \(other.end.wholeSeconds.rfc3339) to see whether \(other.holder) still works on \(stream.shortName)"
                    )
                }
                seen = lease?["spec"]
            } catch let error as StatusError where error.code == 403 || error.code == 404 {
                try await say(
                    "warning: no Lease keeps others off \(stream.shortName) who write to another ledger: \(error.message)"
                )
                return false
            } catch let error as StatusError where error.code == 409 {
                // Somebody was faster; who, is to be seen.
            }
            try await Task.sleep(for: min(.seconds(1), duration / 3))
        }
    }

    private func refusal(of stream: StreamName, because other: Holding) -> ShipslogError {
        ShipslogError(
            .conflict, "\(other.holder) works on \(stream.shortName), as the Lease \(Self.name(stream)) tells.",
            hint:
                "Wait until that is done; if that process died, the Lease runs out at \(other.end.wholeSeconds.rfc3339)."
        )
    }

    /// Renews Leases until it is cancelled.
    private func renew(_ held: [StreamName]) async throws {
        var renewedAt = ContinuousClock.now
        while true {
            let isOverdue = ContinuousClock.now - renewedAt >= duration
            try await Task.sleep(for: isOverdue ? min(.seconds(1), duration / 3) : duration / 3)
            do {
                for stream in held {
                    let lease = try await get(stream)
                    if let other = lease.flatMap({ Holding($0) }), other.holder != holder {
                        throw refusal(of: stream, because: other)
                    }
                    try await write(lease, of: stream)
                }
                renewedAt = .now
            } catch let error as StatusError where error.code == 409 {
                // Somebody else wrote it at the same moment; who, is to be seen.
            } catch let error as ShipslogError where error.code == .conflict {
                throw error
            } catch {
                // While the cluster does not answer the runner can do nothing either; once it does, it is told at once
                // if another has taken the Lease.
                guard ContinuousClock.now - renewedAt < duration * 8,
                    let explained = ShipslogError(explaining: error)
                else { throw error }
                try await say("warning: a Lease could not be renewed: \(explained.message)")
            }
        }
    }

    /// Gives Leases back, also if what was done with them was interrupted.
    private func release(_ held: [StreamName]) async {
        await Task {
            for stream in held {
                do {
                    guard let lease = try await get(stream), Holding(lease)?.holder == holder,
                        let uid = lease["metadata"]?["uid"]?.string
                    else { continue }
                    _ = try await cluster.perform(
                        .delete(.leases, Self.name(stream), namespace: stream.namespace, uid: uid))
                } catch {
                    // It runs out by itself.
                }
            }
        }.value
    }
}

/// Who holds a Lease, and until when.
private struct Holding {
    var holder: String
    var end: Timestamp

    /// Reads it off a Lease; `nil` if nobody holds it.
    init?(_ lease: JSONValue) {
        let spec = lease["spec"]
        guard let holder = spec?["holderIdentity"]?.string?.nonEmpty,
            let renewedAt = spec?["renewTime"]?.string.flatMap({ Timestamp(rfc3339: $0) })
        else { return nil }
        self.holder = holder
        end = renewedAt + .seconds(spec?["leaseDurationSeconds"]?.integer ?? 0)
    }

    func isOver(at time: Timestamp) -> Bool { end <= time }
}

extension Timestamp {
    /// As the API wants a MicroTime: with six digits after the point.
    fileprivate var microTime: String {
        let fraction = String(microseconds - wholeSeconds.microseconds)
        return String(wholeSeconds.rfc3339.dropLast())
            + "." + String(repeating: "0", count: 6 - fraction.count) + fraction + "Z"
    }
}
