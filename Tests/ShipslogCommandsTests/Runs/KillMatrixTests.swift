import EventLedger
import Foundation
import RolloutEngine
import RolloutModel
import ShipslogTesting
import Testing

@testable import ShipslogCommands

/// A command that carries a rollout out, and what it comes to on the simulated cluster.
struct KillCase: CustomTestStringConvertible, Sendable {
    /// Of the subject of the run.
    var kind: String
    var name: String
    /// What is done before.
    var before: [[String]] = []
    var arguments: [String]
    var outcome: RolloutRun.End.Outcome
    /// How many events its runner writes.
    var events: Int

    var testDescription: String { arguments.joined(separator: " ") }
    var usesRoute: Bool { arguments.contains("--route") }

    static let all: [KillCase] = [
        // Started, a call of two events, succeeded.
        deployment(["rolling", "deploy/web", "--image", "nginx:2"], .succeeded, 4),
        // Started, two calls of two events each, turned back, restored, failed.
        deployment(["rolling", "deploy/web", "--image", "nginx:bad"], .failed, 8),
        deployment(["recreate", "deploy/web", "--image", "nginx:2"], .succeeded, 4),
        deployment(["recreate", "deploy/web", "--image", "nginx:bad"], .failed, 8),
        deployment(
            ["rollback", "deploy/web"], .succeeded, 4, after: [["rolling", "deploy/web", "--image", "nginx:2"]]),
        deployment(
            ["rollback", "deploy/web", "--to", "2"], .failed, 8,
            after: [["rolling", "deploy/web", "--image", "nginx:bad"]]),
        // Started, two calls of two events each, succeeded.
        KillCase(
            kind: "pod", name: "batch", arguments: ["replace", "pod/batch", "--image", "busybox:2"],
            outcome: .succeeded,
            events: 6),
        // Started, four calls of two events each, turned back, restored, failed.
        KillCase(
            kind: "pod", name: "batch", arguments: ["replace", "pod/batch", "--image", "busybox:bad"], outcome: .failed,
            events: 12),
        // Started, three calls of two events each, succeeded.
        service(["--image", "cart:2.1", "--keep", "10s"], .succeeded, 8),
        // Started, two calls of two events each, turned back, restored, failed.
        service(["--image", "cart:bad"], .failed, 8),
        // Started, two steps of two events and two calls of two events each, succeeded.
        canary(["--image", "nginx:2", "--steps", "50%", "--pause", "5s"], .succeeded, 14),
        // Started, a step and a creation, turned back, a deletion of two events, restored, failed.
        canary(["--image", "nginx:bad", "--steps", "50%", "--pause", "5s"], .failed, 9),
        // The crash shows once the old pods have gone, which come again.
        canary(["--image", "nginx:late", "--steps", "50%", "--pause", "1m"], .failed, 14),
        // Started, two steps of two events and six calls of two events each, succeeded.
        canary(["--image", "nginx:2", "--steps", "50%", "--pause", "5s", "--header", "a=b"] + byRoute, .succeeded, 18),
        // Started, a step and a creation, turned back, a deletion of two events, restored, failed.
        canary(["--image", "nginx:bad", "--steps", "50%", "--pause", "5s"] + byRoute, .failed, 9),
        // The crash shows once some traffic goes there: a Service and a route more to take back.
        canary(["--image", "nginx:late", "--steps", "50%", "--pause", "1m"] + byRoute, .failed, 18),
    ]

    private static let byRoute = ["--route", "web", "--label", "app=web-canary"]

    private static func deployment(
        _ arguments: [String], _ outcome: RolloutRun.End.Outcome, _ events: Int, after before: [[String]] = []
    ) -> KillCase {
        KillCase(
            kind: "deployment", name: "web", before: before, arguments: arguments, outcome: outcome, events: events)
    }

    private static func service(
        _ arguments: [String], _ outcome: RolloutRun.End.Outcome, _ events: Int
    ) -> KillCase {
        KillCase(
            kind: "service", name: "cart", arguments: ["blue-green", "--service", "cart"] + arguments, outcome: outcome,
            events: events)
    }

    private static func canary(_ arguments: [String], _ outcome: RolloutRun.End.Outcome, _ events: Int) -> KillCase {
        KillCase(
            kind: "deployment", name: "web", arguments: ["canary", "--stable", "deploy/web"] + arguments,
            outcome: outcome, events: events)
    }
}

@Suite("Runners that die on a cluster in memory")
struct KillMatrixTests {
    /// A few pods, so that it does not take long to let them die so often.
    private static func scenario(in folder: TemporaryFolder) throws -> String {
        let path = folder.file("scenario.yaml")
        let text = """
            \(SimulatedStage.deployment("web", "nginx:1", "app: web"))
            \(SimulatedStage.deployment("cart-blue", "cart:1", "app: cart, version: blue"))
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec: {selector: {app: web}}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: cart}
            spec: {selector: {app: cart, version: blue}}
            ---
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata: {name: web}
            spec: {rules: [{backendRefs: [{name: web, port: 80}]}]}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: batch}
            spec: {containers: [{name: main, image: "busybox:1"}]}
            ---
            apiVersion: shipslog/v1
            kind: PodBehaviours
            rules:
              - {match: {image: "*:bad"}, imagePull: {message: "manifest unknown", backOff: 10s}}
              - {match: {image: "*:late"}, ready: {after: 1s}, exit: {after: 20s, code: 1, backOff: 1s}}
              - {ready: {after: 2s}, termination: {after: 1s}}
            """
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return path
    }

    /// A stage on which all is done that comes before the run.
    private func stage(before commands: [[String]], _ scenario: String) async throws -> SimulatedStage {
        let stage = try SimulatedStage()
        for command in commands { _ = await stage.shipslog(["rollout"] + command, scenario: scenario) }
        return stage
    }

    private func ending(of run: RolloutRun, on stage: SimulatedStage) async throws -> RunEnding {
        try await RunEnding(
            of: run, on: stage.place(isNew: false).cluster, in: run.stream.namespace, stage.ledger.ledger)
    }

    @Test("wherever the runner dies, it ends as if nobody had died", arguments: KillCase.all)
    func kill(_ kill: KillCase) async throws {
        let folder = try TemporaryFolder()
        let scenario = try Self.scenario(in: folder)
        let undisturbed = try await stage(before: kill.before, scenario)
        _ = await undisturbed.shipslog(["rollout"] + kill.arguments, scenario: scenario)
        let stream = undisturbed.stream(kill.kind, kill.name)
        let run = try #require(await RunCatalog(ledger: undisturbed.ledger.ledger).newest(of: stream))
        #expect(run.end?.outcome == kill.outcome)
        let expected = try await ending(of: run, on: undisturbed)
        #expect(expected.repeatedCalls == [])
        #expect(expected.story.dropFirst().allSatisfy { $0.hasSuffix(" by alice") }, "\(expected.story)")
        let types = try await undisturbed.ledger.ledger.types(of: run)
        #expect(types.count == kill.events)
        for point in KillPoint.all(between: types) {
            let stage = try await stage(before: kill.before, scenario)
            let resumed = try await point.disturb(
                run.plan, of: stream, by: SimulatedStage.alice, in: stage.ledger.ledger
            ) { isNew, point in
                let place = try await stage.place(isNew: isNew, scenario: isNew ? scenario : "")
                let journal = try stage.journal(place, stream)
                let runner = stage.runner(place, point.map { DyingJournal(journal, at: $0) } ?? journal)
                return (runner, place.scenario)
            }
            #expect(try await ending(of: resumed, on: stage) == expected, "died at \(point)")
            #expect(try stage.ledger.ledger.verify().isSound)
        }
    }
}
