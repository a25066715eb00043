import EventLedger
import Foundation
import RolloutModel
import ShipslogTesting
import Testing

@Suite struct ReadingTests {
    /// 700 events, more than two pages, over three streams.
    static func filled() async throws -> (TemporaryLedger, [RecordedEvent]) {
        let temporary = try TemporaryLedger()
        let streams = [Sample.web, Sample.api, Sample.recorder]
        _ = try await temporary.ledger.append(
            (1...700).map { number in
                var event = Sample.gap(
                    number, in: streams[number % 3],
                    actor: number % 5 == 0 ? Actor(name: "user\(number % 2)", evidence: .audit) : nil,
                    rollout: number % 7 == 0 ? Sample.id(10_000 + number % 2) : nil
                )
                event.type = EventType(rawValue: "test.type\(number % 4)")
                // Not in the order of the log.
                event.occurredAt = Timestamp(microseconds: Int64((number * 37) % 701))
                return event
            })
        return (temporary, try await Array(temporary.ledger.events()))
    }

    @Test("what somebody did is found by the event's own word and by every attribution, in the order of the log, once")
    func attributed() async throws {
        let temporary = try TemporaryLedger()
        let deeds = (1...600).map { number in
            Sample.gap(
                number, in: number % 2 == 0 ? Sample.web : Sample.api,
                actor: number % 3 == 0 ? Actor(name: "alice", evidence: .audit) : nil
            )
        }
        _ = try await temporary.ledger.append(deeds)
        func attribution(_ number: Int, of event: Int, to name: String, _ confidence: ActorAttributed.Confidence)
            throws -> Event
        {
            let fact = ActorAttributed(
                event: Sample.id(event), actor: Actor(name: name, evidence: .audit), auditID: "\(number)", groups: [],
                sourceIPs: [], confidence: confidence
            )
            return try Event(
                id: Sample.id(1_000 + number), stream: deeds[event - 1].stream, fact: .actorAttributed(fact),
                occurredAt: deeds[event - 1].occurredAt, origin: .audit
            )
        }
        // The newest first, some twice, some of what was known.
        let told = Array((200...400).reversed()) + [250, 300]
        var attributions = try told.enumerated().map { try attribution($0, of: $1, to: "alice", .exact) }
        attributions.append(try attribution(900, of: 399, to: "bob", .inferred))
        attributions.append(try attribution(901, of: 10, to: "bob", .inferred))
        _ = try await temporary.ledger.append(attributions)

        let mine = (1...600).filter { $0 % 3 == 0 || (200...400).contains($0) }
        func positions(_ query: EventQuery) async throws -> [Int] {
            try await Array(temporary.ledger.events(query)).map { Int($0.position.rawValue) }
        }
        #expect(try await positions(EventQuery(actor: "alice")) == mine)
        #expect(try await positions(EventQuery(actor: "alice", isBackwards: true)) == mine.reversed())
        #expect(
            try await positions(EventQuery(streams: [Sample.web], actor: "alice")) == mine.filter { $0 % 2 == 0 })
        #expect(try await positions(EventQuery(actor: "bob")) == [10, 399])

        let all = try await Array(temporary.ledger.events())
        let best = try [9, 10, 11, 250, 399].map { try temporary.ledger.actor(of: all[$0 - 1])?.name }
        #expect(best == ["alice", "bob", nil, "alice", "alice"])
        #expect(try temporary.ledger.attributions(of: Sample.id(250)).map(\.auditID) == ["201", "150"])
        #expect(try temporary.ledger.verify().isSound)
    }

    @Test("a query gives what matches all its parts, forwards and backwards, and no more than it asks for")
    func queries() async throws {
        let (temporary, all) = try await Self.filled()
        let type = EventType(rawValue: "test.type1")
        let queries: [(EventQuery, (RecordedEvent) -> Bool)] = [
            (EventQuery(), { _ in true }),
            (EventQuery(after: 300), { $0.position > 300 }),
            (EventQuery(after: 300, through: 420), { $0.position > 300 && $0.position <= 420 }),
            (EventQuery(streams: [Sample.web]), { $0.event.stream == Sample.web }),
            (EventQuery(streams: [Sample.web, Sample.api]), { $0.event.stream != Sample.recorder }),
            (EventQuery(streams: [Sample.stream("no/such/pod/x")]), { _ in false }),
            (EventQuery(types: [type]), { $0.event.type == type }),
            (EventQuery(types: [EventType(rawValue: "test.none")]), { _ in false }),
            (EventQuery(rollout: Sample.id(10_001)), { $0.event.rollout == Sample.id(10_001) }),
            (EventQuery(actor: "user1"), { $0.event.actor?.name == "user1" }),
            (
                EventQuery(since: Timestamp(microseconds: 100), until: Timestamp(microseconds: 200)),
                { (100...200).contains($0.event.occurredAt.microseconds) }
            ),
            (EventQuery(since: Timestamp(microseconds: 9_999)), { _ in false }),
            (
                EventQuery(after: 50, streams: [Sample.web], types: [type], until: Timestamp(microseconds: 600)),
                {
                    $0.position > 50 && $0.event.stream == Sample.web && $0.event.type == type
                        && $0.event.occurredAt.microseconds <= 600
                }
            ),
        ]
        for (query, matches) in queries {
            let expected = all.filter(matches)
            #expect(try await Array(temporary.ledger.events(query)) == expected)
            var backwards = query
            backwards.isBackwards = true
            #expect(try await Array(temporary.ledger.events(backwards)) == expected.reversed())
            for limit in [0, 1, 300] {
                var limited = backwards
                limited.limit = limit
                #expect(try await Array(temporary.ledger.events(limited)) == Array(expected.reversed().prefix(limit)))
            }
        }
    }

    @Test(
        "a place is found whether it has few streams or many, and a list of streams may be longer than SQLite's",
        arguments: [3, 300])
    func places(count: Int) async throws {
        let temporary = try TemporaryLedger()
        let events = (1...600).map { number in
            let place = number % 4 == 0 ? "prod/cart" : number % 4 == 1 ? "test/shop" : "prod/shop"
            return Sample.gap(number, in: Sample.stream("\(place)/deployment/web-\(number / 4 % count)"))
        }
        _ = try await temporary.ledger.append(events)
        let all = try await Array(temporary.ledger.events())
        let none = (1...40_000).map { Sample.stream("prod/shop/deployment/none-\($0)") }
        let queries: [(EventQuery, (StreamName) -> Bool)] = [
            (EventQuery(namespace: "shop"), { $0.namespace == "shop" }),
            (EventQuery(cluster: "prod"), { $0.cluster == "prod" }),
            (EventQuery(cluster: "prod", namespace: "shop"), { $0.cluster == "prod" && $0.namespace == "shop" }),
            (EventQuery(cluster: "test", namespace: "cart"), { _ in false }),
            (EventQuery(streams: none + Set(all.map(\.event.stream))), { _ in true }),
        ]
        for (query, matches) in queries {
            var query = query
            #expect(try await Array(temporary.ledger.events(query)) == all.filter { matches($0.event.stream) })
            (query.isBackwards, query.limit) = (true, 5)
            #expect(
                try await Array(temporary.ledger.events(query))
                    == Array(all.reversed().filter { matches($0.event.stream) }.prefix(5)))
        }
    }

    @Test("reading ends with the events that were there when it began")
    func endsThere() async throws {
        let (temporary, all) = try await Self.filled()
        var iterator = temporary.ledger.events().makeAsyncIterator()
        var read = [try #require(try await iterator.next())]
        _ = try await temporary.ledger.append([Sample.gap(701, in: Sample.web)])
        while let event = try await iterator.next() { read.append(event) }
        #expect(read == all)
    }

    @Test("streams are found by their parts, in the order of their names")
    func streams() async throws {
        let (temporary, _) = try await Self.filled()
        let ledger = temporary.ledger
        #expect(try ledger.streams() == [Sample.api, Sample.web, Sample.recorder])
        #expect(try ledger.streams(kind: "deployment") == [Sample.api, Sample.web])
        #expect(try ledger.streams(cluster: "prod", namespace: "shop", kind: "deployment", name: "web") == [Sample.web])
        #expect(try ledger.streams(cluster: "test").isEmpty)
        #expect(
            try ledger.state(of: Sample.stream("no/such/deployment/x"))
                == SubjectState(of: Sample.stream("no/such/deployment/x")))
    }

    @Test(
        "a follower gets what is there, then what another ledger appends, and ends when it is cancelled",
        .timeLimit(.minutes(5)))
    func follow() async throws {
        let temporary = try TemporaryLedger()
        _ = try await temporary.ledger.append((1...3).map { Sample.gap($0, in: Sample.web) })
        let reader = try Ledger.open(at: temporary.path, mode: .readOnly)
        let (seen, continuation) = AsyncStream.makeStream(of: Position.self)
        let follower = Task {
            for try await event in reader.follow(after: 1) { continuation.yield(event.position) }
        }

        var positions = seen.makeAsyncIterator()
        #expect(await positions.next() == 2)
        #expect(await positions.next() == 3)
        for number in 4...8 {
            _ = try await temporary.ledger.append([Sample.gap(number, in: Sample.web)])
            #expect(await positions.next() == Position(rawValue: Int64(number)))
        }

        follower.cancel()
        await #expect(throws: CancellationError.self) { try await follower.value }
    }

    @Test("what is appended while a follower reads older events is not missed", .timeLimit(.minutes(5)))
    func followAcrossAppends() async throws {
        let temporary = try TemporaryLedger()
        _ = try await temporary.ledger.append((1...3).map { Sample.gap($0, in: Sample.web) })
        let reader = try Ledger.open(at: temporary.path, mode: .readOnly)
        var iterator = reader.follow(after: 0).makeAsyncIterator()
        #expect(try await iterator.next()?.position == 1)
        _ = try await temporary.ledger.append([Sample.gap(4, in: Sample.web)])
        for position in 2...4 { #expect(try await iterator.next()?.position == Position(rawValue: Int64(position))) }
    }

    @Test("what another process appends comes in the order of the log, each event once", .timeLimit(.minutes(5)))
    func followOtherProcess() async throws {
        let temporary = try TemporaryLedger()
        let reader = try Ledger.open(at: temporary.path, mode: .readOnly)
        let ids = Workload(name: "port").ids(ofBatches: 400).joined()
        let other = try ProcessRun([workloadProgram, temporary.path, "port", "400", "400"])
        var followed: [EventID] = []
        for try await event in reader.follow(after: 0).prefix(ids.count) { followed.append(event.event.id) }
        #expect(followed == Array(ids))
        #expect(other.finish().status == 0)
    }
}
