import EventLedger
import Replay
import RolloutModel

/// A ledger as the history that plans are read from.
struct LedgerHistory: RecordedHistory {
    let ledger: Ledger

    func streams(cluster: String, namespace: String) throws -> [StreamName] {
        try ledger.streams(cluster: cluster, namespace: namespace)
    }

    func state(of stream: StreamName, at position: Position) throws -> SubjectState {
        try ledger.state(of: stream, at: .position(position))
    }

    func rollouts(of stream: StreamName) throws -> [Rollout] { try ledger.rollouts(RolloutQuery(stream: stream)) }

    func events(of streams: [StreamName], after: Position, through: Position) async throws -> [RecordedEvent] {
        var events: [RecordedEvent] = []
        for try await event in ledger.events(EventQuery(after: after, through: through, streams: streams)) {
            events.append(event)
        }
        return events
    }

    /// The plan of a span.
    ///
    /// - Throws: As `ReplayPlanner.plan(_:)`.
    func plan(_ span: ReplaySpan) async throws -> ReplayPlan {
        try await ReplayPlanner(self) { FactText($0).line }.plan(span)
    }
}
