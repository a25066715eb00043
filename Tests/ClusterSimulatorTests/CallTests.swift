import RolloutModel
import Testing

@testable import ClusterSimulator

@Suite("Calls to the simulated API server") struct CallTests {
    private func refusal(_ call: ClusterCall, after prepare: (inout Play) throws -> Void = { _ in }) throws
        -> StatusError?
    {
        var play = try Play()
        try prepare(&play)
        return #expect(throws: StatusError.self) { try play.call(call) }
    }

    private func create(_ spec: [String: JSONValue]) -> ClusterCall {
        ClusterCall(.create, .deployments, "web", namespace: "shop", body: Play.deployment(spec: spec))
    }

    @Test(
        "what a real API server refuses is refused",
        arguments: [
            (
                ["strategy": ["rollingUpdate": ["maxSurge": 0, "maxUnavailable": "0%"]]],
                "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: \"0%\": may not be 0 when `maxSurge` is 0"
            ),
            (
                ["selector": ["matchLabels": ["app": "other"]]],
                "spec.template.metadata.labels: Invalid value: {\"app\":\"web\"}: `selector` does not match template "
                    + "`labels`"
            ),
            (["replicas": -1], "spec.replicas: Invalid value: -1: must be greater than or equal to 0"),
            (
                ["progressDeadlineSeconds": 10, "minReadySeconds": 10],
                "spec.progressDeadlineSeconds: Invalid value: 10: must be greater than minReadySeconds"
            ),
            (
                ["strategy": ["rollingUpdate": ["maxUnavailable": "101%"]]],
                "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: \"101%\": must not be greater than 100%"
            ),
            (
                ["template": ["metadata": ["labels": ["app": "web"]], "spec": ["containers": [["name": "web"]]]]],
                "spec.template.spec.containers[0].image: Required value"
            ),
            (
                ["strategy": ["type": "Recreate", "rollingUpdate": ["maxSurge": 1]]],
                "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'"
            ),
        ] as [([String: JSONValue], String)])
    func invalid(spec: [String: JSONValue], message: String) throws {
        let error = try refusal(create(spec))
        #expect(error?.code == 422)
        #expect(error?.reason == .invalid)
        #expect(error?.message == "Deployment.apps \"web\" is invalid: \(message)")
    }

    @Test("defaults are filled in, and fields that nobody here knows stay")
    func defaults() throws {
        var play = try Play()
        try play.deploy(Play.deployment(spec: ["replicas": .null, "surprise": ["a": 1]]))
        let made = try play.patch(["replicas": 2])
        #expect(
            made["spec"]?["strategy"] == [
                "type": "RollingUpdate", "rollingUpdate": ["maxSurge": "25%", "maxUnavailable": "25%"],
            ])
        #expect(made["spec"]?["progressDeadlineSeconds"] == 600)
        #expect(made["spec"]?["revisionHistoryLimit"] == 10)
        #expect(made["spec"]?["surprise"] == ["a": 1])
        #expect(made["metadata"]?["generation"] == 2)
    }

    @Test("a stale version, another UID, a missing object and a taken name are refused")
    func preconditions() throws {
        let web = Play.deployment()
        func make(_ play: inout Play) throws { try play.deploy(web) }
        let stale = try refusal(
            ClusterCall(
                .patch, .deployments, "web", namespace: "shop", body: ["metadata": ["resourceVersion": "1"]]),
            after: make)
        #expect(stale?.code == 409)
        #expect(stale?.reason == .conflict)
        #expect(
            stale?.message
                == "Operation cannot be fulfilled on deployments.apps \"web\": the object has been modified; please "
                + "apply your changes to the latest version and try again")
        let other = try refusal(.delete(.deployments, "web", namespace: "shop", uid: "other"), after: make)
        #expect(other?.code == 409)
        #expect(
            other?.message.hasPrefix(
                "Operation cannot be fulfilled on Deployment.apps \"web\": the UID in the precondition (other) does not "
                    + "match the UID in record (") == true)
        let missing = try refusal(
            ClusterCall(.patch, .deployments, "api", namespace: "shop", body: .object([:])), after: make)
        #expect(missing?.code == 404)
        #expect(missing?.message == "deployments.apps \"api\" not found")
        let taken = try refusal(create([:]), after: make)
        #expect(taken?.reason == .alreadyExists)
        let nowhere = try refusal(ClusterCall(.create, .deployments, "web", namespace: "none", body: web))
        #expect(nowhere?.message == "namespaces \"none\" not found")
        let selector = try refusal(
            ClusterCall(
                .patch, .deployments, "web", namespace: "shop",
                body: [
                    "spec": [
                        "selector": ["matchLabels": ["tier": "front"]],
                        "template": ["metadata": ["labels": ["tier": "front"]]],
                    ]
                ]), after: make)
        #expect(
            selector?.message.hasSuffix(
                "spec.selector: Invalid value: {\"matchLabels\":{\"app\":\"web\",\"tier\":\"front\"}}: field is immutable"
            ) == true)
    }

    @Test("a dry run is checked and answered, and changes nothing")
    func dryRun() throws {
        var play = try Play()
        try play.deploy(Play.deployment())
        let before = try play.object(.deployments, "web")
        var call = ClusterCall(
            .patch, .deployments, "web", namespace: "shop", body: ["spec": ["replicas": 5]])
        call.isDryRun = true
        #expect(try play.call(call)["spec"]?["replicas"] == 5)
        #expect(try play.object(.deployments, "web") == before)
        call.body = ["spec": ["replicas": -5]]
        #expect(throws: StatusError.self) { try play.call(call) }
    }

    @Test("the subresource scale sets the size, and only that")
    func scale() throws {
        var play = try Play()
        try play.deploy(Play.deployment(replicas: 2))
        let call = ClusterCall(
            .patch, .deployments, "web", namespace: "shop", subresource: "scale", body: ["spec": ["replicas": 3]])
        let answer = try play.call(call)
        #expect(answer["kind"] == "Scale")
        #expect(answer["spec"] == ["replicas": 3])
        #expect(try play.object(.deployments, "web")?["spec"]?["replicas"] == 3)
    }

    @Test("objects of other kinds are kept as they are written")
    func otherKinds() throws {
        var play = try Play()
        let route: JSONValue = [
            "metadata": ["name": "web", "labels": ["app": "web"]], "spec": ["rules": [["weight": 1]]],
        ]
        let made = try play.call(ClusterCall(.create, .httpRoutes, "web", namespace: "shop", body: route))
        #expect(made["apiVersion"] == "gateway.networking.k8s.io/v1")
        #expect(made["spec"] == route["spec"])
        let version = made["metadata"]?["resourceVersion"]
        let same = try play.call(
            ClusterCall(.patch, .httpRoutes, "web", namespace: "shop", body: ["spec": ["rules": [["weight": 1]]]]))
        #expect(same["metadata"]?["resourceVersion"] == version)
        let changed = try play.call(
            ClusterCall(.patch, .httpRoutes, "web", namespace: "shop", body: ["spec": ["rules": [["weight": 9]]]]))
        #expect(changed["spec"] == ["rules": [["weight": 9]]])
        #expect(changed["metadata"]?["generation"] == 2)
        try play.call(ClusterCall(.delete, .httpRoutes, "web", namespace: "shop", body: .object([:])))
        #expect(try play.object(.httpRoutes, "web") == nil)
    }

    @Test("equal seeds give equal clusters, others other names")
    func seeds() throws {
        func pods(seed: UInt64) throws -> [JSONValue] {
            var play = try Play(#"{"ready": {"after": "1s", "jitter": "5s"}}"#, seed: seed)
            try play.deploy(Play.deployment(replicas: 3))
            try play.run(for: .seconds(10))
            return try play.list(.pods)
        }
        #expect(try pods(seed: 1) == pods(seed: 1))
        #expect(
            try Set(pods(seed: 1).map { $0["metadata"]?["uid"] }).isDisjoint(
                with: pods(seed: 2).map { $0["metadata"]?["uid"] }))
    }
}
