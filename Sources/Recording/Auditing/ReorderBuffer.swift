import RolloutModel

/// Puts the entries of an audit log in the order in which the changes were made.
///
/// An API server writes an entry when the answer is sent, so that entries may stand out of order by as long as an answer
/// takes. The order: of the entries within ``window`` of the newest, the one with the lowest resourceVersion comes first,
/// whatever resource it is of; an entry without one comes after those that stand before it in the log.
struct ReorderBuffer {
    private struct Item {
        var version: ResourceVersion?
        var change: AuditEntry.Change
    }

    /// In order.
    private var items: [Item] = []
    /// The latest moment of all entries so far.
    private(set) var newest = Timestamp(microseconds: .min)

    /// For how long an entry waits for those that belong before it, in seconds by the API server's clock.
    static let window = 2.0
    /// How many entries wait at most.
    static let limit = 10_000

    /// Takes in an entry, and gives those whose turn it is.
    mutating func insert(_ change: AuditEntry.Change) -> [AuditEntry.Change] {
        newest = max(newest, change.request.at)
        let version = change.effect.resourceVersion ?? items.last?.version
        var index = items.endIndex
        if let version {
            while index > 0, let before = items[index - 1].version, version < before { index -= 1 }
        }
        items.insert(Item(version: version, change: change), at: index)
        let due =
            items.firstIndex { newest.seconds(since: $0.change.request.at) <= Self.window } ?? items.endIndex
        return take(max(due, items.count - Self.limit))
    }

    /// The requests that wait, by their audit ids.
    var waiting: [String] { items.map(\.change.request.auditID) }

    /// Gives all that wait still.
    mutating func finish() -> [AuditEntry.Change] { take(items.count) }

    private mutating func take(_ count: Int) -> [AuditEntry.Change] {
        guard count > 0 else { return [] }
        defer { items.removeFirst(count) }
        return items.prefix(count).map(\.change)
    }
}

extension AuditEntry.Effect {
    fileprivate var resourceVersion: ResourceVersion? {
        switch self {
        case .version(let object, _):
            WatchEvent(type: .modified, object: object).resourceVersion.flatMap { ResourceVersion($0) }
        case .scale(let scale): ResourceVersion(scale.metadata.resourceVersion)
        case .removal, .unknown: nil
        }
    }
}
