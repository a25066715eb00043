import RolloutModel

/// Keys in the order of the time at which each is due; of those due at the same time, the one that was set first.
struct DueQueue: Sendable {
    private struct Entry: Sendable {
        let key: String
        let number: Int
    }

    /// Entries that were replaced stay in it until they would be the first.
    private var entries = TimerQueue<Entry>()
    /// The number of the entry that counts.
    private var current: [String: Int] = [:]

    /// Says when a key is due, in place of what was said before.
    mutating func set(_ key: String, due: Timestamp) {
        let number = entries.lastNumber + 1
        current[key] = number
        entries.set(Entry(key: key, number: number), due: due)
        dropReplaced()
    }

    /// Says that a key is not due at any time.
    mutating func remove(_ key: String) {
        if current.removeValue(forKey: key) != nil { dropReplaced() }
    }

    /// Whether a key is due at some time.
    func has(_ key: String) -> Bool { current[key] != nil }

    /// When the first key is due; `nil` if none is.
    var nextDue: Timestamp? { entries.nextDue }

    /// Takes out the first key that is due by then; `nil` if none is.
    mutating func popDue(at time: Timestamp) -> String? {
        guard let first = entries.popDue(at: time) else { return nil }
        current[first.key] = nil
        dropReplaced()
        return first.key
    }

    private mutating func dropReplaced() {
        while let first = entries.first, current[first.key] != first.number { entries.popFirst() }
    }
}
