import Foundation
import RolloutModel

/// Events of a hundred Deployments that are scaled again and again and now and then get another image.
enum BenchEvents {
    private static let streams = 100
    /// Every so many events of a Deployment one is a template change, which starts a rollout.
    private static let eventsPerRollout = 200

    /// The event of a number, from 1; its payload is of some 250 bytes.
    static func event(_ number: Int) throws -> Event {
        let name = "web-\(number % streams)"
        let object = ObjectVersion(
            kind: "Deployment", namespace: "shop", name: name,
            uid: "7e69cfd7-09ec-49f3-b95f-\(100_000 + number % streams)",
            resourceVersion: "\(number)"
        )
        let round = (number - 1) / streams
        let fact: Fact =
            switch round % eventsPerRollout {
            case 0 where round == 0: .deploymentCreated(created(object))
            case 0:
                .deploymentTemplateChanged(
                    DeploymentTemplateChanged(object: object, generation: round + 1, template: template(round))
                )
            default: .deploymentScaled(DeploymentScaled(object: object, generation: round + 1, replicas: round % 9))
            }
        return try Event(
            id: .derived(from: ["bench", String(number)]),
            stream: StreamName(cluster: "bench", namespace: "shop", kind: "deployment", name: name), fact: fact,
            occurredAt: Timestamp(microseconds: 1_700_000_000_000_000 + Int64(number) * 1_000),
            actor: Actor(name: "kubectl", evidence: .fieldManager), origin: .import
        )
    }

    private static func created(_ object: ObjectVersion) -> DeploymentCreated {
        DeploymentCreated(
            object: object, createdAt: Timestamp(microseconds: 1_700_000_000_000_000), generation: 1, replicas: 2,
            paused: false, selector: .object(["app": .string(object.name)]),
            strategy: DeploymentStrategy(type: "RollingUpdate", maxSurge: "1", maxUnavailable: "0"),
            template: template(0)
        )
    }

    private static func template(_ version: Int) -> JSONValue {
        let container = JSONValue.object(["name": .string("web"), "image": .string("nginx:1.\(version)")])
        return .object(["spec": .object(["containers": .array([container])])])
    }
}
