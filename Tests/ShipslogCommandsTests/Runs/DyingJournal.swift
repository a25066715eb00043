import RolloutEngine
import RolloutModel
import Synchronization

@testable import ShipslogCommands

/// A journal whose process dies right before or right after it writes an event of the run.
struct DyingJournal: RolloutJournal {
    struct Death: Error {}

    let journal: LedgerJournal
    let isBefore: Bool
    private let left: Box

    private final class Box: Sendable {
        let value: Mutex<Int>
        init(_ value: Int) { self.value = Mutex(value) }
    }

    /// - Parameter number: Which event it is that it dies at, from 1.
    init(_ journal: LedgerJournal, at number: Int, isBefore: Bool) {
        self.journal = journal
        self.isBefore = isBefore
        left = Box(number)
    }

    private func write(_ body: () async throws -> Void) async throws {
        let left = left.value.withLock { left in
            left -= 1
            return left
        }
        if left == 0, isBefore { throw Death() }
        try await body()
        if left == 0 { throw Death() }
    }

    func append(_ events: [Event]) async throws { try await write { try await journal.append(events) } }
    func begin(_ start: Event) async throws { try await write { try await journal.begin(start) } }
    func record(_ changes: [ClusterChange], at time: Timestamp) async throws {
        try await journal.record(changes, at: time)
    }
    func noteMissing(of streams: [StreamName], at time: Timestamp) async throws {
        try await journal.noteMissing(of: streams, at: time)
    }
    func attribute(_ done: RolloutRun.Done, of run: RolloutRun) async throws {
        try await journal.attribute(done, of: run)
    }
    func resume(_ run: RolloutRun) async throws { await journal.resume(run) }
    func requests(of run: EventID) async throws -> [Event] { try await journal.requests(of: run) }
    func awaitRequest() async throws { try await journal.awaitRequest() }
    func finish() async throws { try await journal.finish() }
    func state(of stream: StreamName) async throws -> SubjectState { try await journal.state(of: stream) }
}
