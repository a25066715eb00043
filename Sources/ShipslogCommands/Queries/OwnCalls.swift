import EventLedger
import Recording
import RolloutModel

/// The calls that Shipslog made itself, as far as they are in a ledger.
actor OwnCalls {
    private let ledger: Ledger
    /// What is said by the engine to have been done by a call, by what audit logs call it.
    private var acts: [String: [CalledEvent]] = [:]
    /// Of the calls that were completed, the acts or, without any, the completion; so too.
    private var known: [String: [CalledEvent]] = [:]
    /// How far the ledger has been read.
    private var position: Position = 0

    private static let types = ["call.completed", "actor.attributed"].map(EventType.init)

    init(in ledger: Ledger) { self.ledger = ledger }

    /// What they have brought about by now, by what audit logs call them: what was done to objects, or if the ledger has
    /// nothing of that, that the call was completed.
    ///
    /// Reads what has come since it was asked last.
    func events() async throws -> [String: [CalledEvent]] {
        for try await recorded in ledger.events(EventQuery(after: position, types: Self.types)) {
            try note(recorded.event)
            position = recorded.position
        }
        return known
    }

    private func note(_ event: Event) throws {
        switch try event.fact() {
        case .callCompleted(let call):
            guard let auditID = call.auditID else { return }
            known[auditID] = acts[auditID] ?? [CalledEvent(id: event.id, stream: event.stream)]
        case .actorAttributed(let act) where event.origin == .engine:
            acts[act.auditID, default: []].append(CalledEvent(id: act.event, stream: event.stream))
            if known[act.auditID] != nil { known[act.auditID] = acts[act.auditID] }
        default:
            break
        }
    }
}
