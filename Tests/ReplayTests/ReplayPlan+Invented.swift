import RolloutModel

@testable import Replay

extension ReplayPlan {
    /// A rollout of a Deployment with these numbers, whose pods take their time.
    ///
    /// - Parameter life: A rule that says how they live.
    init(
        replicas: Int, spec: [String: JSONValue] = [:], image: String = "nginx:2",
        life: JSONValue = [
            "start": ["after": "100ms"], "ready": ["after": "1s", "jitter": "2s"], "termination": ["after": "700ms"],
        ]
    ) throws {
        func template(_ image: String) -> JSONValue {
            [
                "metadata": ["labels": ["app": "web"]],
                "spec": ["containers": [["name": "web", "image": .string(image)]]],
            ]
        }
        let members: [String: JSONValue] = [
            "replicas": .integer(Int64(replicas)), "selector": ["matchLabels": ["app": "web"]],
            "template": template("nginx:1"),
        ]
        try self.init([
            "apiVersion": "shipslog/v1", "kind": "ReplayPlan", "name": "deploy/web@2", "cluster": "prod",
            "startsAt": "2026-01-01T00:00:00Z", "comparedFrom": "0s", "endsAt": "1s",
            "objects": [
                [
                    "subject": "shop/deployment/web",
                    "request": [
                        "method": "POST", "path": "/apis/apps/v1/namespaces/shop/deployments",
                        "body": [
                            "apiVersion": "apps/v1", "kind": "Deployment",
                            "metadata": ["name": "web", "namespace": "shop"],
                            "spec": .object(members.merging(spec) { $1 }),
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
                            "body": [["op": "replace", "path": "/spec/template", "value": template(image)]],
                        ]
                    ],
                ]
            ],
            "expectations": [
                ["namespace": "shop", "about": "deploy/web rollout to r?", "what": "succeeded"]
            ],
            "behaviours": [
                "apiVersion": "shipslog/v1", "kind": "PodBehaviours", "seed": 7,
                "rules": [
                    ["match": ["image": "*:bad"], "imagePull": ["message": "manifest unknown"]],
                    life,
                ],
            ],
        ])
    }
}
