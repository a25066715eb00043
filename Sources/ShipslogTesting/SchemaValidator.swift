import Foundation
import LedgerSchema
import RolloutModel

/// A JSON Schema validator that is not ours: the Python package `jsonschema`, run once for many instances.
public enum SchemaValidator {
    /// JSON that is to be valid under the schema of some name.
    public struct Instance: Sendable {
        public var schema: String
        public var json: Data

        public init(schema: String, json: Data) {
            self.schema = schema
            self.json = json
        }
    }

    /// What is wrong with the instances under their schemas; nothing if all are valid.
    ///
    /// - Returns: One line for each problem, with the number of the instance, from 0, and its schema.
    /// - Throws: ``ShipslogError`` with code `notFound` if this machine has no Python with `jsonschema`; `internal` if
    ///   the validator itself fails: an instance is not JSON, say, or a schema
    ///   is no schema or missing.
    public static func problems(
        in instances: [Instance], schemas: [LedgerSchema.Document] = LedgerSchema.eventSchemas
    ) throws -> [String] {
        var lines = try schemas.map { schema in
            try CanonicalJSON.encode(["name": schema.name, "schema": String(decoding: schema.bytes, as: UTF8.self)])
        }
        lines += try instances.map { instance in
            try CanonicalJSON.encode(
                ["schema": instance.schema, "instance": String(decoding: instance.json, as: UTF8.self)]
            )
        }
        let run = try Program.run(try python(), ["-c", script], input: Data(lines.joined(separator: Data("\n".utf8))))
        guard run.status == 0 else {
            throw ShipslogError(.internal, "The schema validator failed: \(run.errors.suffix(2000))")
        }
        return run.output.split(separator: "\n").map(String.init)
    }

    /// The first Python that has the module: a machine may have one of its own beside the distribution's.
    private static func python() throws -> String {
        let path = ProcessInfo.processInfo.environment["PATH", default: ""].split(separator: ":").map(String.init)
        let candidates = (path + ["/usr/bin"]).map { "\($0)/python3" }
        let found = try candidates.first {
            try FileManager.default.isExecutableFile(atPath: $0)
                && Program.run($0, ["-c", "import jsonschema"]).status == 0
        }
        guard let found else {
            throw ShipslogError(
                .notFound, "There is no python3 with the module jsonschema.", hint: "Run tools/prerequisites test."
            )
        }
        return found
    }

    private static let script = """
        import json, sys
        from jsonschema import Draft202012Validator
        validators = {}
        number = 0
        for line in sys.stdin:
            entry = json.loads(line)
            if "name" in entry:
                schema = json.loads(entry["schema"])
                Draft202012Validator.check_schema(schema)
                validators[entry["name"]] = Draft202012Validator(schema)
                continue
            for error in validators[entry["schema"]].iter_errors(json.loads(entry["instance"])):
                print(f"{number} {entry['schema']}: {error.json_path}: {error.message[:500]!r}")
            number += 1
        """
}
