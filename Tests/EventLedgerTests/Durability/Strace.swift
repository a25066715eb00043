import Foundation

/// Runs a program under strace, which records its system calls or makes some of them fail.
struct Strace {
    /// The system calls that bring data to a file or make it stay there.
    static let writes = ["pwrite64", "fdatasync", "fsync", "ftruncate"]
    /// The system calls that change what names a folder has.
    private static let renames = ["openat", "link", "linkat", "unlink", "unlinkat", "rename", "renameat", "renameat2"]

    /// The program to run, with its arguments.
    var command: [String]

    /// What came of a run.
    struct Outcome {
        var run: ProcessRun.Outcome
        /// What strace wrote: a line for each traced call.
        var trace: Data
        /// Whether a call was made to fail, or the program killed at it.
        var wasTouched: Bool { run.status == SIGKILL || trace.range(of: Data("(INJECTED)".utf8)) != nil }
    }

    /// Runs the program and records all it does to files, with all data.
    func recording() throws -> Outcome {
        let calls = (Self.writes + Self.renames + ["write"]).joined(separator: ",")
        return try run(["-y", "-xx", "-s", "4194304", "-e", "trace=\(calls)"])
    }

    /// Runs the program and lets calls go wrong.
    ///
    /// - Parameters:
    ///   - effect: What happens instead of the call, in strace's words: `error=EIO`, `signal=SIGKILL`.
    ///   - call: The system call.
    ///   - when: Which of them, counted from 1 in each thread: `3`, or `3+` for that and all later ones.
    ///   - path: The file that the call must concern; `nil` for any.
    func injecting(_ effect: String, into call: String, when: String, path: String? = nil) throws -> Outcome {
        let filter = path.map { ["-P", $0] } ?? []
        return try run(filter + ["-e", "trace=\(call)", "-e", "inject=\(call):\(effect):when=\(when)"])
    }

    private func run(_ options: [String]) throws -> Outcome {
        let output = URL.temporaryDirectory.appending(path: "shipslog-trace-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: output) }
        let strace = ["strace", "-f", "-e", "signal=none", "-o", output.path] + options
        let run = try ProcessRun(strace + command).finish()
        return try Outcome(run: run, trace: Data(contentsOf: output))
    }
}

/// A program that runs beside the test.
struct ProcessRun {
    private let process = Process()
    private let printed = Pipe()

    /// What came of it.
    struct Outcome {
        /// The lines that it printed.
        var lines: [String]
        /// The exit status, or the number of the signal that ended it.
        var status: Int32
    }

    /// Starts a program, which is looked up in `PATH`.
    ///
    /// One that is missing is a failure, never a reason to skip.
    init(_ command: [String]) throws {
        let folders = ProcessInfo.processInfo.environment["PATH", default: "/usr/bin:/bin"].split(separator: ":")
        let candidates = command[0].contains("/") ? [command[0]] : folders.map { "\($0)/\(command[0])" }
        guard let path = candidates.first(where: FileManager.default.isExecutableFile(atPath:)) else {
            throw MissingTool(description: "The durability tests need \(command[0]), which is not installed.")
        }
        process.executableURL = URL(filePath: path)
        process.arguments = Array(command.dropFirst())
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = printed
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    /// Waits for the end.
    func finish() -> Outcome {
        let text = String(decoding: printed.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return Outcome(lines: text.split(separator: "\n").map(String.init), status: process.terminationStatus)
    }

    struct MissingTool: Error, CustomStringConvertible {
        var description: String
    }
}
