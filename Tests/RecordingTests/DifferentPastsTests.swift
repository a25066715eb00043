import Foundation
import RolloutModel
import ShipslogTesting
import Testing

@testable import Recording

/// Several observers of one cluster, of which one saw everything, and others began later or were away for a while.
@Suite struct DifferentPastsTests {
    /// What the watches of the recording told, merged.
    private static func recording() async throws -> [(resource: String, event: WatchEvent)] {
        var streams = try await MergedFiles<WatchStreamReader, ResourceVersion>(
            paths: Fixtures.watchStreams(of: "kubernetes-1.20"), isStrict: true, order: \.version)
        var lines: [(String, WatchEvent)] = []
        while let line = try await streams.next() {
            // To whose history a hint goes depends on what was seen before.
            if line.event.metadata != nil { lines.append((line.resource, line.event)) }
        }
        return lines
    }

    /// One who watches now and then, and lists what there is when it comes back.
    private struct Visitor {
        var observer = Observer(cluster: "prod", origin: .recorder)
        var isAway = true
        private var hasSeen = false

        mutating func comeBack(_ living: [WatchEvent]) throws -> [Event] {
            isAway = false
            defer { hasSeen = true }
            var events: [Event] = []
            // Owners first, as the recorder lists them.
            for resource in ["deployments", "replicasets", "services", "endpointslices", "pods"] {
                if hasSeen {
                    let gap = RecordingGap(resource: resource, reason: "away")
                    events.append(try observer.gapEvent(gap, in: "shop", receivedAt: Timestamp(microseconds: 0)))
                    observer.beginList(of: resource)
                }
                for line in living where Observer.resource(ofKind: line.version?.kind ?? "") == resource {
                    events += try observer.observe(WatchEvent(type: .added, object: line.object))
                }
                if hasSeen { events += try observer.endList(of: resource) }
            }
            return events
        }
    }

    /// Where two states differ, but for positions in the log, of which the other has more.
    private static func differences(_ one: SubjectState, _ other: SubjectState?) throws -> [String] {
        func differences(_ path: String, _ one: JSONValue?, _ other: JSONValue?) -> [String] {
            if path.lowercased().hasSuffix("position") || one == other { return [] }
            switch (one, other) {
            case (.object(let left), .object(let right)):
                return Set(left.keys).union(right.keys).sorted().flatMap {
                    differences("\(path).\($0)", left[$0], right[$0])
                }
            case (.array(let left), .array(let right)) where left.count == right.count:
                return zip(left, right).enumerated().flatMap { differences("\(path)[\($0)]", $1.0, $1.1) }
            default:
                return ["\(path): \(String(describing: one)) \(String(describing: other))"]
            }
        }
        func json(_ state: SubjectState?) throws -> JSONValue {
            try CanonicalJSON.decode(JSONValue.self, from: CanonicalJSON.encode(state))
        }
        return differences("", try json(one), try json(other))
    }

    @Test(
        "observers with different pasts never give one id to different facts, and together they tell what one tells who saw everything",
        arguments: Array(1...6))
    func together(seed: Int) async throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        var witness = Observer(cluster: "prod", origin: .recorder)
        var visitor = Visitor()
        var living: [String: WatchEvent] = [:]
        let (alone, both) = (FoldedHistory(), FoldedHistory())
        var facts: [EventID: Event] = [:]
        func note(_ events: [Event]) {
            for event in events {
                if let known = facts.updateValue(event, forKey: event.id) {
                    #expect(
                        known.type == event.type && known.payload == event.payload, "\(event.type) of \(event.stream)")
                }
            }
        }
        for (_, line) in try await Self.recording() {
            let seen = try witness.observe(line)
            note(seen)
            try await alone.append(seen)
            try await both.append(seen)
            let uid = line.metadata?.uid ?? ""
            living[uid] = line.type == .deleted ? nil : line
            if Int.random(in: 0..<60, using: &generator) == 0 {
                if visitor.isAway {
                    let events = try visitor.comeBack(living.sorted { $0.key < $1.key }.map(\.value))
                    note(events)
                    try await both.append(events)
                } else {
                    visitor.isAway = true
                }
            } else if !visitor.isAway {
                let events = try visitor.observer.observe(line)
                note(events)
                try await both.append(events)
            }
        }
        try await Self.expect(both, toTellAs: alone)
    }

    @Test(
        "what two recorders have that were away by turns, merged afterwards, tells what one tells who saw everything",
        arguments: Array(1...6))
    func mergedAfterwards(seed: Int) async throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        var witness = Observer(cluster: "prod", origin: .recorder)
        var visitors = [Visitor(), Visitor()]
        let alone = FoldedHistory()
        let histories = [FoldedHistory(), FoldedHistory()]
        var living: [String: WatchEvent] = [:]
        try await histories[0].append(visitors[0].comeBack([]))
        for (_, line) in try await Self.recording() {
            try await alone.append(witness.observe(line))
            let uid = line.metadata?.uid ?? ""
            living[uid] = line.type == .deleted ? nil : line
            let turned = Int.random(in: 0..<60, using: &generator)
            for index in visitors.indices {
                let isOther = !visitors[1 - index].isAway
                if turned == index, visitors[index].isAway {
                    let present = living.sorted { $0.key < $1.key }.map(\.value)
                    try await histories[index].append(visitors[index].comeBack(present))
                } else if turned == index, isOther {
                    visitors[index].isAway = true
                } else if !visitors[index].isAway {
                    try await histories[index].append(visitors[index].observer.observe(line))
                }
            }
        }
        let merged = FoldedHistory()
        var both = MergedHistories([Self.sequence(await histories[0].events), Self.sequence(await histories[1].events)])
        while let (_, recorded) = try await both.next() { try await merged.append([recorded.event]) }
        try await Self.expect(merged, toTellAs: alone)
    }

    private static func sequence(_ events: [RecordedEvent]) -> AsyncStream<RecordedEvent> {
        AsyncStream { continuation in
            for event in events { continuation.yield(event) }
            continuation.finish()
        }
    }

    private static func expect(_ history: FoldedHistory, toTellAs other: FoldedHistory) async throws {
        let (expected, found) = (await other.states, await history.states)
        for (stream, state) in expected where stream.kind != "recording" {
            let difference = try differences(state, found[stream])
            #expect(difference == [], "\(stream)")
        }
        let streams = Set(await other.rollouts.keys.map(\.stream))
        for stream in streams {
            let (one, two) = (await other.rollouts(of: stream), await history.rollouts(of: stream))
            #expect(two.map(\.summary) == one.map(\.summary), "\(stream)")
        }
    }
}

extension WatchEvent {
    fileprivate var version: ObjectVersion? {
        switch object {
        case .deployment(let object): object.observed().version
        case .replicaSet(let object): object.observed().version
        case .pod(let object): object.observed().version
        case .service(let object): object.observed().version
        case .endpointSlice(let object): object.observed().version
        default: nil
        }
    }
}

extension Rollout {
    fileprivate var summary: String {
        "\(number) \(kind) \(fromImages) \(toImages) \(outcome) \(restores ?? 0) \(diagnosis ?? "") \(startedAt) \(String(describing: endedAt))"
    }
}
