import EventLedger
import RolloutModel

extension Ledger {
    /// For how many seconds of a run no pod of the name was ready, from when the old one was told to go.
    func secondsWithoutPod(in run: RolloutRun) async throws -> Double {
        var seconds = 0.0
        var goneSince: Timestamp?
        for try await event in events(EventQuery(streams: [run.stream], since: run.startedAt)) {
            switch try event.event.fact() {
            case .podTerminating, .podDeleted: goneSince = goneSince ?? event.event.occurredAt
            case .podReadinessObserved(let fact) where fact.ready:
                guard let since = goneSince else { continue }
                seconds += event.event.occurredAt.seconds(since: since)
                goneSince = nil
            default: break
            }
        }
        return seconds + (goneSince.map { max(0, run.lastEventAt.seconds(since: $0)) } ?? 0)
    }
}
