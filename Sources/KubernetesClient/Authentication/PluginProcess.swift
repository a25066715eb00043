import Foundation
import RolloutModel

/// One run of a credential plugin.
struct PluginProcess {
    var command: String
    var arguments: [String]
    /// Variables beside those of this process.
    var environment: [String: String]
    /// After how long the program is ended.
    var timeout: Duration = .seconds(60)

    /// Runs it and returns what it printed.
    ///
    /// What it says on stderr goes to ours, where the person sees it.
    ///
    /// - Parameter failing: Makes the error from its code and what happened.
    func run(failing: @escaping @Sendable (ShipslogError.Code, String) -> ShipslogError) async throws -> Data {
        let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        guard let path = executable(in: variables["PATH"] ?? "") else { throw failing(.notFound, "is not there") }
        return try await withCheckedThrowingContinuation { continuation in
            // On a thread of its own: it waits.
            Thread.detachNewThread {
                continuation.resume(with: Result { try wait(for: path, variables, failing) })
            }
        }
    }

    private func executable(in searchPath: String) -> String? {
        let paths =
            command.contains("/") ? [command] : searchPath.split(separator: ":").map { "\($0)/\(command)" }
        return paths.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    private func wait(
        for path: String, _ variables: [String: String], _ failing: (ShipslogError.Code, String) -> ShipslogError
    ) throws -> Data {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.environment = variables
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        let ended = DispatchSemaphore(value: 0)
        process.terminationHandler = { _ in ended.signal() }
        do {
            try process.run()
        } catch {
            throw failing(.unavailable, "cannot be started: \(error.localizedDescription)")
        }
        let deadline = ContinuousClock.now + timeout
        guard let data = try collect(output.fileHandleForReading, until: deadline, failing),
            ended.wait(timeout: .now() + .milliseconds(millisecondsLeft(until: deadline))) == .success
        else {
            // Also what it has started itself: all are in its group.
            kill(-process.processIdentifier, SIGKILL)
            throw failing(.unavailable, "took longer than \(timeout.components.seconds) s")
        }
        switch (process.terminationReason, process.terminationStatus) {
        case (.exit, 0): return data
        case (.exit, let status): throw failing(.unavailable, "failed with exit code \(status)")
        case (_, let signal): throw failing(.unavailable, "was ended by signal \(signal)")
        }
    }

    /// All that is printed; `nil` if that does not end in time, as when something goes on that the program has started.
    private func collect(
        _ output: FileHandle, until deadline: ContinuousClock.Instant,
        _ failing: (ShipslogError.Code, String) -> ShipslogError
    ) throws -> Data? {
        var data = Data()
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        var waiting = pollfd(fd: output.fileDescriptor, events: Int16(POLLIN), revents: 0)
        while true {
            let ready = poll(&waiting, 1, Int32(millisecondsLeft(until: deadline)))
            if ready == 0 { return nil }
            let count = ready < 0 ? -1 : read(waiting.fd, &piece, piece.count)
            if count == 0 { return data }
            if count > 0 {
                data += piece[..<count]
            } else if errno != EINTR {
                throw failing(.unavailable, "could not be read: \(String(cString: strerror(errno)))")
            }
            if .now >= deadline { return nil }
        }
    }

    /// Rounded up, so that nobody asks again and again in the last one.
    private func millisecondsLeft(until deadline: ContinuousClock.Instant) -> Int {
        max(0, Int((deadline - .now) / .milliseconds(1)) + 1)
    }
}
