import EventLedger
import Foundation
import RolloutModel
import ShipslogTesting
import Testing

@testable import Recording

@Suite struct AuditImportTests {
    private static let log = Fixtures.url("kubernetes-1.20/audit.jsonl.gz").path
    private static let streams = Fixtures.watchStreams(of: "kubernetes-1.20")

    private func audit(_ ledger: Ledger) async throws {
        _ = try await AuditImport(paths: [Self.log], cluster: "prod").run { _ = try await ledger.append($0) }
    }

    private func watch(_ ledger: Ledger) async throws {
        _ = try await WatchImport(paths: Self.streams, cluster: "prod").run { _ = try await ledger.append($0) }
    }

    static func makers(_ ledger: Ledger, _ subject: String) throws -> [String] {
        try ledger.rollouts(RolloutQuery(stream: stream(subject))).map {
            "\($0.kind) \($0.toImages.joined()) \($0.actor?.name ?? "-") \($0.actor?.evidence.rawValue ?? "-")"
        }
    }

    static let expected: [(String, [String])] = [
        (
            "deployment/web",
            [
                "rollout nginx:1.25 alice audit", "rollout nginx:1.26 alice audit", "rollout nginx:bad alice audit",
                "rollback nginx:1.26 bob audit", "rollout nginx:1.27 alice audit",
            ]
        ),
        (
            "deployment/web-canary",
            [
                "rollout nginx:1.28 alice audit", "rollout nginx:crash alice audit", "rollback nginx:1.28 bob audit",
                "rollout nginx:1.29 alice audit",
            ]
        ),
        ("deployment/cart-blue", ["rollout cart:1.0 alice audit"]),
        ("deployment/cart-green", ["rollout cart:2.0 alice audit"]),
        ("service/cart", ["rollout  alice audit", "rollback  bob audit", "rollout  alice audit"]),
        ("pod/batch", ["rollout batch:v1 bob audit", "rollout batch:crash bob audit", "rollback batch:v1 bob audit"]),
    ]

    @Test("the log alone tells the rollouts, how they ended, and who brought them about")
    func alone() async throws {
        let temporary = try TemporaryLedger()
        try await audit(temporary.ledger)
        for (subject, makers) in Self.expected { #expect(try Self.makers(temporary.ledger, subject) == makers) }
        let web = try temporary.ledger.rollouts(RolloutQuery(stream: stream("deployment/web")))
        #expect(web.map(\.outcome) == [.succeeded, .succeeded, .failed, .succeeded, .succeeded])
        #expect(web.map(\.restores) == [nil, nil, nil, 2, nil])
        let canary = try temporary.ledger.rollouts(RolloutQuery(stream: stream("deployment/web-canary")))
        #expect(canary.map(\.outcome) == [.succeeded, .rolledBack, .succeeded, .succeeded])
    }

    @Test("log and streams together tell nothing twice, in whichever order they come")
    func together() async throws {
        let (streamsFirst, logFirst) = (try TemporaryLedger(), try TemporaryLedger())
        for _ in 1...2 {
            try await watch(streamsFirst.ledger)
            try await audit(streamsFirst.ledger)
            try await audit(logFirst.ledger)
            try await watch(logFirst.ledger)
        }
        var ids: [Set<EventID>] = []
        for ledger in [streamsFirst.ledger, logFirst.ledger] {
            var found: Set<EventID> = []
            for try await event in ledger.events() { found.insert(event.event.id) }
            ids.append(found)
            for (subject, makers) in Self.expected { #expect(try Self.makers(ledger, subject) == makers) }
        }
        #expect(ids[0] == ids[1])
    }

    @Test("of the recorded namespace, the log tells no fact that the streams do not tell, but who did it")
    func noInvention() async throws {
        let (log, watched) = (FoldedHistory(), FoldedHistory())
        _ = try await AuditImport(paths: [Self.log], cluster: "prod").run { try await log.append($0) }
        _ = try await WatchImport(paths: Self.streams, cluster: "prod").run { try await watched.append($0) }
        let known = Set(await watched.events.map(\.event.id))
        let invented = await log.events.map(\.event).filter {
            $0.stream.namespace == "shop" && $0.type.rawValue != "actor.attributed" && !known.contains($0.id)
        }
        #expect(invented.map { "\($0.stream) \($0.type)" } == [])
    }

    @Test("broken lines are named, and the rest goes in; lists of the webhook are taken in as well")
    func brokenLines() async throws {
        let scratch = try Scratch()
        let entry = Self.entry(answer: Self.pod)
        let list = #"{"kind":"EventList","apiVersion":"audit.k8s.io/v1","items":[\#(entry)]}"#
        let path = try scratch.file(
            "audit.log", [String(entry.dropLast(9)), "", "[]", list, "{\"kind\":\"Pod\"}"].joined(separator: "\n"))
        let history = FoldedHistory()
        let summary = try await AuditImport(paths: [path], cluster: "c").run { try await history.append($0) }
        #expect(
            summary.brokenLines.map(\.description) == [
                "\(path):1: it is not JSON, or cut short", "\(path):3: it is no JSON object",
                "\(path):5: it is a Pod, no audit event",
            ])
        #expect(summary.entries == 1)
        #expect(await history.events.map(\.event.type.rawValue) == ["pod.created", "actor.attributed"])
        #expect(
            await history.events.map(\.event.actor)
                == Array(repeating: Actor(name: "carol", evidence: .audit), count: 2))
        let error = try #require(
            await #expect(throws: ShipslogError.self) {
                _ = try await AuditImport(paths: [path], cluster: "c", isStrict: true).run { _ in }
            })
        #expect(error.message == "\(path):1: it is not JSON, or cut short; nothing was imported.")
    }

    @Test("what the policy kept out of the log is joined by object, verb and time")
    func inferred() async throws {
        let scratch = try Scratch()
        let later = Self.entry(
            id: "2", verb: "patch", subresource: "status", at: "2026-01-01T00:00:01.5Z", user: "kubelet",
            answer: Self.pod)
        let path = try scratch.file("audit.log", [Self.entry(answer: nil), later].joined(separator: "\n"))
        let history = FoldedHistory()
        let summary = try await AuditImport(paths: [path], cluster: "c").run { try await history.append($0) }
        let events = await history.events.map(\.event)
        #expect(events.map(\.type.rawValue) == ["pod.created", "actor.attributed"])
        #expect(events.map(\.isInferred) == [true, false])
        guard case .actorAttributed(let fact) = try events[1].fact() else {
            Issue.record("no attribution")
            return
        }
        #expect(fact.actor.name == "carol")
        #expect(fact.impersonatedBy == "admin")
        #expect(fact.confidence == .inferred)
        #expect(summary.unjoined == 0)
    }

    @Test("a call of our own is joined by its audit id, though the log holds nothing of what it did")
    func ownCall() async throws {
        let scratch = try Scratch()
        let path = try scratch.file("audit.log", Self.entry(answer: nil))
        let scaled = CalledEvent(
            id: .derived(from: ["scaled"]), stream: try stream("deployment/web"))
        let history = FoldedHistory()
        let summary = try await AuditImport(paths: [path], cluster: "c", calls: ["1": [scaled]])
            .run { try await history.append($0) }
        #expect(summary.attributions == 1)
        #expect(summary.unjoined == 0)
        let events = await history.events.map(\.event)
        #expect(events.map(\.stream) == [scaled.stream])
        #expect(events.map(\.cause) == [scaled.id])
        guard case .actorAttributed(let fact) = try events.first?.fact() else {
            Issue.record("no attribution")
            return
        }
        #expect(fact.event == scaled.id)
        #expect(fact.actor == Actor(name: "carol", evidence: .audit))
        #expect(fact.confidence == .exact)
    }

    @Test("a compressed log that is cut short or damaged is refused in one sentence")
    func damaged() async throws {
        let scratch = try Scratch()
        let whole = try Data(contentsOf: URL(fileURLWithPath: Self.log))
        let cut = try scratch.file("cut.gz", whole.prefix(1_000))
        var bytes = whole
        for index in 5_000..<5_100 { bytes[index] = 0xFF }
        let damaged = try scratch.file("damaged.gz", bytes)
        for (path, words) in [
            (cut, "ends in the middle of what gzip has compressed"), (damaged, "is not what gzip writes, or damaged"),
        ] {
            let error = await #expect(throws: ShipslogError.self) {
                _ = try await AuditImport(paths: [path], cluster: "c").run { _ in }
            }
            #expect(error?.message == "The file \(path) \(words).")
        }
    }

    private static let pod =
        #"{"kind":"Pod","metadata":{"name":"a","namespace":"shop","uid":"u1","resourceVersion":"5","creationTimestamp":"2026-01-01T00:00:00Z"},"spec":{"containers":[]}}"#

    private static func entry(
        id: String = "1", verb: String = "create", subresource: String? = nil, at: String = "2026-01-01T00:00:00.25Z",
        user: String = "carol", answer: String?
    ) -> String {
        let part = subresource.map { #","subresource":"\#($0)""# } ?? ""
        let object = answer.map { #","responseObject":\#($0)"# } ?? ""
        return
            #"{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"\#(id)","stage":"ResponseComplete","verb":"\#(verb)","user":{"username":"admin"},"impersonatedUser":{"username":"\#(user)"},"objectRef":{"resource":"pods","namespace":"shop","name":"a"\#(part)},"responseStatus":{"code":201},"stageTimestamp":"\#(at)"\#(object)}"#
    }
}
