import Foundation

/// A program run to its end, with what it cost.
struct Command {
    /// From start to end, in seconds.
    var seconds: Double
    /// The most memory that it held at once, in bytes.
    var peakBytes: Int
    /// What it printed; empty if that was thrown away.
    var output: String

    /// Runs a program, whose messages to standard error pass through.
    ///
    /// - Parameter keepsOutput: Whether what it prints is kept: what this process holds counts in the peak of the next.
    /// - Throws: ``Failure`` if it does not end with status 0.
    static func run(_ command: [String], keepsOutput: Bool = true) throws -> Command {
        let kept = keepsOutput ? URL.temporaryDirectory.appending(path: "bench-\(UUID().uuidString)") : nil
        defer { if let kept { try? FileManager.default.removeItem(at: kept) } }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(
            &actions, STDOUT_FILENO, kept?.path ?? "/dev/null", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        var arguments = command.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var process: pid_t = 0
        let start = ContinuousClock.now
        guard posix_spawnp(&process, command[0], &actions, nil, &arguments, environ) == 0 else {
            throw Failure(command: command, status: errno)
        }
        var status: Int32 = 0
        var usage = rusage()
        while wait4(process, &status, 0, &usage) < 0, errno == EINTR {}
        let seconds = (ContinuousClock.now - start).seconds
        guard status == 0 else { throw Failure(command: command, status: status) }
        // Linux counts the peak in units of 1,024 bytes.
        return Command(
            seconds: seconds, peakBytes: usage.ru_maxrss * 1024,
            output: try kept.map { try String(contentsOf: $0, encoding: .utf8) } ?? ""
        )
    }

    /// The number that the program printed.
    var number: Double {
        get throws {
            guard let number = Double(output.trimmingCharacters(in: .whitespacesAndNewlines)) else {
                throw Failure(command: [output], status: 0)
            }
            return number
        }
    }

    struct Failure: Error {
        var command: [String]
        var status: Int32
    }
}
