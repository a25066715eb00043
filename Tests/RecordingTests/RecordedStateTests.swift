import Foundation
import RolloutModel
import ShipslogTesting
import Testing

/// What one moment of a cluster looks like, in the terms that both a fold and the API's own objects can be put in.
struct Picture: Equatable {
    struct Deployment: Equatable {
        var images: [String]
        var counts: [Int]
        var paused: Bool
        var strategy: String
    }

    struct Pod: Equatable {
        var owner: String
        var images: [String]
        var phase: String
        var ready: Bool
        var restarts: Int
        var terminating: Bool
        var waiting: [String]
    }

    var deployments: [String: Deployment] = [:]
    var pods: [String: Pod] = [:]
    var selectors: [String: [String: String]] = [:]
    var readyPods: [String: [String]] = [:]
}

extension Picture {
    /// The picture that the folds give.
    init(_ states: [StreamName: SubjectState]) {
        for (stream, state) in states {
            switch state {
            case .deployment(let state):
                if state.uid != nil, !state.isDeleted {
                    deployments[stream.name] = Deployment(
                        images: Template.images(state.template),
                        counts: [
                            state.desired, state.status.updated, state.status.ready, state.status.available,
                            state.generation, state.status.observedGeneration,
                        ],
                        paused: state.paused, strategy: state.strategy.type
                    )
                }
                for pod in state.pods.values { add(pod, owner: stream.name) }
            case .pod(let state):
                if let pod = state.pod { add(pod, owner: "") }
            case .service(let state):
                if state.uid != nil, !state.isDeleted {
                    selectors[stream.name] = state.selector
                    readyPods[stream.name] = state.endpoints.filter(\.ready).compactMap(\.podName).sorted()
                }
            case .none:
                break
            }
        }
    }

    private mutating func add(_ pod: PodState, owner: String) {
        pods[pod.name] = Pod(
            owner: owner, images: pod.containers.map(\.image), phase: pod.phase, ready: pod.ready,
            restarts: pod.restarts,
            terminating: pod.terminating, waiting: pod.stuck.values.map(\.reason).sorted()
        )
    }

    /// The picture that the API's own objects give, read without any code of the product.
    init(objects: [[String: Any]]) {
        var ownersByUID: [String: String] = [:]
        for object in objects where object["kind"] as? String == "ReplicaSet" {
            ownersByUID[object.text("metadata", "uid")] = object.owner["name"] as? String
        }
        for object in objects {
            let name = object.text("metadata", "name")
            let spec = object.dictionary("spec")
            let status = object.dictionary("status")
            switch object["kind"] as? String {
            case "Deployment":
                deployments[name] = Deployment(
                    images: spec.dictionary("template").dictionary("spec").images,
                    counts: [
                        spec.number("replicas"), status.number("updatedReplicas"), status.number("readyReplicas"),
                        status.number("availableReplicas"), object.dictionary("metadata").number("generation"),
                        status.number("observedGeneration"),
                    ],
                    paused: spec["paused"] as? Bool ?? false,
                    strategy: spec.dictionary("strategy")["type"] as? String ?? ""
                )
            case "Pod":
                let containers = status["containerStatuses"] as? [[String: Any]] ?? []
                let conditions = status["conditions"] as? [[String: Any]] ?? []
                pods[name] = Pod(
                    owner: ownersByUID[object.owner["uid"] as? String ?? ""] ?? "", images: spec.images,
                    phase: status["phase"] as? String ?? "Pending",
                    ready: conditions.contains {
                        $0["type"] as? String == "Ready" && $0["status"] as? String == "True"
                    },
                    restarts: containers.map { $0.number("restartCount") }.reduce(0, +),
                    terminating: object.dictionary("metadata")["deletionTimestamp"] != nil,
                    waiting: containers.compactMap { $0.dictionary("state").dictionary("waiting")["reason"] as? String }
                        .sorted()
                )
            case "Service":
                selectors[name] = spec["selector"] as? [String: String] ?? [:]
                readyPods[name] = readyPods[name] ?? []
            case "EndpointSlice":
                let service =
                    object.dictionary("metadata").dictionary("labels")["kubernetes.io/service-name"] as? String ?? ""
                let endpoints = object["endpoints"] as? [[String: Any]] ?? []
                readyPods[service, default: []] += endpoints.filter {
                    $0.dictionary("conditions")["ready"] as? Bool ?? true
                }
                .map { $0.text("targetRef", "name") }
                readyPods[service]?.sort()
            default:
                break
            }
        }
    }
}

extension [String: Any] {
    func dictionary(_ key: String) -> [String: Any] { self[key] as? [String: Any] ?? [:] }
    func number(_ key: String) -> Int { self[key] as? Int ?? 0 }
    func text(_ outer: String, _ inner: String) -> String { dictionary(outer)[inner] as? String ?? "" }
    var images: [String] { (self["containers"] as? [[String: Any]] ?? []).compactMap { $0["image"] as? String } }
    var owner: [String: Any] {
        (dictionary("metadata")["ownerReferences"] as? [[String: Any]] ?? []).first {
            $0["controller"] as? Bool == true
        } ?? [:]
    }
}

@Suite struct RecordedStateTests {
    /// The lines of all streams, each with its resourceVersion.
    static func lines() throws -> [(version: Int, type: String, object: [String: Any])] {
        try Fixtures.watchStreams(of: "kubernetes-1.20").flatMap { path in
            try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map { line in
                let json = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
                let object = json.dictionary("object")
                return (
                    try #require(Int(object.text("metadata", "resourceVersion"))), json["type"] as? String ?? "", object
                )
            }
        }
    }

    static func resourceVersion(_ event: RecordedEvent) throws -> Int {
        let payload = try #require(try JSONSerialization.jsonObject(with: event.event.payload) as? [String: Any])
        return try #require(Int(payload.text("object", "resourceVersion")))
    }

    @Test("the state at the end is what the API server said at the end")
    func final() async throws {
        let data = try Data(contentsOf: Fixtures.url("kubernetes-1.20/final.json"))
        let json = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let items = try #require(json["items"] as? [[String: Any]])
        var recorded = Picture(try await recordedHistory().states)
        let expected = Picture(objects: items)
        // The final listing holds no EndpointSlices.
        if !items.contains(where: { $0["kind"] as? String == "EndpointSlice" }) {
            recorded.readyPods = expected.readyPods
        }
        #expect(recorded.deployments.count == 4)
        #expect(recorded == expected)
    }

    @Test(
        "the state at a moment is what the objects' newest versions of that moment say",
        arguments: [378, 440, 505, 590, 612, 655, 740, 900, 975, 1100, 1260, 1400, 1500, 1619]
    )
    func past(moment: Int) async throws {
        var newest: [String: [String: Any]] = [:]
        var versions: [String: Int] = [:]
        for line in try Self.lines() where line.version <= moment && line.object["kind"] as? String != "Event" {
            let uid = line.object.text("metadata", "uid")
            guard line.version >= versions[uid] ?? 0 else { continue }
            versions[uid] = line.version
            newest[uid] = line.type == "DELETED" ? nil : line.object
        }
        let history = try await recordedHistory()
        let states = try await history.states { try Self.resourceVersion($0) <= moment }
        #expect(Picture(states) == Picture(objects: Array(newest.values)))
        #expect(!newest.isEmpty)
    }
}
