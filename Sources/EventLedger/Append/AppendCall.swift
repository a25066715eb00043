import RolloutModel

/// One call of append: what is to be appended together, and under which conditions.
struct AppendCall: Sendable {
    /// An event with what can be computed before its place is known.
    struct Item: Sendable {
        let event: Event
        let salt: Hash256
        let commitment: Hash256
    }

    let items: [Item]
    let conditions: [AppendCondition]
    /// What is to be remembered with them.
    let memory: RecorderMemory?

    /// The number of events that one call may append; one that has something to remember may also append none.
    static let allowedCount = 1...10_000

    /// Checks what does not depend on the ledger.
    ///
    /// - Throws: `ShipslogError` with code `invalidArgument`.
    init(
        _ events: [Event], if conditions: [AppendCondition], remembering memory: RecorderMemory? = nil,
        _ options: LedgerOptions
    ) throws {
        guard Self.allowedCount.contains(events.count) || (events.isEmpty && memory != nil) else {
            throw ShipslogError(
                .invalidArgument,
                "\(events.count) events cannot be appended at once: only 1 to \(Self.allowedCount.upperBound)."
            )
        }
        let seed = options.randomBytes(Envelope.saltBytes)
        items = events.enumerated().map { index, event in
            let salt = Envelope.salt(seed: seed, index: index)
            return Item(
                event: event, salt: salt, commitment: Envelope.commitment(salt: salt, payload: event.payload)
            )
        }
        self.conditions = conditions
        self.memory = memory
    }
}
