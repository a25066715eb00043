import Foundation
import RolloutModel

/// Another program, run to its end.
public enum Program {
    /// How a program ended and what it said.
    public struct Run: Sendable {
        /// Its exit code, or the number of the signal that ended it.
        public var status: Int32
        public var output: String
        public var errors: String
    }

    /// Runs a program on a thread of its own: programs take seconds, and the threads that tests share are few.
    ///
    /// - Throws: As ``run(_:_:input:)``.
    public static func inBackground(_ path: String, _ arguments: [String], input: Data = Data()) async throws -> Run {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try run(path, arguments, input: input) }) }
        }
    }

    /// Runs a program and waits for its end.
    ///
    /// Input and output go through files, so that neither side waits for the other to empty a pipe.
    ///
    /// - Throws: an error of Foundation's if the program cannot be started or the temporary files cannot be written.
    public static func run(_ path: String, _ arguments: [String], input: Data = Data()) throws -> Run {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("shipslog-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        // What is left over in the system's temporary folder does no harm.
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = ["input", "output", "errors"].map { folder.appendingPathComponent($0) }
        try input.write(to: files[0])
        try Data().write(to: files[1])
        try Data().write(to: files[2])

        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.standardInput = try FileHandle(forReadingFrom: files[0])
        process.standardOutput = try FileHandle(forWritingTo: files[1])
        process.standardError = try FileHandle(forWritingTo: files[2])
        try process.run()
        process.waitUntilExit()
        return Run(
            status: process.terminationStatus,
            output: String(decoding: try Data(contentsOf: files[1]), as: UTF8.self),
            errors: String(decoding: try Data(contentsOf: files[2]), as: UTF8.self)
        )
    }
}
