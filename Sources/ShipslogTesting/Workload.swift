import Foundation
import RolloutModel

/// Events without end, the same at every run, for tests that stop a process and look at what it left.
///
/// They come in batches of different sizes, to a few Deployments; some payloads are too long for a page of SQLite.
public struct Workload: Sendable {
    /// Tells its events from those of other workloads.
    public let name: String

    /// Names a workload.
    public init(name: String) { self.name = name }

    /// The events that are appended together.
    ///
    /// - Parameter number: From 0.
    public func batch(_ number: Int) throws -> [Event] {
        try (0...number % 4).map { try event(batch: number, index: $0) }
    }

    /// The ids of the events of the first batches, batch by batch.
    public func ids(ofBatches count: Int) -> [[EventID]] {
        (0..<count).map { batch in (0...batch % 4).map { id(batch: batch, index: $0) } }
    }

    private func id(batch: Int, index: Int) -> EventID {
        .derived(from: ["workload", name, String(batch), String(index)])
    }

    private func event(batch: Int, index: Int) throws -> Event {
        let number = batch * 4 + index
        let deployment = "web-\(number % 3)"
        return try Event(
            id: id(batch: batch, index: index),
            stream: StreamName(cluster: "workload", namespace: name, kind: "deployment", name: deployment),
            fact: fact(number, of: deployment),
            occurredAt: Timestamp(microseconds: 1_700_000_000_000_000 + Int64(number) * 1_000_000),
            actor: number.isMultiple(of: 2) ? Actor(name: "kubectl", evidence: .fieldManager) : nil,
            origin: .import
        )
    }

    private func fact(_ number: Int, of deployment: String) -> Fact {
        let object = ObjectVersion(
            kind: "Deployment", namespace: name, name: deployment, uid: "uid-\(deployment)",
            resourceVersion: "\(number)"
        )
        let generation = number / 3 + 1
        let template = JSONValue.object([
            "spec": .object([
                "containers": .array([.object(["name": .string("web"), "image": .string("nginx:1.\(number)")])])
            ])
        ])
        switch number {
        case ..<3:
            return .deploymentCreated(
                DeploymentCreated(
                    object: object, createdAt: Timestamp(microseconds: 1_700_000_000_000_000), generation: 1,
                    replicas: 2, paused: false, selector: .object(["app": .string(deployment)]),
                    strategy: DeploymentStrategy(type: "RollingUpdate", maxSurge: "1", maxUnavailable: "0"),
                    template: template
                )
            )
        case _ where number.isMultiple(of: 5):
            return .deploymentTemplateChanged(
                DeploymentTemplateChanged(object: object, generation: generation, template: template)
            )
        case _ where number % 7 == 3:
            return .hintObserved(
                HintObserved(
                    object: object, regarding: Owner(kind: "Deployment", name: deployment, uid: object.uid),
                    type: "Warning", reason: "Verbose", message: String(repeating: "\(number) ", count: 2_000), count: 1
                )
            )
        default:
            return .deploymentScaled(DeploymentScaled(object: object, generation: generation, replicas: number % 9))
        }
    }
}
