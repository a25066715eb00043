import RolloutModel

/// Hands events on in batches, one of which is appended while the next is put together.
package struct EventBatches {
    private let append: @Sendable ([Event]) async throws -> [String]
    private var batch: [Event] = []
    private var appending: Task<[String], any Error>?
    /// How many events were handed on.
    package private(set) var count = 0
    /// A sentence for each event that was refused.
    package private(set) var refusals: [String] = []

    /// How many events make a batch.
    static let size = 500

    /// Begins with none.
    ///
    /// - Parameter append: Appends a batch, and tells what was refused of it, a sentence for each event.
    package init(append: @escaping @Sendable ([Event]) async throws -> [String]) {
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
        try await awaitAppended()
    }

    private mutating func awaitAppended() async throws {
        refusals += try await appending?.value ?? []
        appending = nil
    }

    private mutating func flush() async throws {
        try await awaitAppended()
        let (full, append) = (batch, append)
        batch.removeAll(keepingCapacity: true)
        count += full.count
        appending = full.isEmpty ? nil : Task { try await append(full) }
    }
}
