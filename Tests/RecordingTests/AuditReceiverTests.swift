import EventLedger
import Foundation
import RolloutModel
import ShipslogTesting
import Synchronization
import Testing

@testable import Recording

@Suite struct AuditReceiverTests {
    private static let log = Fixtures.url("kubernetes-1.20/audit.jsonl.gz").path

    /// The recorded log as the batches that an API server would have posted.
    private static func batches(seed: UInt64) throws -> [Data] {
        var generator = SeededGenerator(seed: seed)
        var lines = try LineReader(path: log)
        var items: [String] = []
        while case .text(let line)? = try lines.next() { items.append(String(decoding: line, as: UTF8.self)) }
        var batches: [Data] = []
        while !items.isEmpty {
            let count = min(items.count, Int.random(in: 1...90, using: &generator))
            let list = #"{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":["#
            batches.append(Data((list + items.prefix(count).joined(separator: ",") + "]}").utf8))
            items.removeFirst(count)
        }
        return batches
    }

    private func receiver(
        _ ledger: Ledger, failing: @escaping @Sendable () -> Bool = { false }
    ) throws -> AuditReceiver {
        // Nothing is worked out by the clock alone.
        try AuditReceiver(
            cluster: "prod", memory: ledger.memory(of: "webhook"), now: { Timestamp(microseconds: 0) },
            pause: .seconds(3_600),
            append: {
                if failing() { throw ShipslogError(.unavailable, "The disk is full.") }
                _ = try await ledger.append($0, remembering: RecorderMemory(recorder: "webhook", changes: $1))
            })
    }

    private func statements(_ ledger: Ledger) async throws -> [String] {
        var statements: [String] = []
        for try await event in ledger.events() {
            statements.append("\(event.event.id) \(String(decoding: event.event.payload, as: UTF8.self))")
        }
        return statements.sorted()
    }

    @Test("what is posted in batches tells what the log tells in one piece")
    func sameAsImport() async throws {
        let (posted, imported) = (try TemporaryLedger(), try TemporaryLedger())
        let receiver = try receiver(posted.ledger)
        for batch in try Self.batches(seed: 1) { try await receiver.receive(batch) }
        try await receiver.finish()
        _ = try await AuditImport(paths: [Self.log], cluster: "prod").run {
            _ = try await imported.ledger.append($0)
        }
        #expect(try await statements(posted.ledger) == statements(imported.ledger))
        let status = await receiver.status
        #expect(status.trouble == nil && status.attributions > 0)
        #expect(status.events == Int(try posted.ledger.head().size.rawValue))
    }

    @Test(
        "a receiver that is killed at any batch is followed by one that works out what it owed",
        arguments: [1, 2, 3, 4, 5] as [UInt64])
    func killed(seed: UInt64) async throws {
        let temporary = try TemporaryLedger()
        var generator = SeededGenerator(seed: seed)
        var receiver = try receiver(temporary.ledger)
        for batch in try Self.batches(seed: seed) {
            try await receiver.receive(batch)
            if Int.random(in: 0..<4, using: &generator) == 0 { receiver = try self.receiver(temporary.ledger) }
        }
        try await receiver.finish()
        for (subject, makers) in AuditImportTests.expected {
            let found = try AuditImportTests.makers(temporary.ledger, subject)
            #expect(found == makers, "\(subject): \(found)")
        }
        #expect(try temporary.ledger.verify().isSound)
    }

    @Test("a call of our own is joined by its audit id as soon as it is known, though no answer is sent with it")
    func ownCall() async throws {
        let temporary = try TemporaryLedger()
        let ledger = temporary.ledger
        let scaled = CalledEvent(
            id: .derived(from: ["scaled"]),
            stream: StreamName(cluster: "prod", namespace: "shop", kind: "deployment", name: "web"))
        let known = Mutex<[String: [CalledEvent]]>([:])
        let receiver = try AuditReceiver(
            cluster: "prod", memory: [:], now: { Timestamp(microseconds: 0) }, pause: .seconds(3_600),
            calls: { known.withLock(\.self) },
            append: {
                _ = try await ledger.append($0, remembering: RecorderMemory(recorder: "webhook", changes: $1))
            })
        let entry = """
            {"kind":"Event","auditID":"ours","stage":"ResponseComplete","verb":"patch","user":{"username":"carol"},
             "objectRef":{"apiGroup":"apps","resource":"deployments","namespace":"shop","name":"web","subresource":"scale"},
             "responseStatus":{"code":200},"stageTimestamp":"2026-01-01T00:00:00.25Z"}
            """
        try await receiver.receive(Data(entry.utf8))
        known.withLock { $0 = ["ours": [scaled]] }
        try await receiver.finish()
        var events: [Event] = []
        for try await recorded in ledger.events() { events.append(recorded.event) }
        #expect(events.map(\.stream) == [scaled.stream])
        #expect(events.map(\.cause) == [scaled.id])
        #expect(events.map(\.actor) == [Actor(name: "carol", evidence: .audit)])
        #expect(await receiver.status.attributions == 1)
    }

    @Test("what could not be written is refused, and is taken in when it is sent again")
    func unwritable() async throws {
        let temporary = try TemporaryLedger()
        let calls = Mutex(0)
        let receiver = try receiver(temporary.ledger) {
            calls.withLock {
                $0 += 1
                return $0.isMultiple(of: 3)
            }
        }
        for batch in try Self.batches(seed: 9) {
            while true {
                do {
                    try await receiver.receive(batch)
                    break
                } catch let error as ShipslogError {
                    #expect(error.message == "The disk is full.")
                    #expect(await receiver.status.trouble == "The disk is full.")
                }
            }
        }
        // Each call writes what is left until one fails.
        for _ in 0..<3 { try await receiver.finish() }
        for (subject, makers) in AuditImportTests.expected {
            let found = try AuditImportTests.makers(temporary.ledger, subject)
            #expect(found == makers, "\(subject): \(found)")
        }
        #expect(await receiver.status.trouble == nil)
    }

    @Test("a batch is kept no longer than its requests can matter")
    func forgetting() async throws {
        let temporary = try TemporaryLedger()
        let receiver = try receiver(temporary.ledger)
        let batches = try Self.batches(seed: 3)
        for batch in batches { try await receiver.receive(batch) }
        let waiting = try temporary.ledger.memory(of: "webhook").keys.filter { $0.hasPrefix("batch/") }
        #expect(!waiting.isEmpty && waiting.count < batches.count / 4, "\(waiting.count) of \(batches.count)")
        try await receiver.finish()
        let kept = try temporary.ledger.memory(of: "webhook").keys.filter { $0.hasPrefix("batch/") }
        #expect(kept.isEmpty)
    }

    @Test("an entry that cannot be read is a gap and a warning, told once, and the others of its batch are taken in")
    func unread() async throws {
        let temporary = try TemporaryLedger()
        let ledger = temporary.ledger
        let warnings = Mutex<[String]>([])
        func receiver() throws -> AuditReceiver {
            try AuditReceiver(
                cluster: "prod", memory: ledger.memory(of: "webhook"), now: { Timestamp(microseconds: 7) },
                pause: .seconds(3_600), warn: { warning in warnings.withLock { $0.append(warning) } },
                append: {
                    _ = try await ledger.append($0, remembering: RecorderMemory(recorder: "webhook", changes: $1))
                })
        }
        func entry(_ id: String, _ spec: String) -> String {
            """
            {"kind":"Event","auditID":"\(id)","stage":"ResponseComplete","verb":"create","user":{"username":"carol"},\
            "objectRef":{"resource":"pods","namespace":"shop","name":"\(id)"},"responseStatus":{"code":201},\
            "stageTimestamp":"2026-01-01T00:00:00.25Z","responseObject":{"kind":"Pod","metadata":{"name":"\(id)",\
            "namespace":"shop","uid":"uid-\(id)","resourceVersion":"5","creationTimestamp":"2026-01-01T00:00:00Z"}\(spec)}}
            """
        }
        let spec = #","spec":{"containers":[]}"#
        let body = """
            {"kind":"EventList","items":[\(entry("a", spec)),\(entry("b", "")),{"kind":"Event","auditID":7},\
            \(entry("c", spec))]}
            """
        #expect(try await receiver().receive(Data(body.utf8)) == 2)
        let second = try receiver()
        try await second.finish()
        let reasons = [
            "The audit event b cannot be read: items[1].responseObject.spec is missing.",
            "An audit event cannot be read: items[2].auditID is of the wrong kind.",
        ]
        #expect(warnings.withLock(\.self) == reasons)
        var events: [Event] = []
        for try await recorded in ledger.events() { events.append(recorded.event) }
        #expect(
            events.told == [
                "recording/pods recording.gap", "recording/objects recording.gap", "pod/a pod.created",
                "pod/a actor.attributed", "pod/c pod.created", "pod/c actor.attributed",
            ])
        #expect(
            try events.prefix(2).map { try $0.fact() } == [
                .recordingGap(RecordingGap(resource: "pods", reason: reasons[0])),
                .recordingGap(RecordingGap(resource: "objects", reason: reasons[1])),
            ])
        #expect(events.prefix(2).map(\.occurredAt.microseconds) == [7, 7])
        #expect(try ledger.memory(of: "webhook").keys.filter { $0.hasPrefix("batch/") } == [])
    }

    @Test("an event that the ledger refuses is a gap and a warning, and nothing is owed for it")
    func refused() async throws {
        let temporary = try TemporaryLedger()
        let ledger = temporary.ledger
        let receiver = try receiver(ledger)
        let batches = try Self.batches(seed: 4)
        for batch in batches { try await receiver.receive(batch) }
        try await receiver.finish()
        var events: [Event] = []
        for try await recorded in ledger.events() { events.append(recorded.event) }
        let made = try #require(events.first { $0.type.rawValue == "pod.created" })
        let forged = try Event(
            id: made.id, stream: made.stream,
            fact: .podDeleted(.init(object: try #require(try made.fact().object))), occurredAt: made.occurredAt,
            origin: .import)

        let other = try TemporaryLedger()
        _ = try await other.ledger.append([forged])
        let warnings = Mutex<[String]>([])
        let stubborn = try AuditReceiver(
            cluster: "prod", memory: [:], now: { Timestamp(microseconds: 0) }, pause: .seconds(3_600),
            warn: { warning in warnings.withLock { $0.append(warning) } },
            append: {
                _ = try await other.ledger.append($0, remembering: RecorderMemory(recorder: "webhook", changes: $1))
            })
        for batch in batches { try await stubborn.receive(batch) }
        try await stubborn.finish()
        #expect(
            warnings.withLock(\.self) == [
                "The ledger refused pod.created of \(made.stream.subject): There is an event with the id \(made.id) that says something else."
            ])
        #expect(await stubborn.status.trouble == nil)
        #expect(try other.ledger.head().size.rawValue == Int64(events.count) + 1)
        #expect(try other.ledger.memory(of: "webhook").keys.filter { $0.hasPrefix("batch/") } == [])
    }

    @Test(
        "what is no list of audit events is refused in a sentence, and nothing of it is kept",
        arguments: [
            ("", "The request: it is not JSON, or cut short."),
            (#"{"kind":"Pod"}"#, "The request: it is a Pod, no audit event."),
            (#"{"kind":"EventList","items":{"kind":"Event"}}"#, "The request: items is of the wrong kind."),
        ])
    func malformed(body: String, sentence: String) async throws {
        let temporary = try TemporaryLedger()
        let receiver = try receiver(temporary.ledger)
        let error = await #expect(throws: ShipslogError.self) { try await receiver.receive(Data(body.utf8)) }
        #expect(error?.code == .invalidArgument)
        #expect(error?.message == sentence)
        #expect(try temporary.ledger.memory(of: "webhook").isEmpty)
    }
}
