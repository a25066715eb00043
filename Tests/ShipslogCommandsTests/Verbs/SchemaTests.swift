import EventLedger
import Foundation
import LedgerSchema
import RolloutModel
import ShipslogTesting
import Testing

@testable import ShipslogCommands

@Suite("Schemas of the outputs")
struct SchemaTests {
    private static let cases: [(schema: String, arguments: [String])] = [
        ("rollouts", ["rollouts"]), ("rollouts", ["rollouts", "-n", "other"]), ("history", ["history", "deploy/web"]),
        ("history", ["history", "svc/cart"]), ("history", ["history", "pod/batch"]),
        ("show", ["show", "deploy/web@3"]),
        ("show", ["show", "svc/cart@2"]), ("show", ["show", "pod/batch@2"]), ("events", ["events"]),
        ("state", ["state"]),
        ("state", ["state", "deploy/web"]), ("state", ["state", "svc/cart", "--at", "700"]),
        ("state", ["state", "pod/batch"]),
        ("diff", ["diff", "deploy/web@2", "deploy/web@5"]), ("replay", ["replay", "deploy/web@3", "--to", "dry-run"]),
        ("plan", ["plan", "deploy/web-canary@4"]), ("plan", ["plan", "pod/batch@2"]),
        ("what-if", ["what-if", "deploy/web@3", "--max-surge", "2"]),
        ("replay", ["replay", "deploy/web-canary@2", "--to", "simulation"]),
        ("replay", ["replay", "deploy/web@3", "--to", "simulation", "--times", "2"]),
        ("verify", ["verify"]),
    ]

    @Test("another validator finds every answer to be as its schema says, and no key that is not documented")
    func valid() async throws {
        let ledger = try await recordedLedger()
        var instances: [SchemaValidator.Instance] = []
        for (schema, arguments) in Self.cases {
            let result = await shipslog(arguments + ["-o", "json"], ledger: ledger.path)
            instances.append(SchemaValidator.Instance(schema: schema, json: Data(result.output.utf8)))
        }
        let stream = Fixtures.url("kubernetes-1.20/pods.watch.jsonl").path
        let imported = await shipslog(
            ["import", "watch", stream, "--cluster", "prod", "-o", "json"], ledger: ledger.folder.file("other.db"))
        instances.append(SchemaValidator.Instance(schema: "import", json: Data(imported.output.utf8)))
        let merged = await shipslog(
            ["import", "ledger", ledger.path, "-o", "json"], ledger: ledger.folder.file("merged.db"))
        instances.append(SchemaValidator.Instance(schema: "import-ledger", json: Data(merged.output.utf8)))
        #expect(try SchemaValidator.problems(in: instances, schemas: LedgerSchema.outputSchemas) == [])
    }

    @Test("the schema command prints each of them")
    func printed() async throws {
        let names = await shipslog(["schema"]).output.split(separator: "\n").map(String.init)
        let documents = LedgerSchema.outputSchemas + LedgerSchema.eventSchemas + LedgerSchema.inputSchemas
        #expect(names == documents.map(\.name))
        for name in names {
            let result = await shipslog(["schema", name])
            let schema = try CanonicalJSON.decode(JSONValue.self, from: Data(result.output.utf8))
            #expect(schema["title"] == .string(name))
        }
    }
}
