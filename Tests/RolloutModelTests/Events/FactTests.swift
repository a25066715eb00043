import Foundation
import RolloutModel
import Testing

@Suite struct FactTests {
    @Test("there is a sample of every type, so that the tests below leave none out")
    func samplesAreComplete() {
        #expect(Set(FactSamples.all.map(\.type)) == Set(EventType.all))
        #expect(EventType.all.count == 60)
    }

    @Test("a fact is read back as it was written, and written again in the same bytes")
    func roundTrip() throws {
        for fact in FactSamples.all {
            let payload = try fact.encodePayload()
            let read = try Fact(type: fact.type, schemaVersion: 1, payload: payload)
            #expect(read == fact)
            #expect(try read.encodePayload() == payload)
        }
    }

    @Test("the bytes of a payload are the documented ones")
    func goldenPayload() throws {
        let fact = Fact.podReadinessObserved(
            PodReadinessObserved(
                object: ObjectVersion(
                    kind: "Pod", namespace: "shop", name: "web-5d9c-x", uid: "p1", resourceVersion: "42"
                ),
                ready: true, since: Timestamp(microseconds: 1_767_225_600_000_000)
            )
        )
        let object = #"{"kind":"Pod","name":"web-5d9c-x","namespace":"shop","resourceVersion":"42","uid":"p1"}"#
        let expected = #"{"object":\#(object),"ready":true,"since":"2026-01-01T00:00:00Z"}"#
        #expect(String(decoding: try fact.encodePayload(), as: UTF8.self) == expected)
    }

    @Test("an event of a fact carries its type, version and payload")
    func event() throws {
        let fact = try #require(FactSamples.all.first)
        let stream = StreamName(cluster: "prod", namespace: "shop", kind: "deployment", name: "web")
        let time = Timestamp(microseconds: 1)
        let id = EventID.derived(from: ["x"])
        let event = try Event(id: id, stream: stream, fact: fact, occurredAt: time, origin: .import)
        #expect(
            event
                == Event(
                    id: id, stream: stream, type: EventType(rawValue: "deployment.created"), schemaVersion: 1,
                    occurredAt: time, origin: .import, payload: try fact.encodePayload()
                )
        )
        #expect(try event.fact() == fact)
    }

    @Test("an unknown type asks for an upgrade")
    func unknownType() {
        let error = #expect(throws: ShipslogError.self) {
            try Fact(type: EventType(rawValue: "ship.sunk"), schemaVersion: 1, payload: Data("{}".utf8))
        }
        #expect(error?.code == .unsupportedSchema)
        #expect(error?.message.contains("ship.sunk") == true)
    }

    @Test("a version that is not known asks for an upgrade", arguments: [Int.min, 0, 2, .max])
    func unknownVersion(version: Int) {
        let error = #expect(throws: ShipslogError.self) {
            try Fact(type: EventType(rawValue: "pod.deleted"), schemaVersion: version, payload: Data("{}".utf8))
        }
        #expect(error?.code == .unsupportedSchema)
    }

    @Test("a payload of another shape is evidence of tampering", arguments: ["", "{", "[]", "{}", #"{"object":1}"#])
    func malformedPayload(payload: String) {
        for type in EventType.all {
            let error = #expect(throws: ShipslogError.self) {
                try Fact(type: type, schemaVersion: 1, payload: Data(payload.utf8))
            }
            #expect(error?.code == .tampered)
        }
    }
}

@Suite struct UpcastTests {
    private let type = EventType(rawValue: "pod.deleted")
    private var steps: [EventType: [Upcast.Step]] {
        [
            type: [
                { old in
                    var new = old
                    new["second"] = .integer(2)
                    return new
                },
                { old in
                    var new = old
                    new["third"] = old["second"]
                    return new
                },
            ]
        ]
    }

    @Test(
        "a payload goes through the steps after its version, in order",
        arguments: [(1, #"{"a":1,"second":2,"third":2}"#), (2, #"{"a":1}"#), (3, #"{"a":1}"#)]
    )
    func steps(version: Int, expected: String) throws {
        let current = try Upcast.toCurrent(
            type: type, schemaVersion: version, payload: Data(#"{"a":1}"#.utf8), steps: steps
        )
        #expect(String(decoding: current, as: UTF8.self) == expected)
    }

    @Test("a payload in the newest version is handed on byte for byte")
    func newestIsUntouched() throws {
        let payload = Data(#"{ "b":1, "a":2 }"#.utf8)
        #expect(try Upcast.toCurrent(type: type, schemaVersion: 3, payload: payload, steps: steps) == payload)
        #expect(try Upcast.toCurrent(type: type, schemaVersion: 1, payload: payload, steps: [:]) == payload)
    }
}
