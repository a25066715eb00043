import EventLedger
import Recording
import RolloutModel

extension Ledger {
    /// That objects are gone which lived by a moment as far as the ledger knows, and of which the cluster does not tell.
    ///
    /// - Parameters:
    ///   - position: Before the cluster was asked; what was recorded since may have come to be since.
    ///   - told: The UIDs of all objects of which the cluster tells.
    ///   - time: By the cluster's clock.
    /// - Returns: Events of the stream, inferred; none if the cluster tells of all.
    func missing(
        from stream: StreamName, at position: Position, told: Set<String>, now time: Timestamp
    ) async throws -> [Event] {
        var missing = try state(of: stream, at: .position(position)).livingUIDs.subtracting(told)
        guard !missing.isEmpty else { return [] }
        missing.formIntersection(try state(of: stream).livingUIDs)
        guard !missing.isEmpty else { return [] }
        var events: [Event] = []
        for try await event in self.events(EventQuery(streams: [stream], isBackwards: true)) {
            guard let object = try event.event.fact().object, missing.remove(object.uid) != nil,
                let deletion = Fact.deletion(of: object, in: stream)
            else { continue }
            events.append(
                try Event(
                    id: .derived(from: [object.uid, object.resourceVersion, "missing", stream.description]),
                    stream: stream, fact: deletion, occurredAt: time, origin: .recorder, isInferred: true))
            if missing.isEmpty { break }
        }
        return events
    }
}

extension SubjectState {
    /// The UIDs of the objects that the subject is made of, and that live as far as is known.
    fileprivate var livingUIDs: Set<String> {
        switch self {
        case .deployment(let state):
            let own = state.isDeleted ? nil : state.uid
            let sets = state.replicaSets.values.filter { !$0.isDeleted }.map(\.uid)
            return Set(sets + state.pods.keys + [own].compactMap(\.self))
        case .service(let state):
            let own = state.isDeleted ? nil : state.uid
            let slices = state.slices.filter { !$0.value.isEmpty }.keys
            return Set(slices + [own].compactMap(\.self))
        case .pod(let state): return Set([state.pod?.uid].compactMap(\.self))
        case .none: return []
        }
    }
}
