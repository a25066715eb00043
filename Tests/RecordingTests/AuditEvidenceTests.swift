import EventLedger
import Foundation
import RolloutModel
import ShipslogTesting
import Testing

@testable import Recording

/// A request to a Deployment as an audit log tells of it.
private struct Said {
    var user: String
    var verb: String
    var code = 200
    var query = ""
    var subresource: String?
    var body: JSONValue?
    var answer: JSONValue?

    /// - Parameter second: When; it names the entry, too.
    func entry(_ second: Int) -> JSONValue {
        var reference: [String: JSONValue] = [
            "apiGroup": "apps", "resource": "deployments", "namespace": "shop", "name": "web",
        ]
        if let subresource { reference["subresource"] = .string(subresource) }
        var entry: [String: JSONValue] = [
            "kind": "Event", "auditID": .string("request-\(second)"), "stage": "ResponseComplete",
            "verb": .string(verb), "user": ["username": .string(user)], "objectRef": .object(reference),
            "requestURI": .string("/apis/apps/v1/namespaces/shop/deployments/web" + query),
            "responseStatus": ["code": .integer(Int64(code))],
            "stageTimestamp": .string("2026-01-01T00:00:\(second < 10 ? "0" : "")\(second)Z"),
        ]
        entry["requestObject"] = body
        entry["responseObject"] = answer
        return .object(entry)
    }

    static func deployment(
        _ version: Int, generation: Int, image: String = "web:1", replicas: Int = 1
    ) -> JSONValue {
        [
            "kind": "Deployment",
            "metadata": [
                "name": "web", "namespace": "shop", "uid": "d1", "resourceVersion": .string("\(version)"),
                "generation": .integer(Int64(generation)), "creationTimestamp": "2026-01-01T00:00:00Z",
            ],
            "spec": [
                "replicas": .integer(Int64(replicas)), "selector": [:],
                "template": ["spec": ["containers": [["name": "web", "image": .string(image)]]]],
            ],
        ]
    }

    static let creation = Said(
        user: "alice", verb: "create", code: 201, answer: deployment(1, generation: 1))

    /// What `kubectl scale` brings about.
    static func scaling(_ user: String, _ version: Int, to replicas: Int) -> Said {
        Said(
            user: user, verb: "patch", subresource: "scale",
            answer: [
                "kind": "Scale",
                "metadata": [
                    "name": "web", "namespace": "shop", "uid": "d1", "resourceVersion": .string("\(version)"),
                ],
                "spec": ["replicas": .integer(Int64(replicas))],
            ])
    }

    static func status(_ version: Int, generation: Int, image: String = "web:1", replicas: Int = 1) -> Said {
        Said(
            user: "controller", verb: "update", subresource: "status",
            answer: deployment(version, generation: generation, image: image, replicas: replicas))
    }
}

/// What audit logs are taken to prove, and what not.
@Suite struct AuditEvidenceTests {
    private let scratch: Scratch
    private let temporary: TemporaryLedger

    init() throws {
        scratch = try Scratch()
        temporary = try TemporaryLedger()
    }

    /// - Parameter said: What was said in each second; `nil` if the log does not hold it.
    private func `import`(_ said: [Said?]) async throws -> AuditImport.Summary {
        let entries = try said.enumerated().compactMap { second, said in
            try (said?.entry(second)).map { String(decoding: try CanonicalJSON.encode($0), as: UTF8.self) }
        }
        let path = try scratch.file("audit.log", entries.joined(separator: "\n"))
        let ledger = temporary.ledger
        return try await AuditImport(paths: [path], cluster: "c").run { _ = try await ledger.append($0) }
    }

    /// What the ledger holds: each event with its version, and who did it; counts left out.
    private func told() async throws -> [String] {
        var told: [String] = []
        for try await recorded in temporary.ledger.events() {
            let event = recorded.event
            let fact = try event.fact()
            let inferred = event.isInferred ? " (inferred)" : ""
            switch fact {
            case .deploymentStatusObserved: continue
            case .actorAttributed(let fact): told.append("by \(fact.actor.name), \(fact.confidence)")
            default: told.append("\(event.type)@\(fact.object?.resourceVersion ?? "-")\(inferred)")
            }
        }
        return told
    }

    private static let created = ["deployment.created@1", "by alice, exact"]

    @Test(
        "a request that was only to be tried did nothing, whatever its answer says",
        arguments: [
            Said(user: "eve", verb: "patch", query: "?fieldManager=kubectl&dryRun=All"),
            Said(user: "eve", verb: "patch", query: "?dry%52un=All"),
            Said(user: "eve", verb: "create", query: "?dryRun"),
            Said(user: "eve", verb: "delete", body: ["kind": "DeleteOptions", "dryRun": ["All"]]),
        ])
    private func dryRun(of request: Said) async throws {
        var request = request
        request.answer = Said.deployment(1, generation: 2, image: "web:2")
        #expect(try await self.import([.creation, request]).changes == 1)
        #expect(try await told() == Self.created)
    }

    @Test("a patch that was answered by 201 made the object")
    func serverSideApply() async throws {
        var apply = Said.creation
        apply.verb = "patch"
        _ = try await self.import([apply])
        #expect(try await told() == Self.created)
    }

    @Test("scaling is told of the generation that the next version proves")
    func scaling() async throws {
        let summary = try await self.import([
            .creation, .scaling("bob", 5, to: 3), .status(6, generation: 2, replicas: 3),
        ])
        #expect(summary.unjoined == 0)
        #expect(try await told() == Self.created + ["deployment.scaled@5", "by bob, exact"])
        let object = ObjectVersion(
            kind: "Deployment", namespace: "shop", name: "web", uid: "d1", resourceVersion: "5")
        var facts: [Fact] = []
        for try await event in temporary.ledger.events() { facts.append(try event.event.fact()) }
        #expect(facts.contains(.deploymentScaled(.init(object: object, generation: 2, replicas: 3))))
    }

    @Test("scaling amid changes that the log does not hold is not told of a generation that is a guess")
    func unprovenScaling() async throws {
        let summary = try await self.import([
            .creation, .scaling("bob", 5, to: 3), .status(7, generation: 3, image: "web:2", replicas: 3),
        ])
        #expect(summary.unjoined == 0)
        #expect(
            try await told() == Self.created + [
                "deployment.template_changed@7 (inferred)", "deployment.scaled@7 (inferred)", "by bob, inferred",
            ])
    }

    @Test("scaling after which nothing is seen is counted, and not told")
    func unseenScaling() async throws {
        #expect(try await self.import([.creation, .scaling("bob", 5, to: 3)]).unjoined == 1)
        #expect(try await self.import([.creation, .scaling("bob", 5, to: 3), .scaling("bob", 6, to: 4)]).unjoined == 2)
        #expect(try await told() == Self.created)
    }

    private static func patch(_ version: Int, generation: Int, image: String) -> Said {
        Said(
            user: "carol", verb: "patch", answer: Said.deployment(version, generation: generation, image: image))
    }

    @Test("what a request did is exact only where no version before it is missing")
    func missed() async throws {
        _ = try await self.import([.creation, Self.patch(2, generation: 2, image: "web:2")])
        #expect(try await told() == Self.created + ["deployment.template_changed@2", "by carol, exact"])
        _ = try await self.import([.creation, Self.patch(9, generation: 4, image: "web:4")])
        #expect(
            try await told() == Self.created + [
                "deployment.template_changed@2", "by carol, exact", "deployment.template_changed@9 (inferred)",
                "by carol, inferred",
            ])
    }

    @Test("an update that was made of a version that the log does not hold did not what that version had changed")
    func missedBeforeUpdate() async throws {
        let update = Said(
            user: "controller", verb: "update", body: Said.deployment(8, generation: 2, image: "web:2"),
            answer: Said.deployment(9, generation: 2, image: "web:2"))
        _ = try await self.import([.creation, update])
        #expect(try await told() == Self.created + ["deployment.template_changed@9 (inferred)"])
    }

    @Test("a log that holds more makes exact what was inferred, and contradicts nothing")
    func moreEvidence() async throws {
        let bobs = Said(user: "bob", verb: "patch", answer: Said.deployment(3, generation: 2, image: "web:2"))
        let carols = Self.patch(4, generation: 3, image: "web:3")
        _ = try await self.import([.creation, nil, carols])
        let whole = try await self.import([.creation, bobs, carols])
        #expect(whole.refusals == [])
        #expect(
            try await told() == Self.created + [
                "deployment.template_changed@4 (inferred)", "by carol, inferred", "deployment.template_changed@3",
                "by bob, exact", "by carol, exact",
            ])
    }

    @Test("an event that the ledger refuses is a gap, and the rest of the log goes in")
    func refused() async throws {
        let other = try AuditEvidenceTests()
        _ = try await other.import([.creation])
        var known: [Event] = []
        for try await event in other.temporary.ledger.events() { known.append(event.event) }
        let created = try #require(known.first)
        let forged = try Event(
            id: created.id, stream: created.stream,
            fact: .deploymentDeleted(.init(object: try #require(try created.fact().object))),
            occurredAt: created.occurredAt, origin: .import)
        _ = try await temporary.ledger.append([forged])
        let summary = try await self.import([.creation, Self.patch(2, generation: 2, image: "web:2")])
        #expect(
            summary.refusals == [
                "The ledger refused deployment.created of deployment/web: There is an event with the id \(created.id) that says something else."
            ])
        #expect(
            try await told() == [
                "deployment.deleted@1", "recording.gap@-", "by alice, exact", "deployment.template_changed@2",
                "by carol, exact",
            ])
    }

    @Test("the policy that is proposed to API servers lets in all that is followed")
    func policy() throws {
        let path = Fixtures.folder.deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("tools/deploy/audit-policy.yaml")
        let groups = try String(contentsOf: path, encoding: .utf8)
            .matches(of: /- group: "(?<group>.*)"\s+resources: \[(?<resources>.*)\]/)
        var resources: Set<String> = []
        for group in groups {
            for name in group.resources.split(separator: ",") {
                let resource = name.trimmingCharacters(in: CharacterSet(charactersIn: " \""))
                resources.insert("\(group.group) \(resource)")
            }
        }
        let followed = AuditRequest.resources.map { "\($0.value) \($0.key)" }
        #expect(
            resources
                == Set(
                    followed + ["apps deployments/scale", "apps deployments/status", " pods/status", " pods/binding"]))
    }
}
