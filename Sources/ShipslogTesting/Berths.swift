/// Places for some to work side by side, while others wait.
public actor Berths {
    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// - Parameter count: For how many at once.
    public init(_ count: Int) { free = count }

    /// Works once there is a place, and gives it back.
    public nonisolated func with<Outcome: Sendable>(_ work: () async throws -> Outcome) async throws -> Outcome {
        await enter()
        let outcome = await Result { try await work() }
        await leave()
        return try outcome.get()
    }

    private func enter() async {
        if free > 0 {
            free -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    private func leave() {
        if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
}
