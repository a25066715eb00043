import EventLedger
import Replay
import RolloutModel

/// A span of a ledger, rerun against nothing: the dry runs of its subjects, in the order of the log.
struct DryReplay {
    let ledger: Ledger
    let span: ReplaySpan

    /// What came of it.
    ///
    /// - Throws: What the ledger throws; as `DryRun.take(_:)`.
    func report() async throws -> ReplayReport {
        var runs: [StreamName: DryRun] = [:]
        for subject in span.subjects {
            runs[subject] = DryRun(before: try ledger.state(of: subject, at: .position(span.after)))
        }
        var steps: [DryRun.Step] = []
        let query = EventQuery(after: span.after, through: span.through, streams: span.subjects)
        for try await event in ledger.events(query) {
            guard var run = runs[event.event.stream] else { continue }
            steps.append(try run.take(event))
            runs[event.event.stream] = run
        }
        var summary = DryRun.Summary()
        var differences: [String] = []
        for subject in span.subjects {
            guard var run = runs[subject] else { continue }
            let end = run.finish(recorded: try ledger.state(of: subject, at: .position(span.through)))
            summary.add(end.summary)
            if let difference = end.difference {
                differences.append(
                    span.subjects.count == 1 ? difference : "of \(subject.shortName), \(difference)")
            }
        }
        return ReplayReport(
            name: span.name, namespace: span.subjects[0].namespace,
            startedAt: steps.first?.event.event.occurredAt ?? Timestamp(microseconds: 0), steps: steps,
            summary: summary, difference: differences.isEmpty ? nil : differences.joined(separator: "; "))
    }
}

extension DryRun.Summary {
    fileprivate mutating func add(_ other: DryRun.Summary) {
        actions += other.actions
        expectations += other.expectations
        matched += other.matched
        diverged += other.diverged
    }
}
