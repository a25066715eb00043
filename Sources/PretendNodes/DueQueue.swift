import RolloutModel

/// Keys in the order of the time at which each is due; of those due at the same time, the one that was set first.
struct DueQueue: Sendable {
    private struct Entry {
        let due: Timestamp
        let number: Int
        let key: String

        func isBefore(_ other: Entry) -> Bool { (due, number) < (other.due, other.number) }
    }

    /// A binary heap; entries that were replaced stay in it until they would be the first.
    private var heap: [Entry] = []
    /// The number of the entry that counts.
    private var current: [String: Int] = [:]
    private var lastNumber = 0

    /// Says when a key is due, in place of what was said before.
    mutating func set(_ key: String, due: Timestamp) {
        lastNumber += 1
        current[key] = lastNumber
        heap.append(Entry(due: due, number: lastNumber, key: key))
        siftUp(from: heap.count - 1)
        dropReplaced()
    }

    /// Says that a key is not due at any time.
    mutating func remove(_ key: String) {
        if current.removeValue(forKey: key) != nil { dropReplaced() }
    }

    /// Whether a key is due at some time.
    func has(_ key: String) -> Bool { current[key] != nil }

    /// When the first key is due; `nil` if none is.
    var nextDue: Timestamp? { heap.first?.due }

    /// Takes out the first key that is due by then; `nil` if none is.
    mutating func popDue(at time: Timestamp) -> String? {
        guard let first = heap.first, first.due <= time else { return nil }
        remove(first.key)
        return first.key
    }

    private mutating func dropReplaced() {
        while let first = heap.first, current[first.key] != first.number { removeFirst() }
    }

    private mutating func removeFirst() {
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var parent = 0
        while true {
            let children = (2 * parent + 1)..<min(2 * parent + 3, max(heap.count, 2 * parent + 1))
            guard let least = children.min(by: { heap[$0].isBefore(heap[$1]) }), heap[least].isBefore(heap[parent])
            else { return }
            heap.swapAt(least, parent)
            parent = least
        }
    }

    private mutating func siftUp(from index: Int) {
        var child = index
        while child > 0, heap[child].isBefore(heap[(child - 1) / 2]) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }
}
