import EventLedger
import Foundation
import RolloutModel
import ShipslogTesting
import Testing

@testable import ShipslogCommands

@Suite("What goes into a bundle")
struct BundleSelectionTests {
    private func contents(of name: String, in ledger: Ledger) async throws -> BundleContents {
        let argument = try RolloutArgument([name])
        let finder = SubjectFinder(ledger: ledger, scope: Scope(cluster: "prod", namespace: "shop"))
        return try await BundleSelection(ledger: ledger).contents(for: finder.rollout(argument))
    }

    private func streams(of name: String, in ledger: Ledger) async throws -> [String] {
        try await contents(of: name, in: ledger).streams.keys.map(\.shortName).sorted()
    }

    @Test("the subject, the Services over it, and what these send traffic to")
    func streams() async throws {
        let ledger = try await recordedLedger().ledger
        #expect(
            try await streams(of: "svc/cart@2", in: ledger) == ["deploy/cart-blue", "deploy/cart-green", "svc/cart"])
        #expect(try await streams(of: "deploy/web@3", in: ledger) == ["deploy/web", "deploy/web-canary", "svc/web"])
        #expect(try await streams(of: "pod/batch@2", in: ledger) == ["pod/batch"])
    }

    @Test("the gaps of the recording in the namespace, and of no other")
    func gaps() async throws {
        let temporary = try await recordedLedger()
        let rollout = try #require(
            try temporary.ledger.rollouts().last { $0.stream.name == "web-canary" })
        for namespace in ["shop", "other"] {
            let gap = try Event(
                id: .derived(from: [namespace]),
                stream: StreamName(cluster: "prod", namespace: namespace, kind: "recording", name: "pods"),
                fact: .recordingGap(RecordingGap(resource: "pods", reason: "410 Expired")),
                occurredAt: rollout.startedAt, origin: .recorder)
            _ = try await temporary.ledger.append([gap])
        }
        let found = try await contents(of: rollout.name, in: temporary.ledger).streams.keys.filter {
            $0.kind == "recording"
        }
        #expect(found.map(\.namespace) == ["shop"])
    }

    @Test("why a rollout was made, though that was written down after its end")
    func lateCause() async throws {
        let temporary = try await recordedLedger()
        let rollouts = try temporary.ledger.rollouts().filter { $0.stream.name == "web" }
        let last = try #require(rollouts.last)
        let object = ObjectVersion(kind: "Deployment", namespace: "shop", name: "web", uid: "u", resourceVersion: "9")
        let cause = try Event(
            id: .derived(from: ["cause"]), stream: last.stream,
            fact: .deploymentChangeCauseSet(DeploymentChangeCauseSet(object: object, changeCause: "release 1.27")),
            occurredAt: testNow, origin: .recorder)
        let positions = try await temporary.ledger.append([cause])

        let end = try await contents(of: last.name, in: temporary.ledger).end
        #expect([end] == positions)
        // It is not said of the one before.
        let before = rollouts[rollouts.count - 2]
        #expect(try await contents(of: before.name, in: temporary.ledger).end == before.endPosition)
    }

    @Test("what became of the pods of a rollout, though that was told after its end")
    func lateNews() async throws {
        let temporary = try await recordedLedger()
        let web = try #require(try temporary.ledger.rollouts().last { $0.stream.name == "web" })
        func object(_ kind: String, _ name: String, _ version: Int) -> ObjectVersion {
            ObjectVersion(kind: kind, namespace: "shop", name: name, uid: "late-\(name)", resourceVersion: "\(version)")
        }
        func template(_ image: String) -> JSONValue {
            ["spec": ["containers": [["name": "web", "image": .string(image)]]]]
        }
        let pod = object("Pod", "web-late-1", 3)
        let facts: [Fact] = [
            .deploymentTemplateChanged(
                DeploymentTemplateChanged(
                    object: object("Deployment", "web", 1), generation: 98, template: template("a"))),
            .replicaSetCreated(
                ReplicaSetCreated(
                    object: object("ReplicaSet", "web-late", 1), createdAt: testNow,
                    owner: Owner(kind: "Deployment", name: "web", uid: "d"), revision: 98, templateHash: "late",
                    replicas: 1, template: template("a"))),
            .deploymentTemplateChanged(
                DeploymentTemplateChanged(
                    object: object("Deployment", "web", 2), generation: 99, template: template("b"))),
            .podCreated(
                PodCreated(
                    object: pod, createdAt: testNow,
                    owner: Owner(kind: "ReplicaSet", name: "web-late", uid: "late-web-late"), labels: [:],
                    containers: [ContainerImage(name: "web", image: "a")])),
            .podContainerWaiting(
                PodContainerWaiting(
                    object: pod, container: "web", isInit: false, image: "a", reason: "ImagePullBackOff")),
            .podTerminating(PodTerminating(object: pod, deletionTimestamp: testNow)),
        ]
        let events = try facts.enumerated().map { number, fact in
            try Event(
                id: .derived(from: ["late", "\(number)"]), stream: web.stream, fact: fact, occurredAt: testNow,
                origin: .recorder)
        }
        let positions = try await temporary.ledger.append(events)

        let name = "deploy/web@\(web.number + 1)"
        #expect(try await contents(of: name, in: temporary.ledger).end == positions[4])
        let told = try temporary.ledger.rollouts(RolloutQuery(stream: web.stream, number: web.number + 1))
        #expect(told.map(\.diagnosis) == ["ImagePullBackOff: a (1 of 1 new pod)"])
        #expect(told.map(\.endPosition) == [positions[2]])
    }

    @Test("all there is, of a rollout that runs")
    func running() async throws {
        let temporary = try await recordedLedger()
        let web = try #require(try temporary.ledger.rollouts().last { $0.stream.name == "web" })
        let object = ObjectVersion(kind: "Deployment", namespace: "shop", name: "web", uid: "u", resourceVersion: "9")
        let change = try Event(
            id: .derived(from: ["change"]), stream: web.stream,
            fact: .deploymentTemplateChanged(
                DeploymentTemplateChanged(object: object, generation: 99, template: ["spec": ["containers": []]])),
            occurredAt: testNow, origin: .recorder)
        let positions = try await temporary.ledger.append([change])
        #expect([try await contents(of: "deploy/web@\(web.number + 1)", in: temporary.ledger).end] == positions)
    }

    @Test("the names that a shell offers come from the bundle that is read")
    func completion() async throws {
        let stage = try await BundleStage()
        let file = await stage.bundle("svc/cart@1")
        func names(_ words: String...) -> [String] {
            let context = CommandContext(
                output: Paper().sink, notices: Paper().sink, now: { testNow },
                environment: ["SHIPSLOG_LEDGER": stage.temporary.path], currentDirectory: stage.folder)
            return NameCompletion.names(for: words, in: context) {
                try $0.rollouts(RolloutQuery(namespace: "shop")).map(\.name)
            }
        }
        #expect(names("shipslog", "show").count == 17)
        #expect(
            names("shipslog", "show", "--bundle", file) == ["deploy/cart-blue@1", "deploy/cart-green@1", "svc/cart@1"])
        #expect(names("shipslog", "show", "--bundle", "none") == [])
    }
}
