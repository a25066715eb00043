import EventLedger
import RolloutModel

/// The runs that a ledger tells of.
struct RunCatalog {
    let ledger: Ledger

    /// The runs that have not ended, the oldest first.
    ///
    /// - Parameter stream: Whose runs; `nil` for all.
    func open(of stream: StreamName? = nil) async throws -> [RolloutRun] {
        var runs: [RolloutRun] = []
        let starts = EventQuery(
            streams: stream.map { [$0] } ?? [], types: [EventType(rawValue: "rollout.started")])
        for try await start in ledger.events(starts) {
            guard var run = try RolloutRun(startedBy: start.event) else { continue }
            for try await event in ledger.events(EventQuery(rollout: run.id)) { try run.apply(event) }
            if run.end == nil { runs.append(run) }
        }
        return runs
    }

    /// The newest run of a subject; `nil` if it has none.
    func newest(of stream: StreamName) async throws -> RolloutRun? {
        let starts = EventQuery(
            streams: [stream], types: [EventType(rawValue: "rollout.started")], isBackwards: true, limit: 1)
        for try await start in ledger.events(starts) {
            guard var run = try RolloutRun(startedBy: start.event) else { continue }
            for try await event in ledger.events(EventQuery(rollout: run.id)) { try run.apply(event) }
            return run
        }
        return nil
    }
}
