import Foundation
import RolloutModel

/// Appends events past those that a ledger refuses: each of these becomes a gap, and is told.
///
/// A ledger refuses an event under whose id it holds another fact, one that contradicts its history, and one that is too
/// large: for good, so that whoever insisted would never append anything again.
struct PastRefusals: Sendable {
    let append: Recorder.Append

    /// Appends events, and remembers values in the same transaction as the last of them.
    ///
    /// - Returns: A sentence for each event that was refused.
    /// - Throws: What appending throws, unless an event was refused. Then some may have been appended; doing all of it
    ///   again is exact.
    func callAsFunction(_ events: [Event], _ memory: [String: Data?] = [:]) async throws -> [String] {
        do {
            try await append(events, memory)
            return []
        } catch let error as ShipslogError where [.conflict, .invalidArgument].contains(error.code) && !events.isEmpty {
            guard events.count == 1 else {
                let middle = events.count / 2
                let first = try await self(Array(events[..<middle]))
                return try await first + self(Array(events[middle...]), memory)
            }
            let refused = events[0]
            let kind = try refused.fact().object?.kind ?? refused.stream.kind
            let gap = RecordingGap(
                resource: Observer.resource(ofKind: kind),
                reason: "The ledger refused \(refused.type) of \(refused.stream.subject): \(error.message)")
            try await append(
                [
                    Event(
                        gap, ofCluster: refused.stream.cluster, namespace: refused.stream.namespace,
                        occurredAt: refused.occurredAt, origin: refused.origin)
                ], memory)
            return [gap.reason]
        }
    }
}
