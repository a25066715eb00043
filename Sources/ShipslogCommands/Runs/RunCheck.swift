import Foundation
import RolloutModel

#if Network
    import AsyncHTTPClient
    import KubernetesClient
    import NIOCore
    import NIOHTTP1
#endif

/// Makes somebody's own checks of new pods.
struct RunCheck: Sendable {
    let context: CommandContext
    let place: RunPlace
    /// The Service through which the new pods can be reached; `nil` for none.
    var preview: String?
    /// After how long a check has failed that has not ended.
    var timeout = Duration.seconds(60)

    /// Makes the check.
    ///
    /// A command runs in a shell, and is told by `SHIPSLOG_CLUSTER` and `SHIPSLOG_NAMESPACE` where the pods are, and by
    /// `SHIPSLOG_PREVIEW` by which Service they can be reached.
    func make(_ check: PodCheck) async throws -> CheckCompleted {
        switch check {
        case .command(let command): return try await run(command)
        #if Network
            case .url(let url): return try await answer(of: url, to: check) { try await status(of: url) }
            case .query(let query): return try await answer(of: query.server, to: check) { try await ask(query) }
        #else
            case .url, .query:
                throw ShipslogError(.invalidArgument, "This shipslog was built without the means to ask a server.")
        #endif
        }
    }

    private func run(_ command: String) async throws -> CheckCompleted {
        let process = CheckProcess(
            command,
            environment: context.environment.merging([
                "SHIPSLOG_CLUSTER": place.name, "SHIPSLOG_NAMESPACE": place.namespace,
                "SHIPSLOG_PREVIEW": preview ?? "",
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
        private func answer(
            of server: String, to check: PodCheck, _ ask: () async throws -> (passed: Bool, said: String)
        ) async throws -> CheckCompleted {
            do {
                let answer = try await ask()
                return CheckCompleted(check: check.summary, passed: answer.passed, said: answer.said.nonEmpty)
            } catch {
                try Task.checkCancellation()
                let cause = NetworkError(error, server: server).details
                return CheckCompleted(check: check.summary, passed: false, said: "no answer: \(cause)")
            }
        }

        private func status(of url: String) async throws -> (passed: Bool, said: String) {
            let answer = try await HTTPClient.shared.execute(HTTPClientRequest(url: url), timeout: answerTime)
            let code = Int(answer.status.code)
            return ((200..<300).contains(code), "\(code) \(answer.status.reasonPhrase)")
        }

        /// A server has shorter than a command: it is only asked, and a step of a rollout waits for it.
        private var answerTime: TimeAmount { .microseconds(min(timeout, .seconds(10)).wholeMicroseconds) }

        /// How large an answer of Prometheus may be, in bytes.
        private static let answerLimit = 1 << 20

        private func ask(_ query: PrometheusQuery) async throws -> (passed: Bool, said: String) {
            let server = query.server.hasSuffix("/") ? query.server : query.server + "/"
            let request = HTTPClientRequest(url: server + "api/v1/query?query=" + URLText.escaped(query.query))
            let answer = try await HTTPClient.shared.execute(request, timeout: answerTime)
            let body = Data(try await answer.body.collect(upTo: Self.answerLimit).readableBytesView)
            // Of a query that it refuses Prometheus says why in the same form, with a status of 400 or 422.
            guard let object = try? CanonicalJSON.decode(JSONValue.self, from: body) else {
                return (false, "\(answer.status.code) \(answer.status.reasonPhrase), which is no answer of Prometheus")
            }
            return query.judgement(of: object)
        }
    #endif
}
