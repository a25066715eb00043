import Foundation
import KubernetesClient
import RolloutModel
import ShipslogTesting
import Synchronization
import Testing

@testable import Recording

@Suite struct RecorderTests {
    private static let now: @Sendable () -> Timestamp = { Timestamp(microseconds: 1_800_000_000_000_000) }

    /// What a ledger would keep.
    private final class Kept: Sendable {
        private let state = Mutex<(events: [Event], memory: [String: Data], failures: [ShipslogError])>(([], [:], []))

        var events: [Event] { state.withLock { $0.events } }
        var memory: [String: Data] { state.withLock { $0.memory } }

        /// Makes the next writings fail, one for each error.
        func fail(with errors: [ShipslogError]) { state.withLock { $0.failures = errors } }

        func recorder(catchingUp: Duration = .zero, patience: Duration = .zero) throws -> Recorder {
            try Recorder(
                cluster: "prod", memory: memory, now: RecorderTests.now, retryPause: .milliseconds(1),
                patience: patience, catchUpTime: catchingUp
            ) { events, memory in
                try self.state.withLock { state in
                    if let failure = state.failures.first {
                        state.failures.removeFirst()
                        throw failure
                    }
                    state.events += events
                    state.memory.merge(memory.compactMapValues { $0 }) { $1 }
                    for (key, value) in memory where value == nil { state.memory[key] = nil }
                }
            }
        }
    }

    /// The changes of a recording, in the order of their versions, each with its source.
    private static func changes() throws -> [(Change, RecordedSource)] {
        let resources: [String: Resource] = [
            "deployments": .deployments, "replicasets": .replicaSets, "pods": .pods, "services": .services,
            "endpointslices": .betaEndpointSlices,
        ]
        return try Fixtures.watchStreams(of: "kubernetes-1.20").flatMap { path -> [(Change, RecordedSource)] in
            let name = URL(filePath: path).lastPathComponent.prefix { $0 != "." }
            guard let resource = resources[String(name)] else { return [] }
            return try Data(contentsOf: URL(filePath: path)).split(separator: UInt8(ascii: "\n")).compactMap { line in
                guard let object = try CanonicalJSON.decode(JSONValue.self, from: Data(line))["object"],
                    let type = try CanonicalJSON.decode(JSONValue.self, from: Data(line))["type"]?.string,
                    let kind = Change.Kind(rawValue: type)
                else { return nil }
                let read = try KubernetesObject(json: try CanonicalJSON.encode(object))
                return (.changed(kind, read), RecordedSource(resource))
            }
        }
        .sorted { version($0.0) < version($1.0) }
    }

    private static func version(_ change: Change) -> Int {
        if case .changed(_, let object) = change { return Int(object.resourceVersion) ?? 0 }
        return 0
    }

    private static func statements(_ events: [Event]) -> Set<String> {
        Set(events.map { "\($0.id) \($0.stream) \($0.type.rawValue) \(String(decoding: $0.payload, as: UTF8.self))" })
    }

    private static func pod(_ name: String, _ version: Int, in namespace: String = "shop") throws -> KubernetesObject {
        let metadata =
            #"{"name":"\#(name)","namespace":"\#(namespace)","uid":"uid-\#(name)","resourceVersion":"\#(version)"}"#
        return try KubernetesObject(
            json: Data(#"{"apiVersion":"v1","kind":"Pod","metadata":\#(metadata),"spec":{"containers":[]}}"#.utf8))
    }

    @Test("a recorder that is killed again and again records what one does that never was", arguments: [UInt64(1), 2])
    func restarts(seed: UInt64) async throws {
        let changes = try Self.changes()
        #expect(changes.count > 900)
        let whole = Kept()
        let undisturbed = try whole.recorder()
        for (change, source) in changes { try await undisturbed.take(change, from: source) }
        try await undisturbed.finish()

        var random = SeededGenerator(seed: seed)
        let kept = Kept()
        var recorder = try kept.recorder()
        var kills = 0
        var index = 0
        while index < changes.count {
            try await recorder.take(changes[index].0, from: changes[index].1)
            index += 1
            guard Int.random(in: 0..<50, using: &random) == 0 else { continue }
            kills += 1
            // What is not written by now is lost with the process. The next one is told again what came after its places.
            if Bool.random(using: &random) { try await recorder.finish() }
            recorder = try kept.recorder()
            var told: [RecordedSource: Int] = [:]
            for source in Set(changes.map(\.1)) {
                told[source] = Int(await recorder.place(of: source) ?? "0") ?? 0
            }
            for (change, source) in changes.prefix(index) where Self.version(change) > told[source] ?? 0 {
                try await recorder.take(change, from: source)
            }
        }
        try await recorder.finish()
        #expect(kills > 8)
        #expect(Self.statements(kept.events) == Self.statements(whole.events))
        #expect(kept.memory == whole.memory)
    }

    @Test(
        "a list after a time away is a gap with its bounds; what vanished in it is inferred, what stayed is not told again"
    )
    func gap() async throws {
        func pod(_ name: String, _ version: Int) throws -> KubernetesObject { try Self.pod(name, version) }
        let kept = Kept()
        let source = RecordedSource(.pods, namespace: "shop")
        let first = try kept.recorder()
        for change in [Change.listing, .listed([try pod("a", 1), try pod("b", 2)]), .synced(resourceVersion: "3")] {
            try await first.take(change, from: source)
        }
        try await first.finish()
        #expect(kept.events.map(\.type.rawValue).filter { $0 == "pod.created" }.count == 2)
        #expect(kept.events.allSatisfy { !$0.isInferred })
        let before = kept.events.count

        let second = try kept.recorder()
        #expect(await second.place(of: source) == "3")
        for change in [
            Change.gap(.init(reason: .expired, lastVersion: "3")), .listing,
            .listed([try pod("a", 1), try pod("c", 9)]),
            .synced(resourceVersion: "10"),
        ] {
            try await second.take(change, from: source)
        }
        try await second.finish()
        let news = kept.events.dropFirst(before)
        let gap = RecordingGap(
            resource: "pods", fromResourceVersion: "3", toResourceVersion: "10",
            reason: "410 Expired: too old resource version")
        #expect(try news.compactMap { if case .recordingGap(let gap) = try $0.fact() { gap } else { nil } } == [gap])
        #expect(news.filter { $0.type.rawValue == "pod.created" }.map(\.stream.name) == ["c"])
        #expect(news.filter { $0.type.rawValue == "pod.deleted" }.map(\.stream.name) == ["b"])
        #expect(news.filter { $0.type.rawValue != "recording.gap" }.allSatisfy { $0.isInferred })
        #expect(kept.memory.keys.sorted() == ["object/uid-a", "object/uid-c", "place/pods/shop"])
        #expect(await second.place(of: source) == "10")
    }

    @Test("an HTTPRoute is recorded as anything else: listed, changed, and found gone after a time away")
    func routes() async throws {
        func route(_ version: Int, _ weight: Int) throws -> KubernetesObject {
            try KubernetesObject(
                json: Data(
                    """
                    {"apiVersion":"gateway.networking.k8s.io/v1","kind":"HTTPRoute","metadata":{"name":"web",\
                    "namespace":"shop","uid":"r1","resourceVersion":"\(version)"},\
                    "spec":{"rules":[{"backendRefs":[{"name":"web","weight":\(weight)}]}]}}
                    """.utf8))
        }
        let kept = Kept()
        let source = RecordedSource(.httpRoutes, namespace: "shop")
        let first = try kept.recorder()
        for change in [
            Change.listing, .listed([try route(1, 100)]), .synced(resourceVersion: "3"),
            .changed(.modified, try route(4, 90)),
        ] {
            try await first.take(change, from: source)
        }
        try await first.finish()
        #expect(kept.memory.keys.sorted() == ["object/r1", "place/httproutes/shop"])

        let second = try kept.recorder()
        for change in [
            Change.gap(.init(reason: .expired, lastVersion: "4")), .listing, .listed([]), .synced(resourceVersion: "9"),
        ] {
            try await second.take(change, from: source)
        }
        try await second.finish()
        #expect(
            kept.events.map { "\($0.stream.subject) \($0.type)\($0.isInferred ? " (inferred)" : "")" } == [
                "httproute/web route.created", "httproute/web route.weights_changed",
                "recording/httproutes recording.gap", "httproute/web route.deleted (inferred)",
            ])
    }

    @Test("of two namespaces whose lists interleave, nothing that a list names has vanished")
    func interleavedLists() async throws {
        let kept = Kept()
        let shop = RecordedSource(.pods, namespace: "shop")
        let cart = RecordedSource(.pods, namespace: "cart")
        let pods = try [shop: [Self.pod("a", 1), Self.pod("b", 2)], cart: [Self.pod("c", 3, in: "cart")]]
        let first = try kept.recorder()
        for source in [shop, cart] {
            for change in [Change.listing, .listed(pods[source] ?? []), .synced(resourceVersion: "4")] {
                try await first.take(change, from: source)
            }
        }
        try await first.finish()
        let before = kept.events.count

        let second = try kept.recorder()
        let interleaved: [(Change, RecordedSource)] = [
            (.gap(.init(reason: .expired, lastVersion: "4")), shop),
            (.gap(.init(reason: .expired, lastVersion: "4")), cart),
            (.listing, shop), (.listed([try Self.pod("a", 1)]), shop),
            (.listing, cart), (.listed(pods[cart] ?? []), cart), (.synced(resourceVersion: "9"), shop),
            (.changed(.added, try Self.pod("d", 10)), shop), (.synced(resourceVersion: "11"), cart),
        ]
        for (change, source) in interleaved { try await second.take(change, from: source) }
        try await second.finish()
        let news = kept.events.dropFirst(before)
        #expect(news.filter { $0.type.rawValue == "pod.deleted" }.map(\.stream.name) == ["b"])
        // The list of the other namespace is no reason to doubt what a watch shows.
        #expect(news.filter { $0.stream.name == "d" }.allSatisfy { !$0.isInferred })
        #expect(news.filter { $0.type.rawValue == "recording.gap" }.map(\.stream.namespace) == ["shop", "cart"])
    }

    @Test("it tells how many watches are live, and the trouble of each until that one is over")
    func health() async throws {
        let kept = Kept()
        let (pods, services) = (RecordedSource(.pods, namespace: "shop"), RecordedSource(.services, namespace: "shop"))
        func interrupted(_ message: String) -> Change {
            .interrupted(.init(error: ShipslogError(.unavailable, message), pause: .seconds(1)))
        }
        func play(_ told: [(Change, RecordedSource)], by recorder: Recorder) async throws -> [String] {
            var seen: [String] = []
            for (change, source) in told {
                try await recorder.take(change, from: source)
                let status = await recorder.takeStatus()
                seen.append("\(status.live) \(status.trouble ?? "-")")
            }
            return seen
        }
        let first = try kept.recorder()
        let fresh = try await play(
            [
                (interrupted("Nobody is there."), pods), (.resumed, pods), (.listing, pods),
                (.synced(resourceVersion: "1"), pods), (.listing, services), (.synced(resourceVersion: "1"), services),
                (interrupted("It is down."), pods), (interrupted("It is away."), services), (.resumed, pods),
                (.resumed, services), (.gap(.init(reason: .expired, lastVersion: "1")), pods), (.resumed, pods),
                (.listing, pods), (.synced(resourceVersion: "7"), pods),
            ], by: first)
        #expect(
            fresh == [
                "0 Nobody is there.", "0 -", "0 -", "1 -", "1 -", "2 -", "1 It is down.", "0 It is down.",
                "1 It is away.", "2 -", "1 -", "1 -", "1 -", "2 -",
            ])
        try await first.finish()

        // One that goes on from its places is not live before a watch is open, however long it gathers what is told.
        let second = try kept.recorder(catchingUp: .seconds(600))
        #expect(await second.takeStatus().live == 0)
        #expect(try await play([(.resumed, pods), (.resumed, services)], by: second) == ["1 -", "2 -"])
    }

    @Test("one that is to stop while the ledger cannot be written gives up, though much is waiting")
    func stopping() async throws {
        let kept = Kept()
        kept.fail(with: Array(repeating: ShipslogError(.unavailable, "The disk is full."), count: 1_000_000))
        let source = RecordedSource(.pods, namespace: "shop")
        let recorder = try kept.recorder()
        let watch = Task {
            for number in 1...10_000 {
                try await recorder.take(.changed(.added, try Self.pod("p\(number)", number)), from: source)
            }
        }
        try await eventually("it waits for the ledger") { await recorder.takeStatus().trouble == "The disk is full." }
        watch.cancel()
        await #expect(throws: ShipslogError.self) { try await watch.value }
        let error = await #expect(throws: ShipslogError.self) { try await recorder.stop() }
        #expect(error?.code == .unavailable)
        #expect(error?.message == "The recorder stopped before all it had seen was written. The disk is full.")
        #expect(kept.events.isEmpty)
    }

    @Test("while the ledger cannot be written to a recorder waits and says so; then it goes on and has lost nothing")
    func unavailable() async throws {
        let changes = try Self.changes().prefix(40)
        let whole = Kept()
        let undisturbed = try whole.recorder()
        for (change, source) in changes { try await undisturbed.take(change, from: source) }
        try await undisturbed.finish()

        let kept = Kept()
        kept.fail(with: Array(repeating: ShipslogError(.unavailable, "The disk is full."), count: 30))
        let recorder = try kept.recorder()
        for (change, source) in changes { try await recorder.take(change, from: source) }
        try await recorder.finish()
        #expect(kept.events == whole.events)
        #expect(await recorder.takeStatus().trouble == nil)

        let broken = Kept()
        broken.fail(with: [ShipslogError(.tampered, "Somebody was here.")])
        let stopped = try broken.recorder()
        try await stopped.take(changes[0].0, from: changes[0].1)
        let error = await #expect(throws: ShipslogError.self) { try await stopped.finish() }
        #expect(error?.code == .tampered)
        await #expect(throws: ShipslogError.self) { try await stopped.take(changes[1].0, from: changes[1].1) }
    }

    @Test("after a stop, what several watches tell is taken in the order in which it happened, whoever is slow")
    func catchUp() async throws {
        let changes = try Self.changes()
        let whole = Kept()
        let undisturbed = try whole.recorder()
        for (change, source) in changes { try await undisturbed.take(change, from: source) }
        try await undisturbed.finish()

        let kept = Kept()
        let first = try kept.recorder()
        for (change, source) in changes.prefix(300) { try await first.take(change, from: source) }
        try await first.finish()
        let second = try kept.recorder(catchingUp: .seconds(600))
        // One source after the other, instead of side by side.
        let sources = Set(changes.map(\.1)).sorted { $0.resource.plural < $1.resource.plural }
        for source in sources {
            for (change, _) in changes.dropFirst(300).filter({ $0.1 == source }) {
                try await second.take(change, from: source)
            }
        }
        try await second.finish()
        #expect(kept.events.map(\.id) == whole.events.map(\.id))
    }

    @Test("a memory of something else is refused")
    func strangeMemory() {
        let error = #expect(throws: ShipslogError.self) {
            try Recorder(cluster: "prod", memory: ["object/x": Data("{}".utf8)], now: Self.now) { _, _ in }
        }
        #expect(error?.code == .tampered)
    }
}
