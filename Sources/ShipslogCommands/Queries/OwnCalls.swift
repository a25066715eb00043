import EventLedger
import Recording
import RolloutModel

/// The calls that Shipslog made itself, as far as they are in a ledger.
enum OwnCalls {
    /// What they brought about, by what audit logs call them: what was done to objects, or if the ledger has nothing of
    /// that, that the call was completed.
    static func events(in ledger: Ledger) async throws -> [String: [CalledEvent]] {
        var calls: [String: [CalledEvent]] = [:]
        for try await recorded in ledger.events(EventQuery(types: [EventType(rawValue: "call.completed")])) {
            guard case .callCompleted(let call) = try recorded.event.fact(), let auditID = call.auditID else {
                continue
            }
            calls[auditID] = [CalledEvent(id: recorded.event.id, stream: recorded.event.stream)]
        }
        if calls.isEmpty { return [:] }
        var acts: [String: [CalledEvent]] = [:]
        for try await recorded in ledger.events(EventQuery(types: [EventType(rawValue: "actor.attributed")]))
        where recorded.event.origin == .engine {
            guard case .actorAttributed(let act) = try recorded.event.fact(), calls[act.auditID] != nil else {
                continue
            }
            acts[act.auditID, default: []].append(CalledEvent(id: act.event, stream: recorded.event.stream))
        }
        return calls.merging(acts) { $1 }
    }
}
