import RolloutModel
import Synchronization

/// A cluster that does not carry out every call, or does not say so.
final class TroubledCluster: Cluster {
    /// What goes wrong.
    enum Trouble: Sendable, CaseIterable {
        /// The call, and each like it, is refused for good.
        case refusal
        /// The call, and each like it, is not carried out, and the server has no word for why.
        case failure
        /// The call is not carried out, once.
        case hiccup
        /// The call is carried out, and the answer gets lost.
        case lostAnswer
        /// The call is put off, once, as there is a crowd.
        case crowd
        /// The credentials are not accepted, from this call on.
        case expiry
        /// Somebody else has done it, if it is a deletion.
        case overtaken
        /// From this call on nothing can be seen, for a while.
        case blink
        /// From this call on nothing can be seen.
        case blackout
    }

    private let cluster: any Cluster
    private let trouble: Trouble
    private let state: Mutex<State>

    private struct State {
        var left: Int
        var path: String?
        var blind = 10
    }

    /// - Parameter number: Which call it is that goes wrong, from 1.
    init(_ cluster: any Cluster, _ trouble: Trouble, at number: Int) {
        self.cluster = cluster
        self.trouble = trouble
        state = Mutex(State(left: number))
    }

    /// Whether it came to the call.
    var happened: Bool { state.withLock { $0.path != nil } }

    func perform(_ call: ClusterCall) async throws -> CallAnswer {
        let text = "\(call.method) \(call.path) \(call.body["spec"]?.object?.keys.sorted() ?? [])"
        let isTroubled = state.withLock { state in
            state.left -= 1
            if state.left == 0 { state.path = text }
            return state.left == 0 || [.refusal, .failure].contains(trouble) && state.path == text
                || trouble == .expiry && state.left < 0
        }
        guard isTroubled, ![.blink, .blackout].contains(trouble) else { return try await cluster.perform(call) }
        if [.lostAnswer, .overtaken].contains(trouble) { _ = try await cluster.perform(call) }
        let (code, reason, message): (Int, StatusError.Reason, String) =
            switch trouble {
            case .refusal: (403, .forbidden, "admission webhook \"policy\" denied the request: no")
            case .failure, .hiccup, .lostAnswer: (500, .internalError, "out of order")
            case .crowd: (429, .tooManyRequests, "too many requests")
            case .expiry: (401, .unauthorized, "Unauthorized")
            case .overtaken: (404, .notFound, "not found")
            case .blink, .blackout: (503, .internalError, "no leader")
            }
        throw StatusError(
            code: code, reason: reason, message: message, request: "\(call.method) \(call.path)",
            server: "the simulation")
    }

    /// Whether nothing can be seen now.
    private func isBlind() -> Bool {
        state.withLock { state in
            guard state.path != nil else { return false }
            if trouble == .blink { state.blind -= 1 }
            return trouble == .blackout || trouble == .blink && state.blind >= 0
        }
    }

    func uid() async throws -> String { try await cluster.uid() }
    func now() async -> Timestamp { await cluster.now() }
    func get(_ resource: Resource, _ name: String, namespace: String?) async throws -> JSONValue? {
        guard !isBlind() else {
            throw StatusError(
                code: 503, reason: .internalError, message: "no leader", request: "GET \(name)",
                server: "the simulation")
        }
        return try await cluster.get(resource, name, namespace: namespace)
    }
    func list(_ selection: ClusterSelection) async throws -> [JSONValue] { try await cluster.list(selection) }
    func watch(_ selections: [ClusterSelection]) async throws -> any ClusterWatch {
        try await cluster.watch(selections)
    }
}
