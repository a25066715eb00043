import RolloutModel

/// Hands events on in batches, one of which is appended while the next is put together.
package struct EventBatches {
    private let append: @Sendable ([Event]) async throws -> Void
    private var batch: [Event] = []
    private var appending: Task<Void, any Error>?
    /// How many events were handed on.
    package private(set) var count = 0

    /// How many events make a batch.
    static let size = 500

    package init(append: @escaping @Sendable ([Event]) async throws -> Void) {
        self.append = append
    }

    /// Adds events.
    ///
    /// - Returns: Whether a batch was full, and handed on.
    package mutating func add(_ events: [Event]) async throws -> Bool {
        batch += events
        guard batch.count >= Self.size else { return false }
        try await flush()
        return true
    }

    /// Hands on the rest, and waits until all is appended.
    package mutating func finish() async throws {
        try await flush()
        try await appending?.value
    }

    private mutating func flush() async throws {
        try await appending?.value
        let (full, append) = (batch, append)
        batch.removeAll(keepingCapacity: true)
        count += full.count
        appending = full.isEmpty ? nil : Task { try await append(full) }
    }
}
