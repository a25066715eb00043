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
    /// After how long a check has failed that has not ended.
    var timeout = Duration.seconds(60)

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
        let process = CheckProcess(
            command,
            environment: context.environment.merging([
                "SHIPSLOG_CLUSTER": place.name, "SHIPSLOG_NAMESPACE": place.namespace,
            ]) { $1 }, timeout: timeout)
        let ending = try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                // On a thread of its own: it waits.
                Thread.detachNewThread { continuation.resume(with: Result { try process.run() }) }
            }
        } onCancel: {
            process.stop()
        }
        try Task.checkCancellation()
        return CheckCompleted(check: command, passed: ending.isSuccess, said: ending.said)
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
