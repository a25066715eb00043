import EventLedger
import RolloutModel
import ShipslogTesting

/// The recorded streams that ship with the tests, as events.
enum RecordedRollouts {
    static func events() async throws -> [Event] { try await RecordedFixture.history().events.map(\.event) }

    static func append(to ledger: Ledger, groupsOf size: Int = 1_000) async throws {
        var remaining = try await events()[...]
        while !remaining.isEmpty {
            _ = try await ledger.append(Array(remaining.prefix(size)))
            remaining = remaining.dropFirst(size)
        }
    }
}
