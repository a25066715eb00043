import Dispatch
import RolloutModel

/// Lets concurrent appends share a transaction: while one is being written to disk, the next calls gather.
///
/// A durable commit costs the time of a disk flush, however many events it has.
final class GroupCommit: Sendable {
    private typealias Waiting = (call: AppendCall, continuation: CheckedContinuation<[Position], any Error>)

    private let waiting = Locked<[Waiting]>([])
    private let writer: Confined<Writer>
    private let queue: DispatchQueue

    init(_ writer: Writer) {
        self.writer = Confined(writer)
        queue = DispatchQueue(label: "shipslog.append")
    }

    /// Appends the events of a call; returns once they are on disk.
    func append(_ call: AppendCall) async throws -> [Position] {
        try await withCheckedThrowingContinuation { continuation in
            let isFirst = waiting.withLock { waiting in
                waiting.append((call, continuation))
                return waiting.count == 1
            }
            // The first to wait has the group committed that has gathered by then.
            if isFirst { queue.async { self.commitGroup() } }
        }
    }

    /// Calls a function with the writer while nothing is being appended.
    func withWriter<Result>(_ body: (Writer) throws -> Result) throws -> Result {
        try queue.sync { try body(writer.value) }
    }

    private func commitGroup() {
        let group = waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
        let results = writer.value.commit(group.map(\.call))
        for (waiting, result) in zip(group, results) { waiting.continuation.resume(with: result) }
    }
}

/// A value that only one dispatch queue touches.
///
/// Unchecked, because the compiler does not know that the queue is serial.
private struct Confined<Value>: @unchecked Sendable {
    let value: Value
    init(_ value: Value) { self.value = value }
}
