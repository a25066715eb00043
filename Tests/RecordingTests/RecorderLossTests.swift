import EventLedger
import Foundation
import KubernetesClient
import RolloutModel
import ShipslogTesting
import Testing

@testable import Recording

/// What a recorder cannot read, cannot place or may not write, and how it goes on.
@Suite struct RecorderLossTests {
    private let temporary: TemporaryLedger
    private var ledger: Ledger { temporary.ledger }

    private static let pods = RecordedSource(.pods, namespace: "shop")
    private static let replicaSets = RecordedSource(.replicaSets, namespace: "shop")

    init() throws { temporary = try TemporaryLedger() }

    private func recorder() throws -> Recorder {
        let ledger = ledger
        return try Recorder(
            cluster: "prod", memory: ledger.memory(of: "recorder"),
            now: { Timestamp(microseconds: 1_800_000_000_000_000) }, catchUpTime: .zero,
            append: {
                _ = try await ledger.append($0, remembering: RecorderMemory(recorder: "recorder", changes: $1))
            })
    }

    private func record(_ changes: [(Change, RecordedSource)], by recorder: Recorder) async throws {
        for (change, source) in changes { try await recorder.take(change, from: source) }
        try await recorder.finish()
    }

    private static func object(_ line: String) throws -> KubernetesObject {
        let object = try CanonicalJSON.decode(JSONValue.self, from: Data(line.utf8))["object"]
        return try KubernetesObject(json: try CanonicalJSON.encode(object))
    }

    private static func pod(_ name: String, _ version: Int, owner: String? = nil) throws -> KubernetesObject {
        try object(Lines.pod(name, uid: "uid-\(name)", version: version, owner: owner))
    }

    private static func unreadable(_ name: String, _ version: Int) throws -> KubernetesObject {
        let metadata =
            #"{"name":"\#(name)","namespace":"shop","uid":"uid-\#(name)","resourceVersion":"\#(version)"}"#
        return try KubernetesObject(json: Data(#"{"kind":"Pod","metadata":\#(metadata),"spec":{}}"#.utf8))
    }

    private func events() async throws -> [Event] {
        var events: [Event] = []
        for try await recorded in ledger.events() { events.append(recorded.event) }
        return events
    }

    private static func gaps(_ events: [Event]) throws -> [RecordingGap] {
        try events.compactMap { if case .recordingGap(let gap) = try $0.fact() { gap } else { nil } }
    }

    @Test("an object that cannot be read is a gap and a warning, and the others are recorded")
    func unreadable() async throws {
        let first = try recorder()
        try await record(
            [
                (.listing, Self.pods), (.listed([try Self.pod("a", 1), try Self.unreadable("b", 2)]), Self.pods),
                (.synced(resourceVersion: "3"), Self.pods),
                (.changed(.modified, try Self.unreadable("a", 4)), Self.pods),
                (.changed(.added, try Self.pod("c", 5)), Self.pods),
                (.changed(.deleted, try Self.unreadable("a", 6)), Self.pods),
            ], by: first)
        let reasons = [
            "b cannot be read at version 2", "a cannot be read at version 4", "a cannot be read at version 6",
        ]
        .map { "Pod \($0): object.spec.containers is missing." }
        let told = try await events()
        #expect(
            told.told == [
                "pod/a pod.created", "recording/pods recording.gap", "recording/pods recording.gap",
                "pod/c pod.created",
                "recording/pods recording.gap", "pod/a pod.deleted (inferred)",
            ])
        #expect(try Self.gaps(told) == reasons.map { RecordingGap(resource: "pods", reason: $0) })
        #expect(await first.takeStatus().warnings == reasons)
        #expect(await first.takeStatus().warnings == [])
        #expect(await first.takeStatus().gaps == 3)

        // Told again, it is the same gap; and what cannot be read has not vanished.
        let second = try recorder()
        #expect(await second.place(of: Self.pods) == "6")
        try await record(
            [
                (.changed(.deleted, try Self.unreadable("a", 6)), Self.pods),
                (.gap(.init(reason: .expired, lastVersion: "6")), Self.pods), (.listing, Self.pods),
                (.listed([try Self.unreadable("c", 9)]), Self.pods), (.synced(resourceVersion: "10"), Self.pods),
            ], by: second)
        #expect(
            try await events().dropFirst(told.count).map(\.type.rawValue) == ["recording.gap", "recording.gap"])
    }

    @Test("an event that the ledger refuses is a gap and a warning, and the others are recorded")
    func refused() async throws {
        let other = try RecorderLossTests()
        let objects = try ["a", "b", "c", "d"].enumerated().map { try Self.pod($1, $0 + 1) }
        let changes = [
            (Change.listing, Self.pods), (.listed(objects), Self.pods), (.synced(resourceVersion: "5"), Self.pods),
        ]
        try await other.record(changes, by: try other.recorder())
        let event = try #require(try await other.events().first { $0.stream.name == "b" })
        let forged = try Event(
            id: event.id, stream: event.stream,
            fact: .podDeleted(.init(object: try #require(try event.fact().object))), occurredAt: event.occurredAt,
            origin: .import)
        _ = try await ledger.append([forged])

        let recorder = try recorder()
        try await record(changes, by: recorder)
        let reason =
            "The ledger refused pod.created of pod/b: There is an event with the id \(event.id) that says something else."
        let told = try await events()
        #expect(
            told.told == [
                "pod/b pod.deleted", "pod/a pod.created", "recording/pods recording.gap", "pod/c pod.created",
                "pod/d pod.created",
            ])
        #expect(try Self.gaps(told) == [RecordingGap(resource: "pods", reason: reason)])
        let status = await recorder.takeStatus()
        #expect(status.warnings == [reason])
        #expect(status.gaps == 1)
        #expect(try ledger.memory(of: "recorder")["place/pods/shop"] == Data(#""5""#.utf8))
        #expect(try ledger.verify().isSound)
    }

    @Test("a pod waits for its ReplicaSet as long as that can come, and is then recorded under the one it names")
    func orphans() async throws {
        let first = try recorder()
        try await record(
            [
                (.listing, Self.replicaSets), (.synced(resourceVersion: "10"), Self.replicaSets),
                (.listing, Self.pods),
                (.listed([try Self.pod("old", 9, owner: "gone"), try Self.pod("new", 12, owner: "rs")]), Self.pods),
                (.synced(resourceVersion: "13"), Self.pods),
            ], by: first)
        #expect(try await events().told == ["replicaset/web-1 pod.created"])
        // What waits is in memory only.
        #expect(try ledger.memory(of: "recorder")["place/pods/shop"] == nil)

        try await record(
            [
                (.changed(.added, try Self.object(Lines.replicaSet(uid: "rs", version: 11))), Self.replicaSets),
                (.changed(.added, try Self.pod("late", 15, owner: "lost")), Self.pods),
                (.bookmark(resourceVersion: "14"), Self.replicaSets),
            ], by: first)
        let deployment = ["deployment/web replicaset.created", "deployment/web pod.created"]
        #expect(try await events().told == ["replicaset/web-1 pod.created"] + deployment)

        try await record([(.bookmark(resourceVersion: "15"), Self.replicaSets)], by: first)
        #expect(
            try await events().told == ["replicaset/web-1 pod.created"] + deployment + ["replicaset/web-1 pod.created"])
        // So the next one goes on where this one was, without a gap.
        try await record([(.bookmark(resourceVersion: "16"), Self.pods)], by: first)
        let second = try recorder()
        #expect(await second.place(of: Self.pods) == "16")
        #expect(await second.place(of: Self.replicaSets) == "15")
        #expect(try Self.gaps(await events()) == [])
    }
}
