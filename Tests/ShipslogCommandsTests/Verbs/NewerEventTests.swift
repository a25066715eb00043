import EventLedger
import Foundation
import RolloutModel
import ShipslogTesting
import Testing

@testable import ShipslogCommands

@Suite("Events of a newer version")
struct NewerEventTests {
    @Test("an event of an unknown type is named wherever it stands, and keeps nothing else from being shown")
    func unknownType() async throws {
        let temporary = try TemporaryLedger()
        let created = try Workload(name: "shop").batch(0)
        let stream = created[0].stream
        let newer = Event(
            id: .derived(from: ["newer"]), stream: stream, type: EventType(rawValue: "deployment.sung_to"),
            schemaVersion: 1, occurredAt: created[0].occurredAt, origin: .recorder,
            payload: Data(#"{"song":"hey"}"#.utf8))
        _ = try await temporary.ledger.append(created + [newer])

        let words = "deployment.sung_to, which this version of shipslog does not know"
        for arguments in [
            ["show", "deploy/web-0@1"], ["events"], ["events", "--follow", "--limit", "2"],
            ["events", "deploy/web-0", "-o", "json"],
        ] {
            let result = await shipslog(arguments, ledger: temporary.path)
            #expect(result.status == 0, "\(result)")
            #expect(result.notices == "")
            #expect(result.output.contains(arguments.contains("json") ? #""song":"hey""# : words), "\(result)")
        }
    }
}
