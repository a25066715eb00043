import EventLedger
import Foundation
import RolloutModel
import ShipslogTesting
import Testing

@Suite struct AppendTests {
    let temporary: TemporaryLedger
    var ledger: Ledger { temporary.ledger }

    init() throws { temporary = try TemporaryLedger() }

    @Test("appended events are read back in order, with gapless positions and versions")
    func roundTrip() async throws {
        let engine = Actor(name: "alice", evidence: .engine)
        let events = [
            Sample.gap(1, in: Sample.recorder), Sample.gap(2, in: Sample.web, actor: engine, rollout: Sample.id(99)),
            Sample.gap(3, in: Sample.recorder, reason: "Überfahrt 🚢"),
        ]

        let positions = try await ledger.append(events)

        #expect(positions == [1, 2, 3])
        let read = try await Array(ledger.events())
        #expect(read.map(\.event) == events)
        #expect(read.map(\.position) == [1, 2, 3])
        #expect(read.map(\.version) == [1, 1, 2])
        #expect(Set(read.map(\.recordedAt)).count == 1)
        #expect(try ledger.head().size == 3)
    }

    @Test("an append that is tried again returns the first positions, before any condition is judged")
    func retry() async throws {
        let events = [Sample.gap(1, in: Sample.web), Sample.gap(2, in: Sample.web)]
        let first = try await ledger.append(events, if: [.noStream(Sample.web)])
        _ = try await ledger.append([Sample.gap(3, in: Sample.web)])
        let head = try ledger.head()

        #expect(try await ledger.append(events, if: [.noStream(Sample.web)]) == first)
        #expect(try await ledger.append(events.reversed()) == first.reversed())
        #expect(try ledger.head() == head)
    }

    @Test("another observer of the same fact may differ in time, actor and origin")
    func sameFactSeenTwice() async throws {
        let event = Sample.gap(1, in: Sample.web)
        var seenElsewhere = event
        seenElsewhere.occurredAt = Timestamp(microseconds: 5)
        seenElsewhere.actor = Actor(name: "kubectl", evidence: .fieldManager)
        seenElsewhere.origin = .audit
        seenElsewhere.isInferred = true

        #expect(try await ledger.append([event]) == [1])
        #expect(try await ledger.append([seenElsewhere]) == [1])
        #expect(try await Array(ledger.events()).map(\.event) == [event])
    }

    @Test("of known and new events in one append only the new ones are appended, and each gets its position")
    func mixed() async throws {
        let old = Sample.gap(1, in: Sample.web)
        let new = Sample.gap(2, in: Sample.web)
        _ = try await ledger.append([old])

        #expect(try await ledger.append([new, old, new, Sample.gap(3, in: Sample.api)]) == [2, 1, 2, 3])
        #expect(try ledger.head().size == 3)
    }

    @Test(
        "an id that says something else is refused by name, and nothing of the append is kept",
        arguments: [true, false])
    func sameIdOtherContent(isInOneAppend: Bool) async throws {
        let first = Sample.gap(1, in: Sample.web)
        var other = first
        other.payload = Data("{}".utf8)
        if !isInOneAppend { _ = try await ledger.append([first]) }
        let before = try ledger.head()

        let batch = [Sample.gap(2, in: Sample.web)] + (isInOneAppend ? [first, other] : [other])
        let error = await #expect(throws: ShipslogError.self) { _ = try await ledger.append(batch) }

        #expect(error?.code == .conflict)
        #expect(error?.message.contains(first.id.description) == true)
        #expect(try ledger.head() == before)
    }

    @Test(
        "conditions that hold let an append through; one that does not leaves nothing",
        arguments: [
            (AppendCondition.noStream(Sample.api), true), (.noStream(Sample.web), false),
            (.streamExists(Sample.web), true), (.streamExists(Sample.api), false),
            (.version(Sample.web, 2), true), (.version(Sample.web, 1), false), (.version(Sample.api, 0), true),
            (.noEvents(matching: EventFilter(streams: [Sample.web]), after: 2), true),
            (.noEvents(matching: EventFilter(streams: [Sample.web]), after: 1), false),
            (.noEvents(matching: EventFilter(types: [EventType(rawValue: "test.other")]), after: 0), true),
            (.noEvents(matching: EventFilter(types: [EventType(rawValue: "test.happened")]), after: 0), false),
            (.noEvents(matching: EventFilter(rollout: Sample.id(99)), after: 0), false),
            (.noEvents(matching: EventFilter(rollout: Sample.id(98)), after: 0), true),
            (.noEvents(matching: EventFilter(), after: 3), true),
        ])
    func conditions(condition: AppendCondition, holds: Bool) async throws {
        let rollout = Sample.id(99)
        _ = try await ledger.append([
            Sample.gap(1, in: Sample.web), Sample.gap(2, in: Sample.web),
            Sample.gap(3, in: Sample.recorder, rollout: rollout),
        ])
        let before = try ledger.head()
        let events = [Sample.gap(4, in: Sample.recorder), Sample.gap(5, in: Sample.api)]

        if holds {
            #expect(try await ledger.append(events, if: [condition]) == [4, 5])
        } else {
            let error = await #expect(throws: ShipslogError.self) {
                _ = try await ledger.append(events, if: [condition])
            }
            #expect(error?.code == .conflict)
            #expect(try ledger.head() == before)
            #expect(try await ledger.append(events) == [4, 5])
        }
        #expect(try ledger.verify().isSound)
    }

    @Test("an append of no events, or of more than 10,000, is refused", arguments: [0, 10_001])
    func counts(count: Int) async throws {
        let event = Sample.gap(1, in: Sample.web)
        let error = await #expect(throws: ShipslogError.self) {
            _ = try await ledger.append(Array(repeating: event, count: count))
        }
        #expect(error?.code == .invalidArgument)
    }

    @Test("an event whose envelope is too large is refused, and a large payload is not")
    func sizes() async throws {
        let huge = Sample.gap(
            1, in: Sample.web, actor: Actor(name: String(repeating: "x", count: 65_536), evidence: .audit))
        let error = await #expect(throws: ShipslogError.self) { _ = try await ledger.append([huge]) }
        #expect(error?.code == .invalidArgument)

        let large = Sample.gap(2, in: Sample.web, reason: String(repeating: "x", count: 3_000_000))
        #expect(try await ledger.append([large]) == [1])
        #expect(try await Array(ledger.events()).map(\.event) == [large])
    }

    @Test("an event of a known type whose payload has another shape is refused; one of an unknown type is kept")
    func payloads() async throws {
        var event = Sample.gap(1, in: Sample.web)
        event.type = EventType(rawValue: "pod.created")
        let error = await #expect(throws: ShipslogError.self) { _ = try await ledger.append([event]) }
        #expect(error?.code == .invalidArgument)

        #expect(try await ledger.append([Sample.gap(2, in: Sample.web)]) == [1])
        // As in the projections, it changes nothing.
        #expect(try ledger.state(of: Sample.web) == SubjectState(of: Sample.web))
    }

    @Test("concurrent appends share transactions, and one that is refused does not keep back the others")
    func groupCommit() async throws {
        let outcomes = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<400 {
                group.addTask {
                    let condition = AppendCondition.version(Sample.api, number.isMultiple(of: 4) ? 7 : 0)
                    return (try? await ledger.append([Sample.gap(number, in: Sample.web)], if: [condition])) != nil
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }

        let events = try await Array(ledger.events())
        #expect(outcomes == 300)
        #expect(events.count == 300)
        #expect(events.map(\.version) == Array(1...300))
        // The clock is looked at once for each transaction.
        #expect(Set(events.map(\.recordedAt)).count < 300)
        #expect(try ledger.verify().isSound)
    }
}
