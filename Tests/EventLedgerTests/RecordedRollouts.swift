import EventLedger
import Recording
import RolloutModel
import ShipslogTesting

/// The recorded streams that ship with the tests, as events.
enum RecordedRollouts {
    static func events() async throws -> [Event] {
        let collected = Collected()
        _ = try await WatchImport(paths: Fixtures.watchStreams(of: "kubernetes-1.20"), cluster: "prod").run {
            await collected.add($0)
        }
        return await collected.events
    }

    static func append(to ledger: Ledger, groupsOf size: Int = 1_000) async throws {
        var remaining = try await events()[...]
        while !remaining.isEmpty {
            _ = try await ledger.append(Array(remaining.prefix(size)))
            remaining = remaining.dropFirst(size)
        }
    }

    private actor Collected {
        var events: [Event] = []
        func add(_ new: [Event]) { events += new }
    }
}
