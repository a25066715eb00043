import RolloutModel
import Synchronization

/// A clock that stands still until somebody moves it on.
@available(macOS 15, *)
final class StoppedClock: Sendable {
    private struct State {
        var now: Timestamp
        var sleepers: [Int: (due: Timestamp, bell: AsyncStream<Never>.Continuation)] = [:]
        var lastSleeper = 0
    }

    private let state: Mutex<State>

    init(at time: Timestamp) { state = Mutex(State(now: time)) }

    var now: Timestamp { state.withLock(\.now) }

    /// Moves it on, and wakes those whose time has come.
    func move(to time: Timestamp) {
        let due = state.withLock { state in
            state.now = time
            let due = state.sleepers.filter { $0.value.due <= time }
            for number in due.keys { state.sleepers[number] = nil }
            return due.values.map(\.bell)
        }
        for bell in due { bell.finish() }
    }

    /// Waits until it shows that time.
    ///
    /// - Throws: `CancellationError`.
    func sleep(until time: Timestamp) async throws {
        let (stream, bell) = AsyncStream.makeStream(of: Never.self)
        let number = state.withLock { state -> Int? in
            guard time > state.now else { return nil }
            state.lastSleeper += 1
            state.sleepers[state.lastSleeper] = (time, bell)
            return state.lastSleeper
        }
        guard let number else { return }
        for await _ in stream {}
        state.withLock { $0.sleepers[number] = nil }
        try Task.checkCancellation()
    }
}
