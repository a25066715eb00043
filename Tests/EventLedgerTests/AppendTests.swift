import EventLedger
import Foundation
import RolloutModel
import ShipslogTesting
import Testing

@Suite struct AppendTests {
    @Test("appended events are read back in order, with gapless positions and versions")
    func roundTrip() async throws {
        let temporary = try TemporaryLedger()
        let events = [Sample.gap(1, in: Sample.recorder), Sample.gap(2, in: Sample.web), Sample.gap(3, in: Sample.recorder)]

        let positions = try await temporary.ledger.append(events)

        #expect(positions == [1, 2, 3])
        let read = try await Array(temporary.ledger.events())
        #expect(read.map(\.event) == events)
        #expect(read.map(\.position) == [1, 2, 3])
        #expect(read.map(\.version) == [1, 1, 2])
        #expect(try temporary.ledger.head().size == 3)
    }
}
