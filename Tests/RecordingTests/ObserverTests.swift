import Foundation
import RolloutModel
import ShipslogTesting
import Testing

@testable import Recording

/// Watch lines made by hand, as small as the observer lets them be.
enum Lines {
    static func pod(
        _ name: String, uid: String, version: Int, owner: String? = nil, ready: Bool = false, phase: String = "Pending",
        type: String = "ADDED"
    ) -> String {
        let owners =
            owner.map {
                #","ownerReferences":[{"kind":"ReplicaSet","name":"web-1","uid":"\#($0)","controller":true}]"#
            } ?? ""
        return """
            {"type":"\(type)","object":{"kind":"Pod","metadata":{"name":"\(name)","namespace":"shop","uid":"\(uid)",\
            "resourceVersion":"\(version)","creationTimestamp":"2026-01-01T00:00:00Z"\(owners)},\
            "spec":{"containers":[{"name":"web","image":"web:1"}]},"status":{"phase":"\(phase)",\
            "conditions":[{"type":"Ready","status":"\(ready ? "True" : "False")"}]}}}
            """
    }

    static func replicaSet(uid: String, version: Int, deployment: String = "web", type: String = "ADDED") -> String {
        """
        {"type":"\(type)","object":{"kind":"ReplicaSet","metadata":{"name":"web-1","namespace":"shop","uid":"\(uid)",\
        "resourceVersion":"\(version)","creationTimestamp":"2026-01-01T00:00:00Z",\
        "ownerReferences":[{"kind":"Deployment","name":"\(deployment)","uid":"d1","controller":true}]},\
        "spec":{"replicas":1,"template":{"spec":{"containers":[{"name":"web","image":"web:1"}]}}}}}
        """
    }

    static func deployment(version: Int, generation: Int, image: String = "web:1", type: String = "ADDED") -> String {
        """
        {"type":"\(type)","object":{"kind":"Deployment","metadata":{"name":"web","namespace":"shop","uid":"d1",\
        "resourceVersion":"\(version)","generation":\(generation),"creationTimestamp":"2026-01-01T00:00:00Z",\
        "managedFields":[{"manager":"kubectl-set","time":"2026-02-01T00:00:00Z","fieldsV1":{"f:spec":{"f:template":{}}}}]},\
        "spec":{"replicas":1,"selector":{},"template":{"spec":{"containers":[{"name":"web","image":"\(image)"}]}}}}}
        """
    }

    static func bookmark(kind: String, version: Int, endsInitialEvents: Bool) -> String {
        let annotations = endsInitialEvents ? #","annotations":{"k8s.io/initial-events-end":"true"}"# : ""
        return """
            {"type":"BOOKMARK","object":{"kind":"\(kind)","metadata":{"resourceVersion":"\(version)"\(annotations)}}}
            """
    }
}

extension Observer {
    mutating func observe(_ line: String) throws -> [Event] {
        try observe(try JSONDecoder().decode(WatchEvent.self, from: Data(line.utf8)))
    }
}

extension [Event] {
    /// Stream and type of each, and whether it was inferred.
    var told: [String] {
        map { "\($0.stream.subject) \($0.type)\($0.isInferred ? " (inferred)" : "")" }
    }
}

@Suite struct ObserverTests {
    @Test("the template of a Deployment first seen in the middle of its life is not dated back to its creation")
    func middleAged() throws {
        func firstTime(generation: Int) throws -> String? {
            var observer = Observer(cluster: "c", origin: .import)
            return try observer.observe(Lines.deployment(version: 10, generation: generation)).first?.occurredAt.rfc3339
        }
        #expect(try firstTime(generation: 1) == "2026-01-01T00:00:00Z")
        #expect(try firstTime(generation: 57) == "2026-02-01T00:00:00Z")
    }

    @Test("that pods can be made again is told, which the controller says by taking its condition away")
    func failureIsOver() throws {
        func line(_ version: Int, _ conditions: String) -> String {
            Lines.deployment(version: version, generation: 1, type: "MODIFIED").replacing(
                #""spec":{"replicas":1"#, with: #""status":{"conditions":[\#(conditions)]},"spec":{"replicas":1"#)
        }
        let failure = #"{"type":"ReplicaFailure","status":"True","reason":"FailedCreate","message":"exceeded quota"}"#
        var observer = Observer(cluster: "c", origin: .import)
        var told: [String] = []
        for text in [line(10, ""), line(11, failure), line(12, failure), line(13, ""), line(14, "")] {
            for event in try observer.observe(text) {
                guard case .deploymentConditionObserved(let fact) = try event.fact() else { continue }
                told.append("\(fact.object.resourceVersion) \(fact.type) \(fact.status) \(fact.reason ?? "-")")
            }
        }
        #expect(told == ["11 ReplicaFailure True FailedCreate", "13 ReplicaFailure False -"])
    }

    @Test("a version seen twice, and an older one, tell nothing")
    func repeated() throws {
        var observer = Observer(cluster: "c", origin: .import)
        _ = try observer.observe(Lines.pod("a", uid: "1", version: 10))
        #expect(try observer.observe(Lines.pod("a", uid: "1", version: 10, ready: true, type: "MODIFIED")).told == [])
        #expect(try observer.observe(Lines.pod("a", uid: "1", version: 9, ready: true, type: "MODIFIED")).told == [])
        let ready = try observer.observe(Lines.pod("a", uid: "1", version: 11, ready: true, type: "MODIFIED"))
        #expect(ready.told == ["pod/a pod.readiness_observed"])
    }

    @Test("a pod whose ReplicaSet comes later waits for it, and is then told in the Deployment's stream")
    func lateReplicaSet() throws {
        var observer = Observer(cluster: "c", origin: .import)
        #expect(try observer.observe(Lines.pod("web-1-a", uid: "p", version: 5, owner: "rs")).told == [])
        let events = try observer.observe(Lines.replicaSet(uid: "rs", version: 9))
        #expect(events.told == ["deployment/web replicaset.created", "deployment/web pod.created"])
        #expect(try observer.finish().told == [])
    }

    @Test("a pod whose ReplicaSet never comes is told in the end, under the ReplicaSet it names")
    func orphan() throws {
        var observer = Observer(cluster: "c", origin: .import)
        _ = try observer.observe(Lines.pod("web-1-a", uid: "p", version: 5, owner: "rs"))
        #expect(try observer.finish().told == ["replicaset/web-1 pod.created"])
    }

    @Test("a pod that is heard of after its ReplicaSet is gone still belongs to the Deployment")
    func latePod() throws {
        var observer = Observer(cluster: "c", origin: .import)
        _ = try observer.observe(Lines.replicaSet(uid: "rs", version: 1))
        _ = try observer.observe(Lines.replicaSet(uid: "rs", version: 2, type: "DELETED"))
        let events = try observer.observe(Lines.pod("web-1-a", uid: "p", version: 3, owner: "rs"))
        #expect(events.told == ["deployment/web pod.created"])
    }

    @Test("a new object under an old name tells that the old one is gone")
    func namesake() throws {
        var observer = Observer(cluster: "c", origin: .import)
        _ = try observer.observe(Lines.pod("a", uid: "1", version: 1))
        let events = try observer.observe(Lines.pod("a", uid: "2", version: 7))
        #expect(events.told == ["pod/a pod.deleted (inferred)", "pod/a pod.created"])
    }

    @Test("an object first seen in the middle of its life is marked inferred")
    func middleOfLife() throws {
        var observer = Observer(cluster: "c", origin: .import)
        let events = try observer.observe(Lines.pod("a", uid: "1", version: 8, phase: "Running", type: "MODIFIED"))
        #expect(events.told == ["pod/a pod.created (inferred)", "pod/a pod.phase_observed (inferred)"])
    }

    @Test("after a gap, what has changed and what has vanished is inferred, once the list is complete")
    func gap() throws {
        var observer = Observer(cluster: "c", origin: .import)
        _ = try observer.observe(Lines.pod("a", uid: "1", version: 1))
        _ = try observer.observe(Lines.pod("b", uid: "2", version: 2))
        let status = try JSONDecoder().decode(
            Status.self,
            from: Data(#"{"code":410,"reason":"Expired","message":"too old resource version: 2 (50)"}"#.utf8))
        let gap = try observer.observeGap(resource: "pods", status: status)
        #expect(gap.told == ["recording/pods recording.gap"])
        let expected = RecordingGap(
            resource: "pods", fromResourceVersion: "2", reason: "410 Expired: too old resource version: 2 (50)")
        #expect(try gap.map { try $0.fact() } == [.recordingGap(expected)])
        let again = try observer.observe(Lines.pod("a", uid: "1", version: 60, ready: true))
        #expect(again.told == ["pod/a pod.readiness_observed (inferred)"])
        let end = try observer.observe(Lines.bookmark(kind: "Pod", version: 61, endsInitialEvents: true))
        #expect(end.told == ["pod/b pod.deleted (inferred)"])
        let later = try observer.observe(Lines.pod("a", uid: "1", version: 62, type: "MODIFIED"))
        #expect(later.told == ["pod/a pod.readiness_observed"])
    }

    @Test("a bookmark in the middle of a watch is no event")
    func bookmark() throws {
        var observer = Observer(cluster: "c", origin: .import)
        #expect(try observer.observe(Lines.bookmark(kind: "Pod", version: 61, endsInitialEvents: false)) == [])
    }

    @Test("an observer that starts later states the same facts under the same ids")
    func lateStarter() throws {
        let lines = try Fixtures.watchStreams(of: "kubernetes-1.20").flatMap { path in
            try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
        }
        let decoder = JSONDecoder()
        let watch = try lines.map { try decoder.decode(WatchEvent.self, from: Data($0.utf8)) }.sorted {
            ResourceVersion($0.resourceVersion ?? "")! < ResourceVersion($1.resourceVersion ?? "")!
        }
        func record(_ lines: ArraySlice<WatchEvent>) throws -> [Event] {
            var observer = Observer(cluster: "c", origin: .import)
            return try lines.flatMap { try observer.observe($0) } + observer.finish()
        }
        let whole = Dictionary(uniqueKeysWithValues: try record(watch[...]).map { ($0.id, $0) })
        for start in [100, 300, 700] {
            for event in try record(watch[start...]) {
                guard let same = whole[event.id] else { continue }
                #expect(event.stream == same.stream && event.type == same.type && event.payload == same.payload)
            }
        }
    }
}

@Suite struct ResourceVersionTests {
    @Test("versions are compared as numbers of any length")
    func order() throws {
        let texts = ["9", "10", "0100", "99999999999999999999", "100000000000000000000"]
        let versions = try texts.map { try #require(ResourceVersion($0)) }
        #expect(versions.sorted() == versions)
        #expect(ResourceVersion("007") == ResourceVersion("7"))
        #expect(ResourceVersion("abc") == nil && ResourceVersion("") == nil)
    }
}
