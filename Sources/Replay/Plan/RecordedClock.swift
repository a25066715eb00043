import RolloutModel

/// When recorded events happened, to less than a second where that can be known.
///
/// Kubernetes stamps objects to the second. Of an event that a recorder wrote down live, the moment at which it did is
/// the better witness. Of saved streams there is only their order: events of one second are spread over it evenly.
struct RecordedClock {
    private var times: [Position: Timestamp] = [:]

    /// - Parameter events: In the order of their positions.
    init(_ events: [RecordedEvent]) throws {
        var moments: [Timestamp] = []
        var isExact = false
        var newest = Timestamp(microseconds: .min)
        for event in events {
            newest = max(newest, Self.moment(of: event))
            moments.append(newest)
            if let created = try event.event.fact().createdAt, created != created.wholeSeconds { isExact = true }
        }
        var start = 0
        while start < moments.count {
            let moment = moments[start]
            let end = moments[start...].firstIndex { $0 != moment } ?? moments.count
            // A simulated cluster knows microseconds, and things do happen at the same one there.
            if !isExact, moment == moment.wholeSeconds {
                let next = end < moments.count ? min(moments[end], moment + .seconds(1)) : moment + .seconds(1)
                let step = (next.microseconds - moment.microseconds) / Int64(end - start)
                for index in start..<end {
                    moments[index] = Timestamp(microseconds: moment.microseconds + Int64(index - start) * step)
                }
            }
            start = end
        }
        for (event, moment) in zip(events, moments) { times[event.position] = moment }
    }

    /// When an event of the history happened.
    func time(of event: RecordedEvent) -> Timestamp { times[event.position] ?? event.event.occurredAt }

    private static func moment(of event: RecordedEvent) -> Timestamp {
        let isLive = event.event.origin == .recorder || event.event.origin == .engine
        let lag = event.recordedAt.seconds(since: event.event.occurredAt)
        return isLive && !event.event.isInferred && (0...2).contains(lag) ? event.recordedAt : event.event.occurredAt
    }
}

extension Fact {
    /// When the object was created that the fact is the first of; `nil` for other facts.
    fileprivate var createdAt: Timestamp? {
        switch self {
        case .deploymentCreated(let fact): fact.createdAt
        case .replicaSetCreated(let fact): fact.createdAt
        case .podCreated(let fact): fact.createdAt
        case .serviceCreated(let fact): fact.createdAt
        default: nil
        }
    }
}
