import ArgumentParser
import EventLedger
import Foundation
import RolloutEngine
import RolloutModel
import ShipslogTesting
import Testing

@testable import ShipslogCommands

@Suite("Runs on a cluster that does not do everything")
struct TroubledRunTests {
    private let colors = ["cart-blue", "cart-green"]
    private let origin = ["cart-blue: 3 of cart:2.0", "cart-green: 0 of none", "cart selects app=cart,version=blue"]
    private let target = [
        "cart-blue: 0 of cart:2.0", "cart-green: 3 of cart:2.1", "cart selects app=cart,version=green",
    ]

    /// Switches a Service, with trouble at one call.
    ///
    /// - Returns: How it ended; `nil` if it did not come to that call.
    private func blueGreen(
        _ trouble: TroubledCluster.Trouble, at number: Int, on stage: SimulatedStage
    ) async throws -> RolloutRun? {
        let place = try await stage.place(isNew: true, scenario: SimulatedStage.scenario)
        let cluster = TroubledCluster(place.cluster, trouble, at: number)
        let plan = try await stage.blueGreen(["--service", "cart", "--image", "cart:2.1", "--keep", "1m"], on: place)
        let stream = stage.stream("service", "cart")
        let troubled = RunPlace(
            cluster: cluster, name: place.name, namespace: place.namespace, scenario: place.scenario,
            simulatedThrough: place.simulatedThrough)
        let run = try await stage.runner(troubled, stage.journal(troubled, stream)).run(
            plan, of: stream, reason: nil, by: SimulatedStage.alice, scenario: place.scenario)
        return cluster.happened ? run : nil
    }

    @Test("a call that is refused for good, or fails again and again, leaves nothing half done")
    func refused() async throws {
        for (trouble, words) in [
            (
                TroubledCluster.Trouble.refusal,
                "The API server the simulation does not allow it: admission webhook \"policy\" denied the request: no"
            ),
            (.failure, "out of order"),
        ] {
            var number = 1
            while true {
                let stage = try SimulatedStage()
                guard let run = try await blueGreen(trouble, at: number, on: stage) else { break }
                #expect(run.end?.outcome == .failed)
                #expect(run.end?.reason.contains(words) == true, "\(run.end?.reason ?? "")")
                let ending = try await stage.ending(colors, service: "cart")
                #expect(ending == origin, "\(trouble) at call \(number)")
                number += 1
            }
            // The new Deployment is made, the Service switched, the old Deployment scaled down.
            #expect(number == 4)
        }
    }

    @Test("a call that fails once is made again, and one whose answer is lost is not")
    func unanswered() async throws {
        for trouble in [TroubledCluster.Trouble.hiccup, .lostAnswer] {
            var number = 1
            while true {
                let stage = try SimulatedStage()
                guard let run = try await blueGreen(trouble, at: number, on: stage) else { break }
                #expect(run.end?.outcome == .succeeded, "\(trouble) at call \(number): \(run.end?.reason ?? "")")
                if trouble == .hiccup {
                    let ending = try await stage.ending(colors, service: "cart")
                    #expect(ending == target, "\(trouble) at call \(number)")
                }
                var counts: [String: Int] = [:]
                for try await event in stage.ledger.ledger.events(EventQuery(rollout: run.id)) {
                    counts[event.event.type.rawValue, default: 0] += 1
                }
                let failures = trouble == .hiccup ? 1 : 0
                #expect(
                    counts
                        == [
                            "rollout.started": 1, "call.intended": 3 + failures, "call.completed": 3,
                            "rollout.succeeded": 1,
                        ].merging(failures == 0 ? [:] : ["call.failed": failures]) { $1 },
                    "\(trouble) at call \(number)")
                number += 1
            }
            #expect(number == 4)
        }
    }

    @Test("what is put off for a moment is tried again, and who may not say who they are can go on later")
    func putOff() async throws {
        var number = 1
        while true {
            let stage = try SimulatedStage()
            guard let run = try await blueGreen(.crowd, at: number, on: stage) else { break }
            #expect(run.end?.outcome == .succeeded, "at call \(number): \(run.end?.reason ?? "")")
            number += 1
        }
        #expect(number == 4)

        let stage = try SimulatedStage()
        let error = await #expect(throws: ShipslogError.self) {
            _ = try await blueGreen(.expiry, at: 2, on: stage)
        }
        #expect(error?.message == "The API server the simulation does not accept the credentials: Unauthorized.")
        #expect(error?.hint == "Renew the credentials; `shipslog resume` goes on with the run.")
        let resumed = await stage.shipslog(["resume"])
        #expect(resumed.output == "svc/cart@1 succeeded: version=blue → version=green\n")
        #expect(try await stage.ending(colors, service: "cart") == target)
    }

    @Test("a cluster of which nothing can be seen for a while is waited for; after long, the run is left to be resumed")
    func unseen() async throws {
        let patient = try SimulatedStage()
        let run = try await blueGreen(.blink, at: 1, on: patient)
        #expect(run?.end?.outcome == .succeeded)
        #expect(try await patient.ending(colors, service: "cart") == target)

        let stage = try SimulatedStage()
        let error = await #expect(throws: ShipslogError.self) { _ = try await blueGreen(.blackout, at: 1, on: stage) }
        #expect(error?.message.contains("no leader") == true)
        #expect(error?.hint == "The run is left as it is; `shipslog resume` goes on with it.")
        let resumed = await stage.shipslog(["resume"])
        #expect(resumed.output == "svc/cart@1 succeeded: version=blue → version=green\n")
        #expect(try await stage.ending(colors, service: "cart") == target)
    }

    @Test("an image that admission pins on its way is the image that was wanted")
    func pinned() async throws {
        let stage = try SimulatedStage()
        let place = try await stage.place(isNew: true, scenario: SimulatedStage.scenario)
        let command = try RollingCommand.parse(
            ["deploy/web", "--image", "nginx:2", "--ledger", stage.ledger.path, "--simulation"])
        let pinning = RunPlace(
            cluster: PinningCluster(cluster: place.cluster), name: place.name, namespace: place.namespace,
            scenario: place.scenario, simulatedThrough: place.simulatedThrough)
        let session = RunSession(command.options, in: .ofNobody, on: pinning)
        try await DeploymentTarget("web", session).change(to: command.wanted) { _ in }
        #expect(try await stage.ending(["web"], service: "web").first == "web: 4 of \(PinningCluster.pinned)")
    }

    /// Replaces the pod of the scenario.
    private func replacement(on place: RunPlace) async throws -> RolloutPlan {
        let object = try #require(await place.cluster.get(.pods, "batch", namespace: "default"))
        let manifest = PodManifest.manifest(of: object)
        return RolloutPlan(
            .pod(
                PodReplacement(
                    uid: object["metadata"]?["uid"]?.string ?? "", target: manifest.withImage("busybox:2"),
                    origin: manifest)), onFailure: .rollback)
    }

    @Test("to delete what somebody else has deleted is to have it deleted")
    func overtaken() async throws {
        let stage = try SimulatedStage()
        let place = try await stage.place(isNew: true, scenario: SimulatedStage.scenario)
        let cluster = TroubledCluster(place.cluster, .overtaken, at: 1)
        let stream = stage.stream("pod", "batch")
        let troubled = RunPlace(cluster: cluster, name: place.name, namespace: place.namespace, simulatedThrough: 0)
        let run = try await stage.runner(troubled, stage.journal(troubled, stream)).run(
            replacement(on: place), of: stream, reason: nil, by: SimulatedStage.alice, scenario: place.scenario)
        #expect(run.end == RolloutRun.End(outcome: .succeeded, reason: "the new pod is ready"))
    }

    @Test("what somebody else made under the name meanwhile is not taken for the run's own, and is left alone")
    func stranger() async throws {
        let stage = try SimulatedStage()
        let place = try await stage.place(isNew: true, scenario: SimulatedStage.scenario)
        let stream = stage.stream("pod", "batch")
        // Started, deletion intended and completed, creation intended.
        let dying = DyingJournal(try stage.journal(place, stream), at: 4, isBefore: false)
        let plan = try await replacement(on: place)
        await #expect(throws: DyingJournal.Death.self) {
            _ = try await stage.runner(place, dying).run(
                plan, of: stream, reason: nil, by: SimulatedStage.alice, scenario: place.scenario)
        }
        guard case .pod(let replacement) = plan.procedure else { return }
        let stranger = try await place.cluster.perform(
            ClusterCall(.create, .pods, "batch", namespace: "default", body: replacement.target))
        let open = try #require(await RunCatalog(ledger: stage.ledger.ledger).open(of: stream).first)
        let run = try await stage.runner(place, stage.journal(place, stream)).resume(open)
        #expect(
            run.end
                == RolloutRun.End(
                    outcome: .failed, reason: "another pod was made under the name batch meanwhile"))
        let left = try await place.cluster.get(.pods, "batch", namespace: "default")
        #expect(left?["metadata"]?["uid"] == stranger.object["metadata"]?["uid"])
        var failures: [String] = []
        for try await event in stage.ledger.ledger.events(EventQuery(rollout: run.id)) {
            if case .callFailed(let failed) = try event.event.fact() { failures.append(failed.message) }
        }
        #expect(failures == ["it was not carried out: another Pod batch is there, which the run did not make"])
    }

    @Test("of two processes that go on with a run, one does, and the other leaves it alone")
    func twoRunners() async throws {
        let stage = try SimulatedStage()
        let first = try await stage.place(isNew: true, scenario: SimulatedStage.scenario)
        let stream = stage.stream("pod", "batch")
        let dying = DyingJournal(try stage.journal(first, stream), at: 2, isBefore: false)
        let plan = try await replacement(on: first)
        await #expect(throws: DyingJournal.Death.self) {
            _ = try await stage.runner(first, dying).run(
                plan, of: stream, reason: nil, by: SimulatedStage.alice, scenario: first.scenario)
        }
        let open = try #require(await RunCatalog(ledger: stage.ledger.ledger).open(of: stream).first)
        let (second, third) = (try await stage.place(isNew: false), try await stage.place(isNew: false))
        let run = try await stage.runner(second, stage.journal(second, stream)).resume(open)
        #expect(run.end?.outcome == .succeeded)
        let refusal = await #expect(throws: ShipslogError.self) {
            _ = try await stage.runner(third, stage.journal(third, stream)).resume(open)
        }
        #expect(refusal?.message == "Another process has gone on with this run meanwhile, so this one leaves it alone.")
        #expect(try stage.ledger.ledger.verify().isSound)
    }

    @Test("a run of a canary keeps others off both of its Deployments")
    func sharedSubjects() async throws {
        let stage = try SimulatedStage()
        let simulated = try await stage.place(isNew: true, scenario: SimulatedStage.scenario)
        // To the ledger it looks like a real one.
        let place = RunPlace(cluster: simulated.cluster, name: "prod", namespace: "default")
        func start(_ name: String, _ plan: RolloutPlan) throws -> Event {
            let stream = StreamName(cluster: "prod", namespace: "default", kind: "deployment", name: name)
            return try Event(
                id: .derived(from: ["run of", name]), stream: stream, fact: .rolloutStarted(RolloutStarted(plan: plan)),
                occurredAt: testNow, rollout: .derived(from: ["run of", name]), origin: .engine)
        }
        let canary = try start(
            "web", try await stage.canary(["--stable", "deploy/web", "--image", "nginx:2"], on: simulated))
        try await stage.journal(place, canary.stream).begin(canary)
        let shape = DeploymentChange.Shape(template: [:], strategy: DeploymentStrategy(type: "Recreate"))
        let change = RolloutPlan(
            .deployment(DeploymentChange(uid: "d", target: shape, origin: shape)), onFailure: .rollback)
        let other = try start("cart-blue", change)
        try await stage.journal(place, other.stream).begin(other)
        let same = try start("web-canary", change)
        let error = await #expect(throws: ShipslogError.self) {
            try await stage.journal(place, same.stream).begin(same)
        }
        #expect(
            error?.message
                == "The run of deploy/web, which is about the same as one of deploy/web-canary, has gone on since \(testNow)."
        )
    }

    @Test("pods that a quota forbids are named, and what was begun is taken back")
    func quota() async throws {
        let stage = try SimulatedStage()
        let folder = try TemporaryFolder()
        let path = folder.file("quota.yaml")
        var text = try String(contentsOfFile: SimulatedStage.scenario, encoding: .utf8)
        text += """
            ---
            apiVersion: v1
            kind: ResourceQuota
            metadata: {name: few}
            spec: {hard: {pods: "9"}}
            """
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        let result = await stage.shipslog(
            ["rollout", "blue-green", "--service", "cart", "--image", "cart:2.1"], scenario: path)
        #expect(result.status == 1)
        #expect(result.output == "svc/cart stays as it was\n")
        #expect(result.notices.contains("exceeded quota: few"), "\(result.notices)")
        let ending = try await stage.ending(colors, service: "cart")
        #expect(ending == origin)
    }
}
