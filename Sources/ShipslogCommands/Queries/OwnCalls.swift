import EventLedger
import Recording
import RolloutModel

/// The calls that Shipslog made itself, as far as they are in a ledger.
actor OwnCalls {
    private let ledger: Ledger
    /// The calls that were completed, by what audit logs call them.
    private var completed: [String: [CalledEvent]] = [:]
    /// What is said by the engine to have been done by a call.
    private var acts: [String: [CalledEvent]] = [:]
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
        return completed.merging(acts.filter { completed[$0.key] != nil }) { $1 }
    }

    private func note(_ event: Event) throws {
        switch try event.fact() {
        case .callCompleted(let call):
            guard let auditID = call.auditID else { return }
            completed[auditID] = [CalledEvent(id: event.id, stream: event.stream)]
        case .actorAttributed(let act) where event.origin == .engine:
            acts[act.auditID, default: []].append(CalledEvent(id: act.event, stream: event.stream))
        default:
            break
        }
    }
}
