import RolloutModel
import Testing

extension ClusterContract {
    static let refusing =
        [
            ClusterContract("what is there is not created again") { stage async throws in
                try await stage.create(.deployments, Play.deployment())
                try await stage.expect(
                    stage.call(.create, .deployments, "web", Play.deployment()),
                    gives: Verdict(
                        code: 409, reason: "AlreadyExists", message: "deployments.apps \"web\" already exists"))
            },
            ClusterContract("nothing is created in a namespace that is not there") { stage async throws in
                let call = ClusterCall(
                    .create, .deployments, "web", namespace: "there-is-none", body: Play.deployment())
                try await stage.expect(call, gives: missing("namespaces", "there-is-none"))
            },
            ClusterContract("what is missing is neither changed nor deleted") { stage async throws in
                try await stage.expect(
                    stage.call(.patch, .deployments, "web", ["spec": ["replicas": 2]]),
                    gives: missing("deployments.apps", "web"))
                try await stage.expect(
                    stage.call(.delete, .pods, "web", ["kind": "DeleteOptions"]), gives: missing("pods", "web"))
            },
            ClusterContract("nothing is changed that has changed since it was read") { stage async throws in
                let made = try await stage.create(.services, ContractStage.service("web", app: "web"))
                let patch: JSONValue = [
                    "metadata": ["resourceVersion": .string(made.version)], "spec": ["selector": ["app": "api"]],
                ]
                let changed = try await stage.patch(.services, "web", patch)
                #expect(changed["spec"]?["selector"] == ["app": "api"])
                try await stage.expect(
                    stage.call(
                        .patch, .services, "web",
                        [
                            "metadata": ["resourceVersion": .string(made.version)],
                            "spec": ["selector": ["app": "db"]],
                        ]), gives: stale("services", "web"))
                let other = "00000000-0000-4000-8000-000000000000"
                try await stage.expect(
                    stage.call(.patch, .services, "web", ["metadata": ["uid": .string(other)]]),
                    gives: Verdict(
                        code: 422, reason: "Invalid",
                        message: "Service \"web\" is invalid: metadata.uid: Invalid value: …: field is immutable"))
                #expect(try await stage.get(.services, "web") == changed)
            },
            ClusterContract("the selector of a Deployment stays as it is") { stage async throws in
                try await stage.create(.deployments, Play.deployment())
                try await stage.expect(
                    stage.call(
                        .patch, .deployments, "web",
                        [
                            "spec": [
                                "selector": ["matchLabels": ["tier": "front"]],
                                "template": ["metadata": ["labels": ["tier": "front"]]],
                            ]
                        ]),
                    gives: invalid(
                        "spec.selector: Invalid value: …: field is immutable"))
            },
        ]
        + faulty.map { what, spec, message in
            ClusterContract("a Deployment with \(what) is not created") { stage async throws in
                let call = stage.call(.create, .deployments, "web", Play.deployment(spec: spec))
                try await stage.expect(call, gives: invalid(message))
                #expect(try await stage.get(.deployments, "web") == nil)
            }
        }

    private static func invalid(_ message: String) -> Verdict {
        Verdict(code: 422, reason: "Invalid", message: "Deployment.apps \"web\" is invalid: \(message)")
    }

    private static func limits(_ surge: JSONValue, _ unavailable: JSONValue) -> [String: JSONValue] {
        ["strategy": ["rollingUpdate": ["maxSurge": surge, "maxUnavailable": unavailable]]]
    }

    private static func containers(_ containers: JSONValue...) -> [String: JSONValue] {
        ["template": ["metadata": ["labels": ["app": "web"]], "spec": ["containers": .array(containers)]]]
    }

    private static let faulty: [(what: String, spec: [String: JSONValue], message: String)] = [
        (
            "neither surge nor unavailability", limits(0, 0),
            "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: …: may not be 0 when `maxSurge` is 0"
        ),
        (
            "no percent of either", limits("0%", "0%"),
            "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: …: may not be 0 when `maxSurge` is 0"
        ),
        (
            "more than all unavailable", limits(1, "101%"),
            "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: …: must not be greater than 100%"
        ),
        (
            "a surge that is no number", limits("some", 1),
            "spec.strategy.rollingUpdate.maxSurge: Invalid value: …: a valid percent string must be a numeric "
                + "string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')"
        ),
        (
            "fewer than no replicas", ["replicas": -1],
            "spec.replicas: Invalid value: …: must be greater than or equal to 0"
        ),
        (
            "a deadline before its pods can be available", ["progressDeadlineSeconds": 10, "minReadySeconds": 10],
            "spec.progressDeadlineSeconds: Invalid value: …: must be greater than minReadySeconds"
        ),
        (
            "a selector that does not select its pods", ["selector": ["matchLabels": ["app": "other"]]],
            "spec.template.metadata.labels: Invalid value: …: `selector` does not match template "
                + "`labels`"
        ),
        (
            "limits for a recreation", ["strategy": ["type": "Recreate", "rollingUpdate": ["maxSurge": 1]]],
            "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'"
        ),
        (
            "an unknown strategy", ["strategy": ["type": "Wishful"]],
            "spec.strategy: Unsupported value: …: supported values: \"Recreate\", \"RollingUpdate\""
        ),
        (
            "a container without an image", containers(["name": "web"]),
            "spec.template.spec.containers[0].image: Required value"
        ),
        (
            "two containers of one name",
            containers(["name": "web", "image": "nginx:1"], ["name": "web", "image": "nginx:2"]),
            "spec.template.spec.containers[1].name: Duplicate value: \"web\""
        ),
        (
            "pods that end",
            [
                "template": [
                    "metadata": ["labels": ["app": "web"]],
                    "spec": ["restartPolicy": "Never", "containers": [["name": "web", "image": "nginx:1"]]],
                ]
            ],
            "spec.template.spec.restartPolicy: Unsupported value: …: supported values: \"Always\""
        ),
    ]
}
