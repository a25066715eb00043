import ArgumentParser
import EventLedger
import Foundation
import RolloutEngine
import RolloutModel
import ShipslogTesting

@testable import ShipslogCommands

/// A ledger, and the cluster in memory that `schema/examples/simulation.yaml` describes.
struct SimulatedStage {
    let ledger: TemporaryLedger
    static let scenario = Fixtures.folder.deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("schema/examples/simulation.yaml").path
    static let alice = Actor(name: "alice", evidence: .engine)

    init() throws { ledger = try TemporaryLedger() }

    /// The file of a cluster that has more beside what the example describes.
    static func scenario(with documents: String, in folder: TemporaryFolder) throws -> String {
        let path = folder.file("scenario.yaml")
        let text = try String(contentsOfFile: scenario, encoding: .utf8) + documents
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return path
    }

    /// A document that describes a Deployment of two pods, and the line that ends it.
    static func deployment(_ name: String, _ image: String, _ labels: String) -> String {
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

    /// Runs a command line; one that carries out a rollout does so on the simulated cluster.
    ///
    /// - Parameter scenario: The file that the cluster is given.
    func shipslog(_ arguments: [String], scenario: String = "") async -> CommandResult {
        let isRun = ["rollout", "resume"].contains(arguments.first)
        let place = isRun ? ["--simulation"] + (scenario.isEmpty ? [] : [scenario]) : []
        return await ShipslogCommandsTests.shipslog(
            arguments + place, ledger: ledger.path, environment: ["USER": "alice"])
    }

    func stream(_ kind: String, _ name: String) -> StreamName {
        StreamName(cluster: "simulation", namespace: "default", kind: kind, name: name)
    }

    /// The cluster as a run finds it, that begins or is resumed.
    func place(isNew: Bool, scenario: String = "") async throws -> RunPlace {
        let options = try RunArguments.parse(
            ["--ledger", ledger.path, "--simulation"] + (scenario.isEmpty ? [] : [scenario]))
        return try await options.place(in: .ofNobody, isNew: isNew)
    }

    func runner(_ place: RunPlace, _ journal: any RolloutJournal) -> RolloutRunner {
        RolloutRunner(
            cluster: place.cluster, journal: journal, namespace: place.namespace, attention: nil,
            makeID: { time in
                var generator = SystemRandomNumberGenerator()
                return .timeOrdered(at: time, using: &generator)
            }, check: { CheckCompleted(check: $0.summary, passed: true) })
    }

    func journal(_ place: RunPlace, _ stream: StreamName) throws -> LedgerJournal {
        try LedgerJournal(ledger: ledger.ledger, stream: stream, place: place)
    }

    /// The plan of a command line of `blue-green`.
    func blueGreen(_ arguments: [String], on place: RunPlace) async throws -> RolloutPlan {
        let command = try BlueGreenCommand.parse(arguments)
        let session = RunSession(command.options, in: .ofNobody, on: place)
        return RolloutPlan(
            .blueGreen(try await ServiceTarget(command.service, session).plan(command.wish())), onFailure: .rollback)
    }

    /// The plan of a command line of `canary`.
    func canary(_ arguments: [String], on place: RunPlace) async throws -> RolloutPlan {
        let command = try CanaryCommand.parse(arguments)
        let session = RunSession(command.options, in: .ofNobody, on: place)
        let name = try DeploymentTarget.name(command.stable)
        return RolloutPlan(.canary(try await CanaryTarget(name, session).plan(command.wish())), onFailure: .rollback)
    }

    /// The pods that Deployments are to have, and the labels that a Service selects.
    func ending(_ deployments: [String], service: String) async throws -> [String] {
        let cluster = try await place(isNew: false).cluster
        var lines: [String] = []
        for name in deployments {
            let object = try await cluster.get(.deployments, name, namespace: "default")
            let images = object.map { Template.images($0["spec"]?["template"] ?? [:]).joined(separator: ",") }
            lines.append("\(name): \(object?["spec"]?["replicas"]?.integer ?? 0) of \(images ?? "none")")
        }
        let object = try await cluster.get(.services, service, namespace: "default")
        let selector = (object?["spec"]?["selector"]?.object ?? [:]).compactMapValues(\.string)
        return lines + ["\(service) selects \(ImageText.labels(selector))"]
    }
}

extension CommandContext {
    /// A world at which nobody looks.
    static var ofNobody: CommandContext {
        CommandContext(
            output: Paper().sink, notices: Paper().sink, now: { testNow }, environment: ["USER": "alice"],
            currentDirectory: "/nowhere")
    }
}

extension Ledger {
    /// The rollouts of a subject, in short: `rollout 1→2 succeeded`.
    func story(of stream: StreamName) throws -> [String] {
        try rollouts(RolloutQuery(stream: stream)).map { rollout in
            let images = [rollout.fromImages, rollout.toImages].map { list in
                list.map { $0.split(separator: ":").last.map(String.init) ?? $0 }.joined(separator: ",")
            }
            return "\(rollout.kind) \(images[0])→\(images[1]) \(rollout.outcome)"
        }
    }

    /// How many pods of a stream were made, and how many are gone: each counts once.
    func podCounts(of stream: StreamName) async throws -> [String: Int] {
        var uids: [String: Set<String>] = [:]
        for try await event in events(EventQuery(streams: [stream])) {
            switch try event.event.fact() {
            case .podCreated(let fact): uids["created", default: []].insert(fact.object.uid)
            case .podDeleted(let fact): uids["deleted", default: []].insert(fact.object.uid)
            default: break
            }
        }
        return uids.mapValues(\.count)
    }
}

extension JSONValue {
    /// A pod, or the template of one, with another image in its only container.
    func withImage(_ image: String) -> JSONValue {
        var copy = self
        var container = copy["spec"]?["containers"]?.array?.first ?? [:]
        container["image"] = .string(image)
        copy["spec"]?["containers"] = [container]
        return copy
    }
}
