import Foundation
import RolloutModel
import Synchronization

/// One run of a command in a shell, with all that it starts.
final class CheckProcess: Sendable {
    private let command: String
    private let environment: [String: String]
    private let timeout: Duration
    private let state = Mutex(State())
    /// Left once the shell has ended.
    private let ended = DispatchGroup()

    private struct State {
        var group: pid_t?
        var isStopped = false
    }

    /// How it ended.
    struct Ending: Equatable {
        var isSuccess: Bool
        /// The last line that it printed, or why it failed without one; `nil` for nothing.
        var said: String?
    }

    init(_ command: String, environment: [String: String], timeout: Duration) {
        self.command = command
        self.environment = environment
        self.timeout = timeout
    }

    /// Runs it to its end, and then ends what it left in the background.
    func run() throws -> Ending {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", command]
        process.environment = environment
        let output = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        process.terminationHandler = { [ended] _ in ended.leave() }
        ended.enter()
        try process.run()
        let isStopped = state.withLock { state in
            state.group = process.processIdentifier
            return state.isStopped
        }
        if isStopped { kill(-process.processIdentifier, SIGKILL) }
        let deadline = ContinuousClock.now + timeout
        var tail = Data()
        reading: while ContinuousClock.now < deadline {
            switch read(output.fileHandleForReading, into: &tail) {
            case .some: continue
            case .end: break reading
            case .nothingYet: if Self.hasExited(process.processIdentifier) { break reading }
            }
        }
        // What it left in the background holds the pipe open, and keeps Foundation waiting.
        if Self.hasExited(process.processIdentifier) { kill(-process.processIdentifier, SIGKILL) }
        if ended.wait(timeout: .now() + .milliseconds(max(0, Int((deadline - .now) / .milliseconds(1))))) != .success {
            kill(-process.processIdentifier, SIGKILL)
            ended.wait()
            return Ending(isSuccess: false, said: "not done within \(timeout.components.seconds) s")
        }
        state.withLock { $0.group = nil }
        let status = process.terminationStatus
        if process.terminationReason == .uncaughtSignal {
            return Ending(isSuccess: false, said: "ended by signal \(status)")
        }
        let last = String(decoding: tail, as: UTF8.self).split(whereSeparator: \.isNewline).last.map(String.init)
        return Ending(isSuccess: status == 0, said: last?.nonEmpty ?? (status == 0 ? nil : "exit code \(status)"))
    }

    /// Ends it, from any thread.
    func stop() {
        state.withLock { state in
            state.isStopped = true
            if let group = state.group { kill(-group, SIGKILL) }
        }
    }

    /// Whether a child has ended, also if nobody has asked for its status yet.
    private static func hasExited(_ child: pid_t) -> Bool {
        var information = siginfo_t()
        // Somebody who has asked already has left nothing to wait for.
        if waitid(P_PID, id_t(child), &information, WEXITED | WNOHANG | WNOWAIT) != 0 { return errno == ECHILD }
        return information.si_signo == SIGCHLD
    }

    private enum Piece {
        case some, nothingYet, end
    }

    /// Reads some of what is printed, if there is something soon, and keeps the last of it.
    private func read(_ output: FileHandle, into tail: inout Data) -> Piece {
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        var waiting = pollfd(fd: output.fileDescriptor, events: Int16(POLLIN), revents: 0)
        let ready = poll(&waiting, 1, 50)
        if ready == 0 { return .nothingYet }
        let count = ready < 0 ? -1 : Foundation.read(waiting.fd, &piece, piece.count)
        if count > 0 { tail = Data((tail + piece[..<count]).suffix(4096)) }
        return count > 0 || count < 0 && errno == EINTR ? .some : .end
    }
}
