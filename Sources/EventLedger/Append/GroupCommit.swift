import Dispatch
import RolloutModel

/// Lets concurrent appends share a transaction: while one is being written to disk, the next calls get in line, and the
/// first of them then appends for all.
///
/// A durable commit costs the time of a disk flush, however many events it has. It is made on the thread of who leads:
/// a change to another thread and back takes about as long as a fast disk does. That thread is held up by the disk
/// alone; to wait for another process, a thread is taken that nobody else needs.
final class GroupCommit: Sendable {
    private enum Turn {
        case leading
        case answered(Result<[Position], any Error>)
    }

    private struct Line {
        var isLed = false
        /// How many calls in a row were appended alone.
        var loneCount = 0
        var waiting: [(call: AppendCall, continuation: CheckedContinuation<Turn, Never>)] = []
    }

    /// After how many calls that were appended alone one looks out for others.
    private static let lookoutInterval = 16

    private let line = Locked(Line())
    private let writer: Locked<Writer>
    private let queue = DispatchQueue(label: "shipslog.append")

    init(_ writer: Writer) {
        self.writer = Locked(writer)
    }

    /// Appends the events of a call; returns once they are on disk.
    func append(_ call: AppendCall) async throws -> [Position] {
        switch await turn(of: call) {
        case .answered(let result): return try result.get()
        case .leading: return try await lead(call).get()
        }
    }

    /// Calls a function with the writer while nothing is being appended.
    func withWriter<Result>(_ body: (Writer) throws -> Result) rethrows -> Result {
        try writer.withLock { try body($0) }
    }

    private func turn(of call: AppendCall) async -> Turn {
        await withCheckedContinuation { continuation in
            let isLeading = line.withLock { line in
                if line.isLed { line.waiting.append((call, continuation)) }
                defer { line.isLed = true }
                return !line.isLed
            }
            if isLeading { continuation.resume(returning: .leading) }
        }
    }

    /// Appends for all who are in line, and has the next one lead who has got in line since.
    private func lead(_ call: AppendCall) async -> Result<[Position], any Error> {
        // Those who are about to append, too, get in line first, though there may be but one thread for all of them. Who
        // has been alone so far looks out for others only now and then, since that takes time as well.
        if line.withLock({ $0.loneCount.isMultiple(of: Self.lookoutInterval) }) { await Task.yield() }
        let group = line.withLock { line in
            defer { line.waiting = [] }
            line.loneCount = line.waiting.isEmpty ? line.loneCount + 1 : 0
            return line.waiting
        }
        let results = await commit([call] + group.map(\.call))
        for (waiting, result) in zip(group, results.dropFirst()) {
            waiting.continuation.resume(returning: .answered(result))
        }
        let next = line.withLock { line in
            line.isLed = !line.waiting.isEmpty
            return line.isLed ? line.waiting.removeFirst() : nil
        }
        next?.continuation.resume(returning: .leading)
        return results[0]
    }

    private func commit(_ calls: [AppendCall]) async -> [Result<[Position], any Error>] {
        if let results = writer.withLockIfFree({ $0.commitIfFree(calls) }) ?? nil { return results }
        return await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: self.writer.withLock { $0.commit(calls) }) }
        }
    }
}
