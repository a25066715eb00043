import Foundation
import RolloutModel

#if Network
    import AsyncHTTPClient
    import NIOCore
    import NIOHTTP1
#endif

/// Somebody's own check of new pods: a command that ends with 0, or a URL that answers with a status of 200 to 299.
struct RunCheck: Sendable {
    let context: CommandContext
    let place: RunPlace

    /// Whether a check is a URL.
    static func isURL(_ check: String) -> Bool { check.hasPrefix("http://") || check.hasPrefix("https://") }

    /// Makes the check.
    ///
    /// A command runs in a shell, and is told by `SHIPSLOG_CLUSTER` and `SHIPSLOG_NAMESPACE` where the pods are.
    func make(_ check: String) async throws -> CheckCompleted {
        #if Network
            if Self.isURL(check) { return await fetch(check) }
        #endif
        return try await run(check)
    }

    private func run(_ command: String) async throws -> CheckCompleted {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", command]
        process.environment = context.environment.merging([
            "SHIPSLOG_CLUSTER": place.name, "SHIPSLOG_NAMESPACE": place.namespace,
        ]) { $1 }
        let output = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        let status = try await withCheckedThrowingContinuation {
            (continuation: CheckedContinuation<Int32, any Error>) in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
        let text = String(decoding: output.fileHandleForReading.availableData.suffix(4096), as: UTF8.self)
        let last = text.split(whereSeparator: \.isNewline).last.map(String.init)
        return CheckCompleted(
            check: command, passed: status == 0, said: last?.nonEmpty ?? (status == 0 ? nil : "exit code \(status)"))
    }

    #if Network
        private func fetch(_ url: String) async -> CheckCompleted {
            do {
                let answer = try await HTTPClient.shared.execute(HTTPClientRequest(url: url), timeout: .seconds(10))
                let code = Int(answer.status.code)
                return CheckCompleted(
                    check: url, passed: (200..<300).contains(code), said: "\(code) \(answer.status.reasonPhrase)")
            } catch {
                return CheckCompleted(check: url, passed: false, said: "no answer: \(error)")
            }
        }
    #endif
}
