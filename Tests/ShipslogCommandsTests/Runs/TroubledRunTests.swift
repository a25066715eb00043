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
