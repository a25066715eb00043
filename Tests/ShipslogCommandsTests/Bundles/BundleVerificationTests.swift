import EventLedger
import Foundation
import LedgerSchema
import RolloutModel
import ShipslogTesting
import Testing

@testable import ShipslogCommands

@Suite("Verification of bundles")
struct BundleVerificationTests {
    @Test("a sound bundle is said to be so, and what its checkpoint was held against")
    func sound() async throws {
        let stage = try await BundleStage()
        let file = await stage.bundle("deploy/web-canary@4")
        let head = try stage.temporary.ledger.head()
        func text(_ origin: String) -> String {
            """
            Bundle:       deploy/web-canary@4 in namespace shop of cluster prod
            Made:         2026-11-23 04:00:00Z by shipslog \(Version.current)
            Events:       1025 of 1025 proven against the checkpoint
            Masked:       2 payloads, whose content cannot be proven: at position 946, 952
            Checkpoint:   size 1236, root \(head.root)
            Origin:       \(origin)

            The bundle is sound: \(stage.folder)/\(file).

            """
        }
        let elsewhere = await stage.runElsewhere(["verify", "--bundle", file])
        #expect(
            elsewhere == CommandResult(status: 0, output: text("not to be judged: its ledger is not here"), notices: "")
        )
        let here = await stage.run(["verify", "--bundle", file])
        #expect(here == CommandResult(status: 0, output: text("a former head of \(stage.temporary.path)"), notices: ""))
        // Where only the head is remembered.
        let remembered = await shipslog(
            ["verify", "--bundle", file], ledger: stage.folder + "/none.db", environment: stage.environment,
            folder: stage.folder)
        #expect(
            remembered
                == CommandResult(
                    status: 0, output: text("the head that is remembered of its ledger"), notices: ""))
    }

    @Test("a bundle that was altered is refused with 6 by every command that reads")
    func altered() async throws {
        let stage = try await BundleStage()
        let file = await stage.bundle("pod/batch@1")
        var bytes = try stage.bytes(file)
        let range = try #require(bytes.range(of: Data("client-side-apply".utf8)))
        bytes.replaceSubrange(range, with: Data("server-side-apply".utf8))
        try bytes.write(to: URL(fileURLWithPath: "\(stage.folder)/\(file)"))

        let message =
            "The bundle \(stage.folder)/\(file) was altered: the event at position 511 is not the one that was recorded."
        let verified = await stage.runElsewhere(["verify", "--bundle", file])
        #expect(verified == CommandResult(status: 6, output: "\(message)\n", notices: ""))
        for arguments in [
            ["show", "pod/batch@1"], ["rollouts"], ["history", "pod/batch"], ["events"], ["state"],
            ["diff", "pod/batch@1", "pod/batch@1"], ["replay", "pod/batch@1", "--to", "dry-run"],
        ] {
            let result = await stage.runElsewhere(arguments + ["--bundle", file])
            #expect(
                result == CommandResult(status: 6, output: "", notices: "error: \(message)\nAsk for it again.\n"),
                "\(arguments)")
        }
    }

    @Test("a bundle of another history than the ledger's contradicts it, with 6")
    func contradicted() async throws {
        let stage = try await BundleStage()
        let file = await stage.bundle("pod/batch@1")
        // A ledger of the same identity whose history went another way after the first import.
        let other = stage.folder + "/other.db"
        let twin = try Ledger.create(at: other, options: .deterministic())
        let stream = Fixtures.watchStreams(of: "kubernetes-1.20")
        try twin.close()
        for _ in 0..<2 {
            let imported = await shipslog(["import", "watch"] + stream + ["--cluster", "prod"], ledger: other)
            #expect(imported.status == 0, "\(imported)")
        }
        let short = await shipslog(["verify", "--bundle", file, "--ledger", other, "-o", "json"], folder: stage.folder)
        #expect(short.status == 0, "\(short)")
        #expect(try document(short)["origin"] == "ahead")

        let audit = Fixtures.url("kubernetes-1.20/audit.jsonl.gz").path
        _ = await shipslog(["import", "audit", audit, "--cluster", "prod"], ledger: other)
        _ = await shipslog(["note", "add", "deploy/web", "x", "-n", "shop"], ledger: other)
        let result = await shipslog(
            ["verify", "--bundle", file, "--ledger", other, "-o", "json"], folder: stage.folder)
        #expect(result.status == 6, "\(result)")
        #expect(try document(result)["origin"] == "contradicted")
        #expect(try document(result)["sound"] == false)
        #expect(
            try document(result)["problem"]?.string
                == "The checkpoint is not a former head of \(other), which had another history.")
    }

    @Test("a ledger that the bundle was not taken from is no measure for it")
    func otherLedger() async throws {
        let stage = try await BundleStage()
        let file = await stage.bundle("pod/batch@1")
        let other = stage.folder + "/other.db"
        try Ledger.create(at: other).close()
        let given = await shipslog(["verify", "--bundle", file, "--ledger", other], folder: stage.folder)
        #expect(given.status == 2 && given.output == "")
        #expect(given.notices.hasPrefix("error: The bundle was not taken from the ledger \(other), but from another."))
        let standing = await shipslog(["verify", "--bundle", file, "-o", "json"], ledger: other, folder: stage.folder)
        #expect(standing.status == 0)
        #expect(try document(standing)["origin"] == "unknown")
    }

    @Test("another validator finds each line of a bundle, and each verdict, to be as the schema says")
    func schemas() async throws {
        let stage = try await BundleStage()
        var instances: [SchemaValidator.Instance] = []
        for file in [await stage.bundle("deploy/web-canary@1"), await stage.bundle("svc/cart@2", "--show-secrets")] {
            for line in try stage.bytes(file).split(separator: UInt8(ascii: "\n")) {
                instances.append(SchemaValidator.Instance(schema: "bundle", json: Data(line)))
            }
            let verdict = await stage.run(["verify", "--bundle", file, "-o", "json"])
            instances.append(SchemaValidator.Instance(schema: "verify-bundle", json: Data(verdict.output.utf8)))
        }
        try Data(try stage.bytes("svc-cart@2--show-secrets.shipslog").dropLast()).write(
            to: URL(fileURLWithPath: stage.folder + "/cut.shipslog"))
        let cut = await stage.run(["verify", "--bundle", "cut.shipslog", "-o", "json"])
        #expect(cut.status == 6)
        instances.append(SchemaValidator.Instance(schema: "verify-bundle", json: Data(cut.output.utf8)))
        #expect(try SchemaValidator.problems(in: instances, schemas: LedgerSchema.outputSchemas) == [])
    }

    private func document(_ result: CommandResult) throws -> JSONValue {
        try CanonicalJSON.decode(JSONValue.self, from: Data(result.output.utf8))
    }
}
