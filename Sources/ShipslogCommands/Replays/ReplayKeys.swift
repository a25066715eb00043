import Foundation
import RolloutModel
import Synchronization

/// The keys by which a person at a terminal has a replay wait, go on or stop, without Enter.
final class ReplayKeys: Sendable {
    private let context: CommandContext
    private let original: termios
    private let state = Mutex(State())

    private struct State {
        var isPaused = false
        var isStopped = false
        var isClosed = false
    }

    /// Takes the keys of the terminal; `nil` if there is none that a person watches.
    init?(in context: CommandContext) {
        var settings = termios()
        guard context.isNoticesTerminal, isatty(STDIN_FILENO) == 1, tcgetattr(STDIN_FILENO, &settings) == 0 else {
            return nil
        }
        self.context = context
        original = settings
        settings.c_lflag &= ~tcflag_t(ICANON | ECHO)
        guard tcsetattr(STDIN_FILENO, TCSANOW, &settings) == 0 else { return nil }
        tell("Space pauses it and goes on, q stops it.")
        Thread.detachNewThread { self.read() }
    }

    var isPaused: Bool { state.withLock(\.isPaused) }
    var isStopped: Bool { state.withLock(\.isStopped) }

    /// Gives the keys back.
    func close() {
        state.withLock { state in
            guard !state.isClosed else { return }
            state.isClosed = true
            var settings = original
            tcsetattr(STDIN_FILENO, TCSANOW, &settings)
        }
    }

    /// Reads keys until they are given back.
    private func read() {
        var key: UInt8 = 0
        var waiting = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        while !state.withLock(\.isClosed) {
            guard poll(&waiting, 1, 50) > 0, Foundation.read(STDIN_FILENO, &key, 1) == 1 else { continue }
            switch key {
            case UInt8(ascii: " "):
                let isPaused = state.withLock { state in
                    state.isPaused.toggle()
                    return state.isPaused
                }
                tell(isPaused ? "paused; space goes on, q stops" : "going on")
            case UInt8(ascii: "q"):
                state.withLock {
                    $0.isStopped = true
                    $0.isPaused = false
                }
            default: break
            }
        }
    }

    private func tell(_ words: String) {
        // A terminal that went away must not end the replay.
        try? context.notices.write("\r\u{1B}[K\(words)\n")
    }
}
