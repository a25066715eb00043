import EventLedger
import RolloutModel
import ShipslogTesting
import Testing

@testable import ShipslogCommands

@Suite("The timeline of a rollout")
struct TimelineTests {
    private func entry(_ seconds: Double, _ about: String, _ text: String, _ weight: FactText.Weight = .telling)
        -> Timeline.Entry
    {
        var entry = Timeline.Entry(
            time: Timestamp(microseconds: Int64(seconds * 1_000_000)), about: about, text: text)
        entry.text.weight = weight
        return entry
    }

    private func folded(_ entries: Timeline.Entry...) -> [String] {
        Timeline(entries: entries).folded().map(\.text)
    }

    @Test("what happens to several objects of a kind within a second is on one line")
    func together() {
        #expect(
            folded(
                entry(0.1, "pod/a", "created"), entry(0.2, "pod/b", "created"), entry(0.3, "replicaset/r", "created"),
                entry(0.9, "pod/c", "created"), entry(1.1, "pod/d", "created")
            ) == ["3 pods created", "replicaset/r created", "pod/d created"])
    }

    @Test("what happens again and again is on the line of the first time, with how often")
    func again() {
        #expect(
            folded(
                entry(0, "pod/a", "waiting", .repeating), entry(1, "pod/b", "waiting", .repeating),
                entry(2, "pod/a", "waiting", .repeating), entry(3, "pod/a", "waiting", .repeating)
            ) == ["pod/a waiting, 3 times", "pod/b waiting"])
    }

    @Test("what happens in every rollout is left out, and so is that a new pod is not ready yet")
    func routine() {
        #expect(
            folded(
                entry(0, "pod/a", "scheduled", .routine), entry(0, "pod/a", "not ready", .repeating),
                entry(1, "pod/a", "ready", .repeating), entry(2, "pod/a", "not ready", .repeating)
            ) == ["pod/a ready", "pod/a not ready"])
    }

    @Test("every event of a recording has its words")
    func words() async throws {
        let ledger = try await recordedLedger()
        var types: Set<EventType> = []
        for try await event in ledger.ledger.events() {
            let item = try EventItem(event, in: ledger.ledger)
            types.insert(event.event.type)
            #expect(!item.text.text.isEmpty && item.text.text != event.event.type.rawValue, "\(event.event.type)")
        }
        #expect(types.count > 20)
    }
}
