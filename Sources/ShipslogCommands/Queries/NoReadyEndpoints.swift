import RolloutModel

/// What the log knows of a Service over time, for questions about other subjects.
struct ServiceHistory {
    var stream: StreamName
    /// The selector it was created with; `nil` if that is not known.
    var firstSelector: [String: String]?
    /// Its switches, the oldest first.
    var switches: [Rollout]
    /// The times in which it had no ready endpoint.
    var outages: [Outage]

    /// What it selected after the event at a position.
    func selector(at position: Position) -> [String: String]? {
        switches.last { $0.startPosition <= position }?.toSelector ?? firstSelector
    }

    /// Whether its traffic goes to pods of these labels.
    ///
    /// A Service without a selector chooses nobody.
    func selects(_ labels: [String: String], at position: Position) -> Bool {
        selector(at: position)?.selects(labels) ?? false
    }
}

/// How long a rollout left a Service without a ready endpoint.
enum NoReadyEndpoints {
    /// The seconds from start to end of the rollout in which a Service over its subject had no ready endpoint.
    ///
    /// A Service is over a Deployment or a pod if its selector, as of the end of the rollout, matches the labels of the
    /// pods. Times in which several Services had none count once.
    ///
    /// - Parameters:
    ///   - labels: The labels of the pods of the revision that was rolled out.
    ///   - services: The Services of the same cluster and namespace.
    ///   - now: The end of a rollout and of an outage that last.
    /// - Returns: `nil` if no Service is over the subject.
    static func seconds(
        of rollout: Rollout, labels: [String: String], services: [ServiceHistory], now: Timestamp
    ) -> Double? {
        let end = rollout.endPosition ?? Position(rawValue: .max)
        let over = services.filter {
            rollout.stream.kind == "service" ? $0.stream == rollout.stream : $0.selects(labels, at: end)
        }
        guard !over.isEmpty else { return nil }
        let span = rollout.startedAt...max(rollout.startedAt, rollout.endedAt ?? now)
        let parts = over.flatMap(\.outages).compactMap { outage -> ClosedRange<Timestamp>? in
            let outageSpan = outage.startedAt...max(outage.startedAt, outage.endedAt ?? now)
            return outageSpan.overlaps(span) ? outageSpan.clamped(to: span) : nil
        }
        return union(of: parts).reduce(0) { $0 + $1.upperBound.seconds(since: $1.lowerBound) }
    }

    private static func union(of spans: [ClosedRange<Timestamp>]) -> [ClosedRange<Timestamp>] {
        var merged: [ClosedRange<Timestamp>] = []
        for span in spans.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = merged.last, last.upperBound >= span.lowerBound {
                merged[merged.count - 1] = last.lowerBound...max(last.upperBound, span.upperBound)
            } else {
                merged.append(span)
            }
        }
        return merged
    }
}
