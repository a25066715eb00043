import RolloutModel

/// The histories that several ledgers have of one cluster, in one order, each history in its own.
///
/// Of the events that come next the one goes first that was read off the lowest version. So what one recorder inferred
/// when it had been away comes after what another saw happen before that, and each fact is where one who saw everything
/// would have it. What was read off no object, such as a note, goes as soon as it is its turn in its ledger.
package struct MergedHistories<History: AsyncSequence> where History.Element == RecordedEvent {
    private var histories: [History.AsyncIterator]
    private var heads: [Head?] = []

    private struct Head {
        var event: RecordedEvent
        var place: Place?
    }

    /// Where an event belongs: what was seen before what was inferred of the same version.
    private struct Place: Comparable {
        var version: ResourceVersion
        var isInferred: Bool

        static func < (left: Place, right: Place) -> Bool {
            if left.version < right.version { return true }
            return !(right.version < left.version) && !left.isInferred && right.isInferred
        }
    }

    /// Merges histories.
    package init(_ histories: [History]) { self.histories = histories.map { $0.makeAsyncIterator() } }

    /// The next event, and the number of its history; `nil` at the end.
    ///
    /// - Throws: What reading a history throws; `ShipslogError` as ``Event/fact()``.
    package mutating func next() async throws -> (history: Int, event: RecordedEvent)? {
        while heads.count < histories.count { heads.append(try await advance(heads.count)) }
        guard let turn = Merging.turn(of: heads, by: \.place), let head = heads[turn] else { return nil }
        heads[turn] = try await advance(turn)
        return (turn, head.event)
    }

    private mutating func advance(_ history: Int) async throws -> Head? {
        guard let event = try await histories[history].next() else { return nil }
        let version = try event.event.fact().object.flatMap { ResourceVersion($0.resourceVersion) }
        return Head(
            event: event, place: version.map { Place(version: $0, isInferred: event.event.isInferred) })
    }
}
