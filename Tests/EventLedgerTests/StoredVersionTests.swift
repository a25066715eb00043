import EventLedger
import Foundation
import GRDB
import RolloutModel
import ShipslogTesting
import Testing

@Suite struct StoredVersionTests {
    /// As if version 1 had counted replicas in pairs.
    private static let steps: [EventType: [Upcast.Step]] = [
        EventType(rawValue: "deployment.scaled"): [
            { old in
                guard case .integer(let pairs) = old["replicas"] else { return old }
                var new = old
                new["replicas"] = .integer(pairs * 2)
                return new
            }
        ]
    ]

    @Test("a payload stored in an old version is read in the new one; what is stored stays, byte for byte")
    func upcast() async throws {
        let temporary = try TemporaryLedger()
        let object = ObjectVersion(
            kind: "Deployment", namespace: "shop", name: "web", uid: "uid-web", resourceVersion: "7")
        let fact = Fact.deploymentScaled(DeploymentScaled(object: object, generation: 2, replicas: 3))
        var old = try Event(
            id: Sample.id(1), stream: Sample.web, fact: fact, occurredAt: Timestamp(microseconds: 1), origin: .import)
        // Spaces and order that no encoder of ours writes would not survive a rewriting.
        old.payload = Data((" " + String(decoding: old.payload, as: UTF8.self) + "\n").utf8)
        var new = old
        new.id = Sample.id(2)
        new.schemaVersion = 2
        _ = try await temporary.ledger.append([old, new])
        try temporary.ledger.close()

        let ledger = try Ledger.open(at: temporary.path, mode: .readOnly)
        let read = try await Array(ledger.events()).map(\.event)
        #expect(read == [old, new])
        let facts = try read.map {
            try Fact(type: $0.type, schemaVersion: $0.schemaVersion, payload: $0.payload, steps: Self.steps)
        }
        #expect(
            facts == [6, 3].map { .deploymentScaled(DeploymentScaled(object: object, generation: 2, replicas: $0)) })

        let stored = try await DatabaseQueue(path: temporary.path).read {
            try Data.fetchAll($0, sql: "SELECT content FROM payload ORDER BY position")
        }
        #expect(stored == [old.payload, new.payload])
        #expect(try ledger.verify().isSound)
    }
}
