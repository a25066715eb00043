import EventLedger
import Foundation
import RolloutEngine
import RolloutModel
import ShipslogTesting
import Testing

@testable import ShipslogCommands

@Suite("Carrying rollouts out on a cluster in memory")
struct SimulatedRunTests {
    @Test("each procedure, with a good and a bad image: one command after the other goes on where the last one ended")
    func procedures() async throws {
        let stage = try SimulatedStage()
        let rolled = await stage.shipslog(
            ["rollout", "rolling", "deploy/web", "--image", "nginx:2"], scenario: SimulatedStage.scenario)
        #expect(rolled.status == 0)
        #expect(rolled.output == "deploy/web@2 succeeded: 1.25 → 2\n")
        let commands: [([String], Int32, String)] = [
            (["rolling", "deploy/web", "--image", "nginx:bad"], 1, "deploy/web@4 is back at nginx:2\n"),
            (["rolling", "deploy/web", "--image", "nginx:crash"], 1, "deploy/web@6 is back at nginx:2\n"),
            (
                ["recreate", "deploy/web", "--image", "nginx:3"], 0,
                "deploy/web@7 succeeded: 2 → 3; nothing served for 4.1s\n"
            ),
            (
                ["recreate", "deploy/web", "--image", "httpd:bad"], 1,
                "deploy/web@9 is back at nginx:3; nothing served for 5.3s\n"
            ),
            (
                ["rollback", "deploy/web", "--to", "1"], 0,
                "deploy/web@10 succeeded: 3 → 1.25; nothing served for 4.2s\n"
            ),
            (["replace", "pod/batch", "--image", "busybox:2"], 0, "pod/batch@2 succeeded: 1.36 → 2\n"),
            (["replace", "pod/batch", "--image", "busybox:bad"], 1, "pod/batch@4 is back at busybox:2\n"),
        ]
        for (arguments, status, output) in commands {
            let result = await stage.shipslog(["rollout"] + arguments)
            #expect(result.status == status, "\(arguments): \(result)")
            #expect(result.output == output, "\(arguments)")
        }
        let story = try stage.ledger.ledger.story(of: stage.stream("deployment", "web"))
        #expect(
            story == [
                "rollout →1.25 succeeded", "rollout 1.25→2 succeeded", "rollout 2→bad rolledBack",
                "rollback bad→2 succeeded", "rollout 2→crash rolledBack", "rollback crash→2 succeeded",
                "rollout 2→3 succeeded", "rollout 3→bad rolledBack", "rollback bad→3 succeeded",
                "rollback 3→1.25 succeeded",
            ])
        let rollouts = try stage.ledger.ledger.rollouts(RolloutQuery(stream: stage.stream("deployment", "web")))
        // By rolling updates all but one pod serve at any moment; by recreations none does for a while.
        #expect(rollouts.dropFirst().map(\.lowestReady) == [3, 3, 3, 3, 3, 0, 0, 0, 0])
        #expect(rollouts.dropFirst().map(\.actor) == Array(repeating: SimulatedStage.alice, count: 9))
        let outages = try stage.ledger.ledger.state(of: stage.stream("service", "web"))
        guard case .service(let service) = outages else {
            Issue.record("no state of the Service")
            return
        }
        #expect(service.outage?.number == 3)
        #expect(service.endpoints.count(where: \.ready) == 4)
        #expect(try stage.ledger.ledger.verify().isSound)
    }

    @Test("whoever does not want to wait leaves a run that another process brings to its end")
    func noWait() async throws {
        let stage = try SimulatedStage()
        let verb = ["rollout", "rolling", "deploy/web", "--image", "nginx:2"]
        let left = await stage.shipslog(verb + ["--no-wait"], scenario: SimulatedStage.scenario)
        #expect(left.status == 0, "\(left.notices)")
        #expect(left.output == "deploy/web@2 goes on; `shipslog resume deploy/web` waits for its end\n")
        let another = await stage.shipslog(verb)
        #expect(another.status == 1)
        #expect(another.notices.contains("The rollout of deploy/web goes on, on the simulated cluster simulation"))
        let resumed = await stage.shipslog(["resume"])
        #expect(resumed.status == 0, "\(resumed.notices)")
        #expect(resumed.output == "deploy/web@2 succeeded: 1.25 → 2\n")
        #expect(
            try stage.ledger.ledger.story(of: stage.stream("deployment", "web")) == [
                "rollout →1.25 succeeded", "rollout 1.25→2 succeeded",
            ])
    }

    @Test("what happens on it comes out the same each time")
    func determinism() async throws {
        var stories: [[String]] = []
        for _ in 1...2 {
            let stage = try SimulatedStage()
            _ = await stage.shipslog(
                ["rollout", "rolling", "deploy/web", "--image", "nginx:bad"], scenario: SimulatedStage.scenario)
            _ = await stage.shipslog(["rollout", "rolling", "deploy/web", "--image", "nginx:2"])
            var story: [String] = []
            for try await event in stage.ledger.ledger.events(EventQuery()) where event.event.origin != .engine {
                story.append("\(event.event.occurredAt) \(event.event.id) \(event.event.payload.base64EncodedString())")
            }
            stories.append(story)
        }
        let differences = zip(stories[0], stories[1]).count { $0 != $1 }
        #expect(differences == 0)
        #expect(stories[0].count == stories[1].count)
        #expect(stories[0].count > 100)
    }

    @Test("what cannot be simulated is said in a sentence")
    func refusals() async throws {
        let stage = try SimulatedStage()
        let folder = try TemporaryFolder()
        func file(_ text: String) throws -> String {
            let path = folder.file("scenario.yaml")
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            return path
        }
        let rolling = ["rollout", "rolling", "deploy/web", "--image", "nginx:2"]
        let cases: [(String, String)] = [
            ("", "The ledger knows of no simulated cluster simulation.\nGive --simulation FILE, "),
            ("apiVersion: apps/v1\nkind: StatefulSet", "A simulated cluster has no StatefulSet.\nIt can have Node, "),
            ("kind: Pod\napiVersion: v1", "A Pod has no metadata.name."),
            (
                "kind: Node\nmetadata: {name: a}",
                "A Node needs metadata.name, and cpu and memory in status.allocatable."
            ),
            (
                "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}",
                "Deployment web is not as it must be: Deployment.apps \"web\" is invalid: "
            ),
            ("kind: PodBehaviours", "The document must have apiVersion: shipslog/v1 and kind: PodBehaviours."),
            (
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}",
                "There is no Deployment web in the namespace default of simulation.\nThere are none in it."
            ),
        ]
        for (text, words) in cases {
            let result = await stage.shipslog(rolling, scenario: text.isEmpty ? "" : try file(text))
            #expect(result.status == 1 || result.status == 2, "\(text)")
            #expect(result.notices.contains(words), "\(text): \(result.notices)")
        }
        let missing = await stage.shipslog(rolling, scenario: "/nowhere/at.yaml")
        #expect(missing.status == 1)
        #expect(missing.notices.contains("/nowhere/at.yaml cannot be read"))
        #expect(try stage.ledger.ledger.head().size == 0)
    }

    @Test("a run that nobody finished keeps others off the simulated cluster, until it is resumed")
    func oneAtATime() async throws {
        let stage = try SimulatedStage()
        let place = try await stage.place(isNew: true, scenario: SimulatedStage.scenario)
        let stream = stage.stream("pod", "batch")
        let dying = DyingJournal(try stage.journal(place, stream), at: 2, isBefore: false)
        let object = try #require(await place.cluster.get(.pods, "batch", namespace: "default"))
        let manifest = PodManifest.manifest(of: object)
        let plan = RolloutPlan(
            .pod(
                PodReplacement(
                    uid: object["metadata"]?["uid"]?.string ?? "", target: manifest.withImage("busybox:2"),
                    origin: manifest)), onFailure: .rollback)
        await #expect(throws: DyingJournal.Death.self) {
            _ = try await stage.runner(place, dying).run(
                plan, of: stream, reason: nil, by: SimulatedStage.alice, scenario: place.scenario)
        }
        let refused = await stage.shipslog(["rollout", "rolling", "deploy/web", "--image", "nginx:2"])
        #expect(refused.status == 1)
        #expect(
            refused.notices == """
                error: The rollout of pod/batch goes on, on the simulated cluster simulation that has one at a time.
                Finish it with `shipslog resume pod/batch --simulation`.

                """)
        let given = await stage.shipslog(["resume"], scenario: SimulatedStage.scenario)
        #expect(given.status == 2)
        #expect(given.notices.contains("Give --simulation without a file."))
        let resumed = await stage.shipslog(["resume"])
        #expect(resumed.status == 0)
        #expect(resumed.output == "pod/batch@2 succeeded: 1.36 → 2\n")
    }
}
