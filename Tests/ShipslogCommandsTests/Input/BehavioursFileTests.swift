import Foundation
import LedgerSchema
import RolloutModel
import ShipslogTesting
import Testing

@testable import ShipslogCommands

@Suite("Behaviours files")
struct BehavioursFileTests {
    private static let example = Fixtures.folder.deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("schema/examples/behaviours.yaml").path

    @Test("the example is read, and valid under its schema as another validator judges")
    func example() throws {
        let behaviours = try YAMLInput.behaviours(at: Self.example)
        #expect(behaviours.seed == 7)
        #expect(
            behaviours.rules.map(\.match.image?.text) == [
                "*:bad", "*:crash", nil, "*:stuck", nil, nil, "batch:*", nil, nil,
            ])
        let documents = try YAMLInput.documents(at: Self.example)
        let instances = try documents.map {
            SchemaValidator.Instance(schema: "behaviours", json: try CanonicalJSON.encode($0))
        }
        #expect(instances.count == 1)
        #expect(try SchemaValidator.problems(in: instances, schemas: LedgerSchema.inputSchemas) == [])
    }

    @Test(
        "the schema refuses what the program refuses",
        arguments: [
            "rules: [{redy: never}]", "rules: [{ready: soon}]", "rules: [{start: {after: 5}}]",
            "rules: [{exit: {code: 256}}]", "rules: [{ready: {flips: {for: 1s}}}]", "rules: [{match: {revision: 0}}]",
            "rules: [{match: {labels: {a: 1}}}]", "rules: [{exit: {times: 0}}]", "rules: {}", "sead: 1",
        ])
    func refused(rest: String) throws {
        let documents = try YAMLInput.documents(
            "apiVersion: shipslog/v1\nkind: PodBehaviours\n\(rest)", name: "behaviours.yaml")
        let document = try #require(documents.first)
        #expect(throws: ShipslogError.self) { try PodBehaviours(document) }
        let instance = SchemaValidator.Instance(schema: "behaviours", json: try CanonicalJSON.encode(document))
        #expect(try !SchemaValidator.problems(in: [instance], schemas: LedgerSchema.inputSchemas).isEmpty)
    }

    @Test("an error names the file, and where in it")
    func errors() throws {
        let folder = try TemporaryFolder()
        func message(_ text: String) throws -> String? {
            try Data(text.utf8).write(to: URL(fileURLWithPath: folder.file("b.yaml")))
            let error = #expect(throws: ShipslogError.self) { try YAMLInput.behaviours(at: folder.file("b.yaml")) }
            return error?.message.replacingOccurrences(of: folder.file("b.yaml"), with: "b.yaml")
        }
        let head = "apiVersion: shipslog/v1\nkind: PodBehaviours\n"
        #expect(
            try message(head + "rules: [{exit: {code: -1}}]")
                == "b.yaml, line 3: rules[0].exit.code must be a whole number from 0 to 255.")
        #expect(try message("") == "b.yaml holds 0 documents where one PodBehaviours is expected.")
        #expect(try message("a: [") == "b.yaml is no YAML: did not find expected node content, in line 2.")
        // Also in a document after the first.
        #expect(try message(head + "---\na: [")?.hasPrefix("b.yaml is no YAML: ") == true)
        #expect(try message("a: 1\na: 2") == "b.yaml is no YAML: the key \"a\" is there twice.")
        let missing = #expect(throws: ShipslogError.self) { try YAMLInput.behaviours(at: folder.file("none.yaml")) }
        #expect(missing?.code == .notFound)
    }

    @Test("quoted scalars are texts, plain ones what they look like")
    func scalars() throws {
        let documents = try YAMLInput.documents(
            "a: 1\nb: '1'\nc: true\nd: \"true\"\ne: null\nf: 1.5\ng: 1.25.0\nh: ~\n---\n---\n[x, {y: z}]", name: "x")
        #expect(
            documents == [
                .object([
                    "a": .integer(1), "b": .string("1"), "c": .bool(true), "d": .string("true"), "e": .null,
                    "f": .number(1.5), "g": .string("1.25.0"), "h": .null,
                ]),
                .array([.string("x"), .object(["y": .string("z")])]),
            ])
    }
}
