import Foundation
import RolloutModel
import Testing

@testable import Recording

/// To whose history an object goes whose makers wrote what they liked into it.
@Suite struct PlacementTests {
    private static func object(_ kind: String, _ metadata: String, _ rest: String = "") -> String {
        """
        {"type":"ADDED","object":{"kind":"\(kind)","metadata":{"namespace":"shop","uid":"u1","resourceVersion":"5",\
        \(metadata)}\(rest)}}
        """
    }

    private func told(_ line: String) throws -> [String] {
        var observer = Observer(cluster: "c", origin: .recorder)
        return try (observer.observe(line) + observer.finish()).told
    }

    @Test(
        "a pod of an owner whose name no history can bear has a history of its own",
        arguments: [
            ("A/B", "web"), ("Job", "a/b"), ("Job", ""), ("ReplicaSet", "a/b"),
            ("Job", String(repeating: "x", count: 254)),
            (String(repeating: "İ", count: 126), "web"), ("Job", "a\\u0007"),
        ])
    func strangeOwner(kind: String, name: String) throws {
        let owner = #"{"kind":"\#(kind)","name":"\#(name)","uid":"o","controller":true}"#
        let pod = Self.object("Pod", #""name":"a","ownerReferences":[\#(owner)]"#, #","spec":{"containers":[]}"#)
        #expect(try told(pod) == ["pod/a pod.created"])
    }

    @Test(
        "a slice belongs to the Service that it names by its label, or if that is empty, by its owner",
        arguments: [
            (#","labels":{"kubernetes.io/service-name":"cart"}"#, "service/cart"),
            (#","labels":{"kubernetes.io/service-name":""}"#, "endpointslice/s"),
            (
                #","labels":{"kubernetes.io/service-name":""},"ownerReferences":[{"kind":"Service","name":"web","uid":"w"}]"#,
                "service/web"
            ),
            (#","ownerReferences":[{"kind":"Service","name":"a/b","uid":"w"}]"#, "endpointslice/s"),
        ])
    func slices(metadata: String, subject: String) throws {
        let slice = Self.object("EndpointSlice", #""name":"s"\#(metadata)"#)
        #expect(try told(slice) == ["\(subject) endpoints.changed"])
    }

    @Test(
        "a hint goes to what it is about, in the namespace that it names or else its own, if there can be such a thing",
        arguments: [
            (#""kind":"Pod","namespace":"cart","name":"a""#, ["c/cart/pod/a"]),
            (#""kind":"Pod","namespace":"","name":"a""#, ["c/shop/pod/a"]),
            (#""kind":"Pod","namespace":"a/b","name":"a""#, []),
            (#""kind":"Pod","name":"a/b""#, []),
            (#""kind":"Pod","name":"""#, []),
            (#""name":"a""#, []),
        ])
    func hints(about: String, streams: [String]) throws {
        var observer = Observer(cluster: "c", origin: .recorder)
        let hint = Self.object("Event", #""name":"e""#, #","reason":"Said","involvedObject":{\#(about)}"#)
        #expect(try observer.observe(hint).map(\.stream.description) == streams)
    }

    @Test("an object whose own name no API server lets pass is refused")
    func strangeName() throws {
        let pod = Self.object("Pod", #""name":"a/b""#, #","spec":{"containers":[]}"#)
        let refusal = #expect(throws: BrokenLine.Refusal.self) { try told(pod) }
        #expect(refusal?.reason == "object.metadata.name is not a name that Kubernetes allows")
    }

    @Test("a gap of a resource that no cluster has is noted all the same")
    func strangeResource() throws {
        var observer = Observer(cluster: "c", origin: .import)
        let status = try JSONDecoder().decode(Status.self, from: Data(#"{"code":410,"reason":"Expired"}"#.utf8))
        let events = try observer.observeGap(resource: "a/bs", status: status)
        #expect(events.told == ["recording/objects recording.gap"])
        #expect(
            try events.map { try $0.fact() } == [.recordingGap(RecordingGap(resource: "a/bs", reason: "410 Expired"))])
    }
}
