import EventLedger
import Foundation
import RolloutModel
import ShipslogTesting
import Testing

@Suite struct TwoWritersTests {
    @Test("two ledgers on one file append at once: positions and versions stay gapless, each event is there once")
    func interleaved() async throws {
        let temporary = try TemporaryLedger()
        let ledgers = [temporary.ledger, try Ledger.open(at: temporary.path)]

        // Each number is appended through both, so half of all appends find their event there.
        try await withThrowingTaskGroup { group in
            for ledger in ledgers {
                for worker in 0..<4 {
                    group.addTask {
                        for number in 0..<30 {
                            let event = Sample.gap(worker * 30 + number, in: number % 2 == 0 ? Sample.web : Sample.api)
                            _ = try await ledger.append([event])
                        }
                    }
                }
            }
            try await group.waitForAll()
        }

        let events = try await Array(ledgers[1].events())
        #expect(events.map(\.position.rawValue) == Array(1...120))
        #expect(Set(events.map(\.event.id)).count == 120)
        for stream in [Sample.web, Sample.api] {
            #expect(events.filter { $0.event.stream == stream }.map(\.version) == Array(1...60))
        }
        #expect(try ledgers[0].verify().isSound)
    }

    @Test("of two that expect the same version one appends, the other learns of it")
    func race() async throws {
        let temporary = try TemporaryLedger()
        let other = try Ledger.open(at: temporary.path)
        var wins = 0
        for version in 0..<40 {
            wins += await withTaskGroup(of: Int.self) { group in
                for (index, ledger) in [temporary.ledger, other].enumerated() {
                    group.addTask {
                        let event = Sample.gap(2 * version + index, in: Sample.web)
                        let condition = AppendCondition.version(Sample.web, Int64(version))
                        return (try? await ledger.append([event], if: [condition])) == nil ? 0 : 1
                    }
                }
                return await group.reduce(0, +)
            }
        }
        #expect(wins == 40)
        #expect(try other.head().size == 40)
    }

    @Test("of two recorders that claim a name at once for different clusters one gets it, and may claim it again")
    func claims() async throws {
        let temporary = try TemporaryLedger()
        let other = try Ledger.open(at: temporary.path)
        func claim(_ value: String, _ name: String, in ledger: Ledger) async throws {
            let value = Data(value.utf8)
            _ = try await ledger.append(
                [], if: [.remembers(recorder: name, key: "cluster", value: value)],
                remembering: RecorderMemory(recorder: name, changes: ["cluster": value]))
        }
        for round in 0..<40 {
            let name = "round \(round)"
            let winners = try await withThrowingTaskGroup(of: String?.self) { group in
                for (ledger, cluster) in [(temporary.ledger, "one"), (other, "two")] {
                    group.addTask {
                        do {
                            try await claim(cluster, name, in: ledger)
                            return cluster
                        } catch let error as ShipslogError where error.code == .conflict {
                            #expect(
                                error.message == "The recorder \(name) remembers something else as its cluster.")
                            return nil
                        }
                    }
                }
                return try await group.reduce(into: []) { $0 += [$1].compactMap { $0 } }
            }
            #expect(winners.count == 1)
            #expect(try other.memory(of: name) == ["cluster": Data(winners[0].utf8)])
            try await claim(winners[0], name, in: other)
        }
        #expect(try other.head().size == 0)
    }

    @Test("a projection goes on from what another ledger appended to the stream")
    func projections() async throws {
        let temporary = try TemporaryLedger()
        let other = try Ledger.open(at: temporary.path)
        for (index, event) in try await RecordedRollouts.events().prefix(600).enumerated() {
            _ = try await (index.isMultiple(of: 3) ? other : temporary.ledger).append([event])
        }
        #expect(try temporary.ledger.verify().layers.map(\.problem) == [nil, nil, nil, nil])
    }
}
