import Foundation
import RolloutModel
import Testing

@testable import Recording

/// An object of a watch line, as small as the observer lets it be.
private struct Thing {
    var kind: String
    var name: String
    var labels: [String: String] = [:]
    var owner: (kind: String, name: String)?
    /// Something that changes: the replicas of a workload, the phase of a pod, the address of an endpoint.
    var detail = 1

    func line(_ type: WatchEvent.Kind, version: Int) throws -> WatchEvent {
        var metadata: [String: JSONValue] = [
            "name": .string(name), "namespace": "shop", "uid": .string("uid-\(kind)-\(name)"),
            "resourceVersion": .string(String(version)), "creationTimestamp": "2026-01-01T00:00:00Z",
            "labels": .object(labels.mapValues(JSONValue.string)),
        ]
        if let owner {
            metadata["ownerReferences"] = [
                [
                    "kind": .string(owner.kind), "name": .string(owner.name),
                    "uid": .string("uid-\(owner.kind)-\(owner.name)"), "controller": true,
                ]
            ]
        }
        let template: JSONValue = ["spec": ["containers": [["name": "web", "image": "web:1"]]]]
        var object: [String: JSONValue] = ["kind": .string(kind), "metadata": .object(metadata)]
        switch kind {
        case "Deployment", "ReplicaSet":
            object["spec"] = ["replicas": .integer(Int64(detail)), "selector": [:], "template": template]
        case "Pod":
            object["spec"] = ["containers": [["name": "web", "image": "web:1"]]]
            object["status"] = ["phase": .string(detail == 1 ? "Pending" : "Running")]
        case "EndpointSlice": object["endpoints"] = [["addresses": [.string("10.0.0.\(detail)")]]]
        default: object["spec"] = ["selector": ["app": .string(name)]]
        }
        let json = try CanonicalJSON.encode(
            JSONValue.object(["type": .string(type.rawValue), "object": .object(object)]))
        return try JSONDecoder().decode(WatchEvent.self, from: json)
    }
}

@Suite struct SelectionTests {
    private static let web = Thing(kind: "Deployment", name: "web", labels: ["track": "live"])
    private static let set = Thing(kind: "ReplicaSet", name: "web-1", owner: ("Deployment", "web"))
    private static let pod = Thing(kind: "Pod", name: "web-1-a", owner: ("ReplicaSet", "web-1"))
    private static let service = Thing(kind: "Service", name: "shop", labels: ["track": "live"])
    private static let slice = Thing(kind: "EndpointSlice", name: "shop-1", owner: ("Service", "shop"))

    /// An observer of what has the label `track=live`, and the number of the last version it was shown.
    private struct Sight {
        var observer: Observer
        private var version = 0
        private var memory: [String: Data] = [:]

        init() throws {
            observer = Observer(
                cluster: "c", origin: .recorder, selector: try LabelSelector("track=live"))
            try observer.restore([:])
        }

        /// Shows a version of an object, and tells stream and type of each event, and whether it was inferred.
        mutating func show(_ type: WatchEvent.Kind, _ thing: Thing) throws -> [String] {
            version += 1
            let events = try observer.observe(try thing.line(type, version: version))
            return Self.told(events)
        }

        mutating func restart() throws {
            for (key, value) in try observer.takeMemory() { memory[key] = value }
            observer = Observer(cluster: "c", origin: .recorder, selector: observer.selector)
            try observer.restore(memory)
        }

        static func told(_ events: [Event]) -> [String] {
            events.map { "\($0.stream.subject) \($0.type)\($0.isInferred ? " (inferred)" : "")" }
        }
    }

    private static func relabelled(_ thing: Thing, _ labels: [String: String] = [:]) -> Thing {
        var thing = thing
        thing.labels = labels
        return thing
    }

    private static func changed(_ thing: Thing, labels: [String: String]? = nil) -> Thing {
        var thing = thing
        thing.detail += 1
        thing.labels = labels ?? thing.labels
        return thing
    }

    @Test("subjects are chosen by their own labels, and what they own goes with them, whatever labels it has")
    func chosen() throws {
        var sight = try Sight()
        #expect(
            try sight.show(.added, Self.web) == [
                "deployment/web deployment.created", "deployment/web deployment.labels_changed",
                "deployment/web deployment.status_observed",
            ])
        #expect(try sight.show(.added, Self.set) == ["deployment/web replicaset.created"])
        #expect(try sight.show(.added, Self.pod) == ["deployment/web pod.created"])
        #expect(
            try sight.show(.added, Self.service) == [
                "service/shop service.created", "service/shop service.labels_changed",
            ])
        #expect(try sight.show(.added, Self.slice) == ["service/shop endpoints.changed"])
        #expect(
            try sight.show(.added, Thing(kind: "Pod", name: "tool", labels: ["track": "live"])) == [
                "pod/tool pod.created"
            ])

        for other in [
            Thing(kind: "Deployment", name: "other"),
            Thing(kind: "ReplicaSet", name: "other-1", labels: ["track": "live"], owner: ("Deployment", "other")),
            Thing(kind: "Pod", name: "other-1-a", labels: ["track": "live"], owner: ("ReplicaSet", "other-1")),
            Thing(kind: "Pod", name: "job-a", labels: ["track": "live"], owner: ("Job", "job")),
            Thing(kind: "Service", name: "other"),
            Thing(kind: "EndpointSlice", name: "other-1", labels: ["track": "live"], owner: ("Service", "other")),
            Thing(kind: "Pod", name: "other"),
        ] {
            #expect(try sight.show(.added, other) == [], "\(other.kind) \(other.name)")
            #expect(try sight.show(.modified, Self.changed(other)) == [], "\(other.kind) \(other.name)")
            #expect(try sight.show(.deleted, other) == [], "\(other.kind) \(other.name)")
        }
        #expect(sight.observer.isSettled)
    }

    @Test("what comes before its owner waits until it is known whether that is chosen")
    func owners() throws {
        var sight = try Sight()
        let other = Thing(kind: "Deployment", name: "other")
        let set = Thing(kind: "ReplicaSet", name: "other-1", owner: ("Deployment", "other"))
        for thing in [Self.pod, Self.set, Self.slice, set] { #expect(try sight.show(.added, thing) == []) }
        #expect(!sight.observer.isSettled)
        #expect(
            try sight.show(.added, Self.web).suffix(2) == [
                "deployment/web replicaset.created", "deployment/web pod.created",
            ])
        #expect(try sight.show(.added, Self.service).last == "service/shop endpoints.changed")
        #expect(try sight.show(.added, other) == [])
        #expect(sight.observer.isSettled)
    }

    @Test(
        "a subject that ceases to match tells so and no more: not that it is gone, nor that anything of it is",
        arguments: [false, true])
    func ceasing(restarting: Bool) throws {
        var sight = try Sight()
        for thing in [Self.web, Self.set, Self.pod, Self.service, Self.slice] { _ = try sight.show(.added, thing) }
        #expect(
            try sight.show(.modified, Self.relabelled(Self.web)) == ["deployment/web deployment.labels_changed"])
        #expect(try sight.show(.modified, Self.relabelled(Self.service)) == ["service/shop service.labels_changed"])
        if restarting { try sight.restart() }
        for thing in [Self.web, Self.set, Self.pod, Self.service, Self.slice] {
            let unlabelled = Self.relabelled(thing)
            #expect(try sight.show(.modified, Self.changed(unlabelled)) == [], "\(thing.kind)")
        }
        for resource in ["deployments", "replicasets", "pods", "services", "endpointslices"] {
            sight.observer.beginList(of: resource)
            #expect(try sight.observer.endList(of: resource) == [])
        }
        #expect(sight.observer.objectCount == 0)
    }

    @Test(
        "a subject that begins to match is told from then on, and what it owns as soon as it changes",
        arguments: [false, true])
    func beginning(restarting: Bool) throws {
        var sight = try Sight()
        for thing in [Self.web, Self.set, Self.pod, Self.service, Self.slice] {
            #expect(try sight.show(.added, Self.relabelled(thing)) == [])
        }
        if restarting { try sight.restart() }
        #expect(
            try sight.show(.modified, Self.web) == [
                "deployment/web deployment.created (inferred)", "deployment/web deployment.labels_changed (inferred)",
                "deployment/web deployment.status_observed (inferred)",
            ])
        #expect(try sight.show(.modified, Self.set) == ["deployment/web replicaset.created (inferred)"])
        #expect(
            try sight.show(.modified, Self.changed(Self.pod)) == [
                "deployment/web pod.created (inferred)", "deployment/web pod.phase_observed (inferred)",
            ])
        #expect(
            try sight.show(.added, Thing(kind: "Pod", name: "web-1-b", owner: ("ReplicaSet", "web-1"))) == [
                "deployment/web pod.created"
            ])
        #expect(try sight.show(.modified, Self.service).first == "service/shop service.created (inferred)")
        #expect(try sight.show(.modified, Self.changed(Self.slice)) == ["service/shop endpoints.changed (inferred)"])
        #expect(try sight.show(.deleted, Self.web) == ["deployment/web deployment.deleted"])
        // Its ReplicaSet and pods go after it.
        #expect(try sight.show(.deleted, Self.pod).last == "deployment/web pod.deleted")
        #expect(try sight.show(.deleted, Self.set) == ["deployment/web replicaset.deleted"])
    }

    @Test("what is told of a chosen subject is what an observer of everything tells of it, under the same ids")
    func sameStatements() throws {
        var all = Observer(cluster: "c", origin: .recorder)
        var sight = try Sight()
        let other = Thing(kind: "Deployment", name: "other")
        var (told, chosen): (Set<Event>, Set<Event>) = ([], [])
        for (version, thing) in [
            Self.web, other, Self.set, Self.pod, Self.changed(Self.web), Self.relabelled(Self.web), Self.changed(other),
        ].enumerated() {
            let line = try thing.line(version < 4 ? .added : .modified, version: version + 1)
            told.formUnion(try all.observe(line))
            chosen.formUnion(try sight.observer.observe(line))
        }
        #expect(chosen == told.filter { $0.stream.name == "web" })
    }

    @Test("of core Events only those about what is chosen are told")
    func hints() throws {
        var sight = try Sight()
        let other = Thing(kind: "Deployment", name: "other")
        for thing in [Self.web, Self.set, Self.pod, other] { _ = try sight.show(.added, thing) }
        func hint(about kind: String, _ name: String) throws -> [String] {
            let line = """
                {"type":"ADDED","object":{"kind":"Event","metadata":{"name":"e-\(name)","namespace":"shop",\
                "uid":"e-\(name)","resourceVersion":"1"},"reason":"Said","message":"so",\
                "involvedObject":{"kind":"\(kind)","namespace":"shop","name":"\(name)","uid":"uid-\(kind)-\(name)"}}}
                """
            return Sight.told(
                try sight.observer.observe(try JSONDecoder().decode(WatchEvent.self, from: Data(line.utf8))))
        }
        #expect(try hint(about: "Pod", "web-1-a") == ["deployment/web hint.observed"])
        #expect(try hint(about: "Deployment", "other") == [])
        #expect(try hint(about: "Pod", "unheard-of") == [])
    }
}
