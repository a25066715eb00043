import EventLedger
import Foundation
import RolloutModel
import ShipslogTesting
import Testing

/// What a ledger must answer, by a list of events.
private struct LedgerModel {
    var events: [Event] = []

    enum Answer: Equatable {
        case positions([Position])
        case conflict
    }

    mutating func append(_ batch: [Event], if conditions: [AppendCondition]) -> Answer {
        var extended = events
        var positions: [Position] = []
        for event in batch {
            if let index = extended.firstIndex(where: { $0.id == event.id }) {
                guard extended[index].payload == event.payload, extended[index].stream == event.stream else {
                    return .conflict
                }
                positions.append(Position(rawValue: Int64(index + 1)))
            } else {
                extended.append(event)
                positions.append(Position(rawValue: Int64(extended.count)))
            }
        }
        if extended.count > events.count, !conditions.allSatisfy(holds) { return .conflict }
        events = extended
        return .positions(positions)
    }

    private func holds(_ condition: AppendCondition) -> Bool {
        switch condition {
        case .noStream(let stream): version(of: stream) == 0
        case .streamExists(let stream): version(of: stream) > 0
        case .version(let stream, let version): self.version(of: stream) == version
        case .noEvents(let filter, let position):
            !events.dropFirst(Int(position.rawValue)).contains { event in
                filter.streams.contains(event.stream) && (filter.actor == nil || filter.actor == event.actor?.name)
            }
        // No recorder remembers anything here, so nothing speaks against a value.
        case .remembers: true
        }
    }

    private func version(of stream: StreamName) -> Int { events.count { $0.stream == stream } }
}

@Suite struct AppendModelTests {
    private static let streams = [Sample.web, Sample.api, Sample.recorder]

    @Test(
        "whatever is appended, in whatever order and however often, a ledger answers as a list would",
        arguments: UInt64(1)...6)
    func agreesWithModel(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        var model = LedgerModel()
        let temporary = try TemporaryLedger()
        var ledger = temporary.ledger
        for _ in 0..<150 {
            let batch = Self.batch(known: model.events.count, &random)
            let conditions = Self.conditions(known: model.events.count, &random)
            let expected = model.append(batch, if: conditions)
            #expect(await Self.answer(ledger, batch, conditions) == expected)
            if Int.random(in: 0..<20, using: &random) == 0 {
                try ledger.close()
                ledger = try Ledger.open(at: temporary.path)
            }
        }
        let read = try await Array(ledger.events())
        #expect(read.map(\.event) == model.events)
        #expect(read.map(\.position.rawValue) == Array(1...Int64(model.events.count)))
        #expect(try ledger.verify().isSound)
    }

    private static func answer(
        _ ledger: Ledger, _ batch: [Event], _ conditions: [AppendCondition]
    ) async -> LedgerModel.Answer? {
        do {
            return .positions(try await ledger.append(batch, if: conditions))
        } catch let error as ShipslogError where error.code == .conflict {
            return .conflict
        } catch {
            Issue.record(error)
            return nil
        }
    }

    /// Mostly new events, some that may be known, now and then one whose id says something else.
    private static func batch(known: Int, _ random: inout SeededGenerator) -> [Event] {
        (0..<Int.random(in: 1...6, using: &random)).map { _ in
            let number = Int.random(in: max(1, known - 8)...known + 12, using: &random)
            let isForged = Int.random(in: 0..<40, using: &random) == 0
            return Sample.gap(
                number, in: streams[number % 3],
                actor: number.isMultiple(of: 4) ? Actor(name: "alice", evidence: .audit) : nil,
                reason: isForged ? "another" : "a test"
            )
        }
    }

    private static func conditions(known: Int, _ random: inout SeededGenerator) -> [AppendCondition] {
        guard Bool.random(using: &random), let stream = streams.randomElement(using: &random) else { return [] }
        let version = Int64(Int.random(in: 0...max(1, known / 3 + 2), using: &random))
        let after = Position(rawValue: Int64(Int.random(in: max(0, known - 6)...known, using: &random)))
        let condition: [AppendCondition] = [
            .noStream(stream), .streamExists(stream), .version(stream, version),
            .noEvents(matching: EventFilter(streams: [stream]), after: after),
            .remembers(recorder: "test", key: "cluster", value: Data("one".utf8)),
            .noEvents(matching: EventFilter(streams: streams.filter { $0 != stream }, actor: "alice"), after: after),
        ]
        return condition.randomElement(using: &random).map { [$0] } ?? []
    }
}
