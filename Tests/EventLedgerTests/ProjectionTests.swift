import EventLedger
import Foundation
import RolloutModel
import ShipslogTesting
import Testing

/// The ledger against a history in memory that folds everything from the start each time.
@Suite struct ProjectionTests {
    @Test("rollouts, revisions, outages and states are the fold of the events")
    func recorded() async throws {
        let events = try await RecordedRollouts.events()
        let temporary = try TemporaryLedger()
        let history = FoldedHistory()
        try await history.append(events)
        try await RecordedRollouts.append(to: temporary.ledger, groupsOf: 50)

        let streams = try temporary.ledger.streams()
        #expect(streams == Set(events.map(\.stream)).sorted())
        for stream in streams {
            #expect(try await temporary.ledger.state(of: stream) == history.states[stream])
            #expect(try await temporary.ledger.rollouts(RolloutQuery(stream: stream)) == history.rollouts(of: stream))
        }
        let rollouts = await history.rollouts.values.sorted { $0.startPosition < $1.startPosition }
        #expect(try temporary.ledger.rollouts().map(\.startPosition) == rollouts.map(\.startPosition))
        #expect(try temporary.ledger.rollouts(RolloutQuery(limit: 3)) == temporary.ledger.rollouts().suffix(3))
        let since = rollouts[rollouts.count / 2].startedAt
        let late = try temporary.ledger.rollouts().filter { $0.startedAt >= since }
        #expect(try temporary.ledger.rollouts(RolloutQuery(since: since)) == late)
        #expect(try temporary.ledger.rollouts(RolloutQuery(since: since, limit: 2)) == late.suffix(2))
        #expect(try temporary.ledger.rollouts(RolloutQuery(namespace: "nowhere")).isEmpty)
        #expect(
            try streams.flatMap { try temporary.ledger.revisions(of: $0) }.sorted {
                ($0.stream, $0.number) < ($1.stream, $1.number)
            }
                == (await history.revisions.values.sorted { ($0.stream, $0.number) < ($1.stream, $1.number) })
        )
        #expect(try streams.flatMap { try temporary.ledger.outages(of: $0) }.count == (await history.outages.count))
    }

    @Test("a state at a position or a time is the fold of the events up to it, whatever snapshots there are")
    func pastStates() async throws {
        // Each event three times under other ids gives streams long enough for snapshots.
        let recorded = try await RecordedRollouts.events()
        let events = (0..<3).flatMap { round in
            recorded.map { event in
                var event = event
                event.id = EventID.derived(from: [event.id.description, String(round)])
                return event
            }
        }
        let temporary = try TemporaryLedger()
        let history = FoldedHistory()
        try await history.append(events)
        _ = try await temporary.ledger.append(events)
        let longest = try #require(
            Dictionary(grouping: events, by: \.stream).max { $0.value.count < $1.value.count }
        )
        #expect(longest.value.count > 512)

        let times = longest.value.map(\.occurredAt).sorted()
        for step in 0...16 {
            let time = times[step * (times.count - 1) / 16]
            let expected = try await history.states { $0.event.occurredAt <= time }[longest.key]
            #expect(try temporary.ledger.state(of: longest.key, at: .time(time)) == expected)
            let position = Position(rawValue: Int64(step * events.count / 16))
            let then = try await history.states { $0.position <= position }[longest.key]
            #expect(
                try temporary.ledger.state(of: longest.key, at: .position(position))
                    == then ?? SubjectState(of: longest.key)
            )
        }
        #expect(
            try temporary.ledger.state(of: longest.key, at: .time(Timestamp(microseconds: 0)))
                == SubjectState(of: longest.key)
        )
    }
}
