import EventLedger
import Foundation
import RolloutModel
import ShipslogTesting
import Testing

@testable import ShipslogCommands

@Suite("The history of what is gone")
struct HistoryTests {
    /// Appends what comes next in the history of the Deployment `web`.
    private func append(_ fact: Fact, to ledger: Ledger, _ stream: StreamName, at time: Timestamp) async throws {
        let event = try Event(
            id: .derived(from: [fact.type.rawValue, time.rfc3339]), stream: stream, fact: fact, occurredAt: time,
            origin: .recorder)
        _ = try await ledger.append([event])
    }

    @Test("a deleted Deployment keeps all its revisions, also when one of the same name goes on")
    func deleted() async throws {
        let temporary = try await recordedLedger()
        let ledger = temporary.ledger
        let stream = try #require(ledger.streams(kind: "deployment", name: "web").first)
        guard case .deployment(let state) = try ledger.state(of: stream) else {
            Issue.record("\(stream) is no Deployment.")
            return
        }
        let before = await shipslog(["history", "deploy/web"], ledger: temporary.path)
        #expect(before.status == 0 && before.output.split(separator: "\n").count == 5)

        func version(_ uid: String, _ number: String) -> ObjectVersion {
            ObjectVersion(
                kind: "Deployment", namespace: stream.namespace, name: stream.name, uid: uid, resourceVersion: number)
        }
        let deletion = try ObjectDeleted(object: version(#require(state.uid), "900001"))
        try await append(.deploymentDeleted(deletion), to: ledger, stream, at: testNow)
        let after = await shipslog(["history", "deploy/web"], ledger: temporary.path)
        #expect(after == before)
        let rollouts = await shipslog(["rollouts", "deploy/web", "-o", "name"], ledger: temporary.path)
        #expect(rollouts.output == (1...5).map { "deploy/web@\($0)\n" }.joined())

        let template: JSONValue = ["spec": ["containers": [["name": "nginx", "image": "nginx:1.30"]]]]
        let creation = DeploymentCreated(
            object: version("another", "900002"), createdAt: testNow, generation: 1, replicas: 1, paused: false,
            selector: [:], strategy: state.strategy, template: template)
        try await append(.deploymentCreated(creation), to: ledger, stream, at: testNow)
        let again = await shipslog(["history", "deploy/web", "-o", "json"], ledger: temporary.path)
        let revisions = try CanonicalJSON.decode([JSONValue].self, from: Data(again.output.utf8))
        #expect(
            revisions.map { $0["images"] } == [
                ["nginx:1.25"], ["nginx:1.26"], ["nginx:bad"], ["nginx:1.27"], ["nginx:1.30"],
            ])
    }

    @Test("what became of the pods of a rollout after it succeeded is told with it, until another comes")
    func aftermath() async throws {
        let temporary = try await recordedLedger()
        let stream = try #require(temporary.ledger.streams(kind: "deployment", name: "web-canary").first)
        guard case .deployment(let state) = try temporary.ledger.state(of: stream),
            let pod = state.pods.values.min(by: { $0.name < $1.name })
        else {
            Issue.record("\(stream) has no pods.")
            return
        }
        func since(_ rollout: String) async -> String? {
            await shipslog(["show", rollout], ledger: temporary.path).output.split(separator: "\n").map(String.init)
                .first { $0.hasPrefix("Since then:") }
        }
        #expect(await since("deploy/web-canary@4") == nil)
        let object = ObjectVersion(
            kind: "Pod", namespace: stream.namespace, name: pod.name, uid: pod.uid, resourceVersion: "900001")
        let facts: [Fact] = [
            .podReadinessObserved(PodReadinessObserved(object: object, ready: false)),
            .podContainerRestarted(PodContainerRestarted(object: object, container: "nginx", restartCount: 7)),
            .podContainerWaiting(
                PodContainerWaiting(
                    object: object, container: "nginx", isInit: false, image: "nginx:1.29", reason: "CrashLoopBackOff")),
        ]
        for fact in facts { try await append(fact, to: temporary.ledger, stream, at: testNow) }
        let line = await since("deploy/web-canary@4")
        #expect(
            line
                == "Since then:   5 of 6 pods ready, 7 restarts; CrashLoopBackOff: nginx:1.29 (1 of 6 new pods)")
        #expect(await since("deploy/web-canary@3") == nil)
    }
}
