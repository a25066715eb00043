import GRDB
import LedgerSchema
import RolloutModel

/// Verifies the lowest layer: the file as an SQLite database.
struct PageVerifier {
    let database: Database

    func verify() throws -> VerificationReport.Layer {
        let pages = try database.query("PRAGMA page_count").first { $0.integer(0) } ?? 0
        var layer = VerificationReport.Layer(kind: .pages, summary: "\(pages) pages")
        let message = try integrityMessage() ?? schemaMessage()
        layer.problem = message.map { VerificationReport.Problem(position: nil, message: $0) }
        return layer
    }

    private func integrityMessage() throws -> String? {
        let finding = try database.query("PRAGMA integrity_check(1)").first { $0.text(0) }
        return finding == "ok" ? nil : "SQLite finds the file damaged: \(finding ?? "it says nothing")."
    }

    /// A trigger that is gone, or says something else, would let the next change pass.
    private func schemaMessage() throws -> String? {
        let expected = try DatabaseQueue().unsafeRead { fresh in
            for migration in LedgerSchema.migrations { try fresh.execute(sql: migration) }
            return try Self.objects(of: fresh)
        }
        let actual = try Self.objects(of: database)
        for (name, sql) in expected.sorted(by: { $0.key < $1.key }) where actual[name] != sql {
            return "The schema's \(name) is \(actual[name] == nil ? "missing" : "not as it was made")."
        }
        guard let stray = actual.keys.filter({ expected[$0] == nil }).min() else { return nil }
        return "The schema has a \(stray) that no ledger has."
    }

    /// The statements that made the objects of a schema, by kind and name.
    private static func objects(of database: Database) throws -> [String: String] {
        var objects: [String: String] = [:]
        try database.query("SELECT type || ' ' || name, tbl_name || ' ' || coalesce(sql, '') FROM sqlite_schema")
            .forEach { objects[$0.text(0)] = $0.text(1) }
        return objects
    }
}
