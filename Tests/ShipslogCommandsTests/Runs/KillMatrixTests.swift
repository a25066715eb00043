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
    ]

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
    /// What came of a run, as far as it is the same whenever things happen.
    private struct Ending: Equatable {
        var end: RolloutRun.End?
        var objects: [String]
        /// The rollouts of the subject, with who did it.
        var story: [String]
        var pods: [String: Int]
        var repeatedCalls: [String]
    }

    /// A few pods, so that it does not take long to let them die so often.
    private static func scenario(in folder: TemporaryFolder) throws -> String {
        func deployment(_ name: String, _ image: String, _ labels: String) -> String {
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: \(name)}
            spec:
              replicas: 2
              selector: {matchLabels: {\(labels)}}
              template:
                metadata: {labels: {\(labels)}}
                spec: {containers: [{name: main, image: "\(image)"}]}
            ---
            """
        }
        let path = folder.file("scenario.yaml")
        let text = """
            \(deployment("web", "nginx:1", "app: web"))
            \(deployment("cart-blue", "cart:1", "app: cart, version: blue"))
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

    private func ending(of run: RolloutRun, on stage: SimulatedStage) async throws -> Ending {
        let cluster = try await stage.place(isNew: false).cluster
        var objects: [String] = []
        for deployment in try await cluster.list(ClusterSelection(.deployments, namespace: "default")) {
            let spec = deployment["spec"]
            objects.append(
                "\(deployment["metadata"]?["name"]?.string ?? ""): \(spec?["replicas"]?.integer ?? 0) of "
                    + "\(Template.images(spec?["template"] ?? [:]).joined()) \(spec?["strategy"]?["type"]?.string ?? "")"
            )
        }
        for pod in try await cluster.list(ClusterSelection(.pods, namespace: "default"))
        where pod["metadata"]?["ownerReferences"] == nil {
            objects.append("\(pod["metadata"]?["name"]?.string ?? ""): \(Template.images(pod).joined())")
        }
        for service in try await cluster.list(ClusterSelection(.services, namespace: "default")) {
            let selector = (service["spec"]?["selector"]?.object ?? [:]).compactMapValues(\.string)
            objects.append("\(service["metadata"]?["name"]?.string ?? ""): \(ImageText.labels(selector))")
        }
        let rollouts = try stage.ledger.ledger.rollouts(RolloutQuery(stream: run.stream))
        let story = zip(try stage.ledger.ledger.story(of: run.stream), rollouts).map {
            "\($0) by \($1.actor?.name ?? "nobody")"
        }
        var pods: [String: Int] = [:]
        for stream in run.plan.streams(of: run.stream) {
            for (key, count) in try await stage.ledger.ledger.podCounts(of: stream) {
                pods["\(stream.name) \(key)"] = count
            }
        }
        return Ending(
            end: run.end, objects: objects, story: story, pods: pods,
            repeatedCalls: try await stage.repeatedCalls(in: run)
        )
    }

    /// Carries a plan out with a runner that dies, and resumes it in another process.
    private func disturbed(
        _ plan: RolloutPlan, of stream: StreamName, on stage: SimulatedStage, _ scenario: String, at number: Int,
        isBefore: Bool
    ) async throws -> RolloutRun {
        let first = try await stage.place(isNew: true, scenario: scenario)
        let dying = DyingJournal(try stage.journal(first, stream), at: number, isBefore: isBefore)
        await #expect(throws: DyingJournal.Death.self) {
            _ = try await stage.runner(first, dying).run(
                plan, of: stream, reason: nil, by: SimulatedStage.alice, scenario: first.scenario)
        }
        let catalog = RunCatalog(ledger: stage.ledger.ledger)
        if let open = try await catalog.open(of: stream).first {
            let next = try await stage.place(isNew: false)
            return try await stage.runner(next, stage.journal(next, stream)).resume(open)
        }
        // It died before it was written down that there is a run, so nothing was done.
        let next = try await stage.place(isNew: true, scenario: scenario)
        return try await stage.runner(next, stage.journal(next, stream)).run(
            plan, of: stream, reason: nil, by: SimulatedStage.alice, scenario: next.scenario)
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
        var types: [String] = []
        for try await event in undisturbed.ledger.ledger.events(EventQuery(rollout: run.id))
        where event.event.type.rawValue != "actor.attributed" { types.append(event.event.type.rawValue) }
        #expect(types.count == kill.events)
        for (number, isBefore) in points(types) {
            let stage = try await stage(before: kill.before, scenario)
            let resumed = try await disturbed(
                run.plan, of: stream, on: stage, scenario, at: number, isBefore: isBefore)
            let found = try await ending(of: resumed, on: stage)
            #expect(found == expected, "died \(isBefore ? "before" : "after") event \(number)")
            #expect(try stage.ledger.ledger.verify().isSound)
        }
    }

    /// The points between the events of a run, before the first among them.
    ///
    /// Between a call's intention and its completion there are two: the call may have been made.
    private func points(_ types: [String]) -> [(number: Int, isBefore: Bool)] {
        [(1, true)]
            + zip(1..., types).dropLast().flatMap { number, type in
                type == "call.intended" ? [(number, false), (number + 1, true)] : [(number, false)]
            }
    }
}

extension SimulatedStage {
    /// The calls of a run that were carried out more than once in one direction.
    func repeatedCalls(in run: RolloutRun) async throws -> [String] {
        var seen: Set<String> = []
        var repeated: [String] = []
        var intended: [EventID: CallIntended] = [:]
        for try await event in ledger.ledger.events(EventQuery(rollout: run.id)) {
            switch try event.event.fact() {
            case .rollbackStarted: seen = []
            case .callIntended(let call): intended[event.event.id] = call
            case .callCompleted(let completed):
                guard var call = intended[completed.call] else { continue }
                call.body["metadata"]?["resourceVersion"] = nil
                let text =
                    "\(call.method) \(call.path) \(String(decoding: try CanonicalJSON.encode(call.body), as: UTF8.self))"
                if !seen.insert(text).inserted { repeated.append(text) }
            default: break
            }
        }
        return repeated
    }
}
