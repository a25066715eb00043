import EventLedger
import Foundation
import Replay
import RolloutModel

/// A ledger that replays are written down in, each as a cluster of its own: so that they can be queried, compared and
/// replayed as what was recorded can.
actor ReplayRecord {
    /// What the cluster of this replay is called there: `replay-1`.
    let cluster: String
    private let ledger: Ledger
    /// The ledger that the plan was read from.
    private let source: UUID?
    private var start: Event?

    /// - Throws: ``ShipslogError`` as `Ledger.streams`.
    init(in ledger: Ledger, of source: UUID?) throws {
        self.ledger = ledger
        self.source = source
        let taken = Set(try ledger.streams().map(\.cluster))
        cluster = (1...).lazy.map { "replay-\($0)" }.first { !taken.contains($0) } ?? "replay"
    }

    func begin(_ plan: ReplayPlan, backend: String, at time: Timestamp) async throws {
        var generator = SystemRandomNumberGenerator()
        let event = try Event(
            id: .timeOrdered(at: time, using: &generator),
            stream: StreamName(
                cluster: cluster, namespace: plan.namespaces.first ?? "default", kind: "replay", name: "replay"),
            fact: .replayStarted(
                ReplayStarted(
                    name: plan.name, cluster: plan.cluster, ledger: source,
                    firstPosition: plan.actions.first?.position.rawValue ?? 0,
                    lastPosition: plan.actions.last?.position.rawValue ?? 0, backend: backend)),
            occurredAt: time, origin: .command)
        start = event
        try await append([event])
    }

    func append(_ events: [Event]) async throws {
        for batch in stride(from: 0, to: events.count, by: 10_000) {
            _ = try await ledger.append(Array(events[batch..<min(events.count, batch + 10_000)]))
        }
    }

    func end(_ run: ReplayRun, at time: Timestamp) async throws {
        guard let start else { return }
        try await append([
            try Event(
                id: .derived(from: ["replay completed", start.id.description]), stream: start.stream,
                fact: .replayCompleted(
                    ReplayCompleted(
                        replay: start.id, reproduced: run.isReproduced, matched: run.comparison.count(.matched),
                        diverged: run.diverged)),
                occurredAt: time, cause: start.id, origin: .command)
        ])
    }

    func close() throws { try ledger.close() }
}
