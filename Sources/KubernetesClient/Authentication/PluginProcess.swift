import Foundation
import RolloutModel

/// One run of a credential plugin.
struct PluginProcess {
    var command: String
    var arguments: [String]
    /// Variables beside those of this process.
    var environment: [String: String]
    /// After how long the program is ended.
    var timeout: TimeInterval = 60

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
        do {
            try process.run()
        } catch {
            throw failing(.unavailable, "cannot be started: \(error.localizedDescription)")
        }
        let number = process.processIdentifier
        let deadline = DispatchWorkItem { kill(number, SIGKILL) }
        DispatchQueue.global().asyncAfter(deadline: .now() + timeout, execute: deadline)
        let data: Data
        do {
            data = try output.fileHandleForReading.readToEnd() ?? Data()
        } catch {
            process.terminate()
            throw failing(.unavailable, "could not be read: \(error.localizedDescription)")
        }
        process.waitUntilExit()
        deadline.cancel()
        switch (process.terminationReason, process.terminationStatus) {
        case (.exit, 0): return data
        case (.exit, let status): throw failing(.unavailable, "failed with exit code \(status)")
        default: throw failing(.unavailable, "was ended by a signal, or took longer than \(Int(timeout)) s")
        }
    }
}
