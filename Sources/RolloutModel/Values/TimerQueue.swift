/// What is to happen when; of what is due at the same time, first what was set first.
package struct TimerQueue<Element: Sendable>: Sendable {
    private struct Entry: Sendable {
        let due: Timestamp
        let number: Int
        let element: Element

        func isBefore(_ other: Entry) -> Bool {
            due.microseconds != other.due.microseconds
                ? due.microseconds < other.due.microseconds : number < other.number
        }
    }

    /// A binary heap.
    private var heap: [Entry] = []
    /// How many were ever set.
    package private(set) var lastNumber = 0

    package init() {}

    /// When the first is due; `nil` if none is.
    package var nextDue: Timestamp? { heap.first?.due }

    /// The first; `nil` if there is none.
    package var first: Element? { heap.first?.element }

    /// Says when something is due.
    package mutating func set(_ element: Element, due: Timestamp) {
        lastNumber += 1
        heap.append(Entry(due: due, number: lastNumber, element: element))
        var child = heap.count - 1
        while child > 0, heap[child].isBefore(heap[(child - 1) / 2]) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    /// Takes out the first, if it is due by then.
    ///
    /// - Parameter number: Only if it was among the first so many that were ever set.
    package mutating func popDue(at time: Timestamp, upTo number: Int = .max) -> Element? {
        guard let first = heap.first, first.due <= time, first.number <= number else { return nil }
        return popFirst()
    }

    /// Takes out the first; `nil` if there is none.
    @discardableResult
    package mutating func popFirst() -> Element? {
        guard let first = heap.first else { return nil }
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var parent = 0
        while true {
            var least = parent
            for child in 2 * parent + 1...2 * parent + 2 where child < heap.count && heap[child].isBefore(heap[least]) {
                least = child
            }
            if least == parent { return first.element }
            heap.swapAt(least, parent)
            parent = least
        }
    }
}
