import Foundation
import LedgerSchema
import RolloutModel
import ShipslogTesting
import Testing

@Suite struct EventSchemaTests {
    @Test("every type has a schema, and every schema has a type")
    func complete() throws {
        #expect(LedgerSchema.eventSchemas.map(\.name) == EventType.all.map(\.rawValue))
        for schema in LedgerSchema.eventSchemas {
            let document = try CanonicalJSON.decode(JSONValue.self, from: Data(schema.bytes))
            #expect(document["title"]?.string == schema.name)
        }
    }

    @Test("a part that several schemas share is the same in each")
    func sharedParts() throws {
        var parts: [String: Set<JSONValue>] = [:]
        for schema in LedgerSchema.eventSchemas {
            let document = try CanonicalJSON.decode(JSONValue.self, from: Data(schema.bytes))
            for (name, part) in document["$defs"]?.object ?? [:] { parts[name, default: []].insert(part) }
        }
        #expect(parts.filter { $0.value.count > 1 }.keys.sorted() == [])
    }

    @Test("every fact is valid under its schema, as another validator judges")
    func samplesAreValid() throws {
        let instances = try FactSamples.all.map {
            SchemaValidator.Instance(schema: $0.type.rawValue, json: try $0.encodePayload())
        }
        #expect(try SchemaValidator.problems(in: instances) == [])
    }

    @Test("no schema lets pass what no fact says, or less than a fact must say")
    func schemasAreStrict() throws {
        var instances: [SchemaValidator.Instance] = []
        for fact in FactSamples.all {
            let payload = try CanonicalJSON.decode(JSONValue.self, from: try fact.encodePayload())
            var more = payload
            more["surplus"] = .integer(1)
            let changed = [more, .object([:]), .array([payload])]
            instances += try changed.map {
                SchemaValidator.Instance(schema: fact.type.rawValue, json: try CanonicalJSON.encode($0))
            }
        }
        let problems = try SchemaValidator.problems(in: instances)
        let refused = Set(problems.compactMap { $0.split(separator: " ").first.flatMap { Int($0) } })
        #expect(refused == Set(instances.indices))
    }

    @Test("what the validator cannot judge is an error, not a pass")
    func validatorFails() throws {
        let error = #expect(throws: ShipslogError.self) {
            try SchemaValidator.problems(in: [SchemaValidator.Instance(schema: "ship.sunk", json: Data("{}".utf8))])
        }
        #expect(error?.code == .internal)
    }
}
