import RolloutModel
import Testing

@testable import PretendNodes

@Suite struct DueQueueTests {
    private func time(_ seconds: Int64) -> Timestamp { Timestamp(microseconds: seconds * 1_000_000) }

    @Test("keys come when they are due, of those due together the one set first, and as often as they were set")
    func order() {
        var queue = DueQueue()
        for (key, due) in [("c", 3), ("a", 1), ("b", 3), ("d", 2)] { queue.set(key, due: time(Int64(due))) }
        queue.set("a", due: time(5))
        queue.remove("d")
        #expect(queue.nextDue == time(3))
        #expect(queue.popDue(at: time(2)) == nil)
        #expect((0..<3).map { _ in queue.popDue(at: time(4)) } == ["c", "b", nil])
        #expect(queue.has("a") && !queue.has("b"))
        #expect((0..<2).map { _ in queue.popDue(at: time(9)) } == ["a", nil])
        #expect(queue.nextDue == nil)
    }

    @Test("many keys, set again and removed by chance, come in the order of a sorted list", arguments: 1...5)
    func model(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var queue = DueQueue()
        var model: [String: (due: Int64, number: Int)] = [:]
        for number in 0..<3000 {
            let key = String(Int.random(in: 0..<500, using: &random))
            if Int.random(in: 0..<4, using: &random) == 0 {
                queue.remove(key)
                model[key] = nil
            } else {
                let due = Int64.random(in: 0..<100, using: &random)
                queue.set(key, due: time(due))
                model[key] = (due, number)
            }
        }
        var keys: [String] = []
        while let key = queue.popDue(at: time(100)) { keys.append(key) }
        #expect(keys == model.sorted { ($0.value.due, $0.value.number) < ($1.value.due, $1.value.number) }.map(\.key))
    }
}
