import Foundation
import Replay
import RolloutModel

/// How fast histories are replayed dry, and variants of a rollout are tried.
enum Replays {
    private static let subject = StreamName(cluster: "bench", namespace: "shop", kind: "deployment", name: "web")
    private static let start = Timestamp(microseconds: 1_767_225_600_000_000)

    /// How many events a second a dry run takes, each read from its bytes.
    static func eventsPerSecond(events: Int) throws -> Double {
        let history = try history()
        var run = DryRun(before: SubjectState(of: subject))
        var position: Int64 = 0
        func take(_ event: Event, _ run: inout DryRun) throws {
            position += 1
            let recorded = RecordedEvent(
                position: Position(rawValue: position), version: position, recordedAt: event.occurredAt, event: event)
            guard try run.take(recorded).divergence == nil else { fatalError("the benchmark's history diverges") }
        }
        for event in history.beginning { try take(event, &run) }
        let elapsed = try ContinuousClock().measure {
            for index in 0..<events { try take(history.course[index % history.course.count], &run) }
        }
        return Double(events) / elapsed.seconds
    }

    /// A Deployment with four pods, and how they get ready and lose their readiness.
    private static func history() throws -> (beginning: [Event], course: [Event]) {
        var number = 0
        func version(_ kind: String, _ name: String) -> ObjectVersion {
            number += 1
            return ObjectVersion(
                kind: kind, namespace: "shop", name: name, uid: "uid of \(name)", resourceVersion: String(number))
        }
        func event(_ fact: Fact) throws -> Event {
            // Of bytes alone, as it comes from a ledger.
            Event(
                id: .derived(from: ["bench", String(number)]), stream: subject, type: fact.type, schemaVersion: 1,
                occurredAt: start, origin: .recorder, payload: try fact.encodePayload())
        }
        let template: JSONValue = [
            "metadata": ["labels": ["app": "web"]], "spec": ["containers": [["name": "web", "image": "nginx:1"]]],
        ]
        var beginning = [
            try event(
                .deploymentCreated(
                    DeploymentCreated(
                        object: version("Deployment", "web"), createdAt: start, generation: 1, replicas: 4,
                        paused: false, selector: ["matchLabels": ["app": "web"]],
                        strategy: DeploymentStrategy(type: "RollingUpdate"), template: template))),
            try event(
                .replicaSetCreated(
                    ReplicaSetCreated(
                        object: version("ReplicaSet", "web-1"), createdAt: start, replicas: 4, template: template))),
        ]
        let owner = Owner(kind: "ReplicaSet", name: "web-1", uid: "uid of web-1")
        for pod in 1...4 {
            beginning.append(
                try event(
                    .podCreated(
                        PodCreated(
                            object: version("Pod", "web-1-\(pod)"), createdAt: start, owner: owner, labels: [:],
                            containers: [ContainerImage(name: "web", image: "nginx:1")]))))
        }
        let course = try (0..<1000).map { index in
            try event(
                .podReadinessObserved(
                    PodReadinessObserved(
                        object: version("Pod", "web-1-\(index % 4 + 1)"), ready: index / 4 % 2 == 0, since: start)))
        }
        return (beginning, course)
    }

    /// How long it takes to try a thousand variants of a rollout of 20 replicas, in milliseconds, on one core.
    static func millisecondsOfThousandVariants() throws -> Double {
        let template: (String) -> JSONValue = { image in
            [
                "metadata": ["labels": ["app": "web"]],
                "spec": ["containers": [["name": "web", "image": .string(image)]]],
            ]
        }
        let plan = try ReplayPlan([
            "apiVersion": "shipslog/v1", "kind": "ReplayPlan", "name": "deploy/web@2", "cluster": "bench",
            "startsAt": .string(start.rfc3339), "comparedFrom": "0s", "endsAt": "30s",
            "objects": [
                [
                    "subject": "shop/deployment/web",
                    "request": [
                        "method": "POST", "path": "/apis/apps/v1/namespaces/shop/deployments",
                        "body": [
                            "metadata": ["name": "web", "namespace": "shop"],
                            "spec": [
                                "replicas": 20, "selector": ["matchLabels": ["app": "web"]],
                                "template": template("nginx:1"),
                            ],
                        ],
                    ],
                ]
            ],
            "actions": [
                [
                    "at": "0s", "subject": "shop/deployment/web",
                    "requests": [
                        [
                            "method": "PATCH", "path": "/apis/apps/v1/namespaces/shop/deployments/web",
                            "contentType": "application/json-patch+json",
                            "body": [["op": "replace", "path": "/spec/template", "value": template("nginx:2")]],
                        ]
                    ],
                ]
            ],
            "behaviours": [
                "apiVersion": "shipslog/v1", "kind": "PodBehaviours",
                "rules": [["ready": ["after": "1s", "jitter": "1s"]]],
            ],
        ])
        let experiment = try Experiment(plan, of: subject)
        return try ContinuousClock().measure {
            for index in 0..<1000 {
                var variant = Variant()
                variant.maxSurge = String(index % 20 + 1)
                variant.maxUnavailable = String(index / 20 % 20)
                guard try experiment.figures(of: variant, seed: UInt64(index)).outcome == .succeeded else {
                    fatalError("a variant of the benchmark fails")
                }
            }
        }.seconds * 1_000
    }
}
