import Foundation
import RolloutModel

/// Facts of every type: each once with all that it can say and once with no more than it must.
enum FactSamples {
    static let all: [Fact] = deployments + replicaSets + pods + containers + services + routes + others

    private static let time = Timestamp(microseconds: 1_767_225_600_000_000)
    private static let owner = Owner(kind: "ReplicaSet", name: "web-5d9c", uid: "r1")
    private static let images = [
        ContainerImage(name: "web", image: "nginx:1.25"), ContainerImage(name: "log", image: ""),
    ]
    private static let template: JSONValue = .object([
        "metadata": .object(["labels": .object(["app": .string("web")])]),
        "spec": .object(["containers": .array([.object(["name": .string("web"), "weight": .number(0.5)])])]),
    ])
    private static let rolling = DeploymentStrategy(
        type: "RollingUpdate", maxSurge: "25%", maxUnavailable: "1", minReadySeconds: 0, progressDeadlineSeconds: 600,
        revisionHistoryLimit: 10
    )

    private static func object(_ kind: String) -> ObjectVersion {
        ObjectVersion(kind: kind, namespace: "shop", name: "web", uid: "u1", resourceVersion: "42")
    }
    private static let deployment = object("Deployment")
    private static let replicaSet = object("ReplicaSet")
    private static let pod = object("Pod")
    private static let service = object("Service")

    private static let deployments: [Fact] = [
        .deploymentCreated(
            DeploymentCreated(
                object: deployment, createdAt: time, generation: 1, replicas: 4, paused: true,
                selector: .object(["matchLabels": .object([:])]), strategy: rolling, template: template,
                changeCause: "first \"ship\"\n"
            )
        ),
        .deploymentCreated(
            DeploymentCreated(
                object: deployment, createdAt: time, generation: 1, replicas: 0, paused: false, selector: .object([:]),
                strategy: DeploymentStrategy(type: "Recreate"), template: .object([:])
            )
        ),
        .deploymentTemplateChanged(DeploymentTemplateChanged(object: deployment, generation: 2, template: template)),
        .deploymentScaled(DeploymentScaled(object: deployment, generation: 3, replicas: 6)),
        .deploymentStrategyChanged(DeploymentStrategyChanged(object: deployment, generation: 4, strategy: rolling)),
        .deploymentPaused(DeploymentSpecMark(object: deployment, generation: 5)),
        .deploymentResumed(DeploymentSpecMark(object: deployment, generation: 6)),
        .deploymentChangeCauseSet(DeploymentChangeCauseSet(object: deployment, changeCause: "nginx 1.26")),
        .deploymentChangeCauseSet(DeploymentChangeCauseSet(object: deployment)),
        .deploymentDeleted(ObjectDeleted(object: deployment)),
        .deploymentStatusObserved(
            DeploymentStatusObserved(
                object: deployment, generation: 6, observedGeneration: 5, replicas: 5, updated: 2, ready: 4,
                available: 3, revision: 2
            )
        ),
        .deploymentStatusObserved(
            DeploymentStatusObserved(
                object: deployment, generation: 1, observedGeneration: 0, replicas: 0, updated: 0, ready: 0,
                available: 0
            )
        ),
        .deploymentConditionObserved(
            DeploymentConditionObserved(
                object: deployment, type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded",
                message: "ReplicaSet \"web-5d9c\" has timed out progressing."
            )
        ),
        .deploymentConditionObserved(
            DeploymentConditionObserved(object: deployment, type: "Available", status: "Unknown")
        ),
    ]

    private static let replicaSets: [Fact] = [
        .replicaSetCreated(
            ReplicaSetCreated(
                object: replicaSet, createdAt: time, owner: Owner(kind: "Deployment", name: "web", uid: "u1"),
                revision: 1, templateHash: "5d9c", replicas: 4, template: template
            )
        ),
        .replicaSetCreated(
            ReplicaSetCreated(object: replicaSet, createdAt: time, replicas: 0, template: .object([:]))
        ),
        .replicaSetScaled(ReplicaSetScaled(object: replicaSet, replicas: 3)),
        .replicaSetRenumbered(ReplicaSetRenumbered(object: replicaSet, revision: 4, revisionHistory: "1,2")),
        .replicaSetRenumbered(ReplicaSetRenumbered(object: replicaSet, revision: 2)),
        .replicaSetDeleted(ObjectDeleted(object: replicaSet)),
    ]

    private static let pods: [Fact] = [
        .podCreated(
            PodCreated(
                object: pod, createdAt: time, owner: owner, labels: ["app": "web"], containers: images,
                manifest: .object(["metadata": .object([:]), "spec": .object(["nodeName": .null])])
            )
        ),
        .podCreated(PodCreated(object: pod, createdAt: time, labels: [:], containers: [])),
        .podImageChanged(PodImageChanged(object: pod, containers: images)),
        .deploymentLabelsChanged(LabelsChanged(object: deployment, labels: ["team": "storefront"])),
        .serviceLabelsChanged(LabelsChanged(object: service, labels: [:])),
        .podLabelsChanged(LabelsChanged(object: pod, labels: ["app": "web", "empty": ""])),
        .podOwnerChanged(PodOwnerChanged(object: pod, owner: owner)),
        .podOwnerChanged(PodOwnerChanged(object: pod)),
        .podScheduled(PodScheduled(object: pod, node: "node-1")),
        .podUnschedulable(PodUnschedulable(object: pod, reason: "Unschedulable", message: "0/1 nodes are available.")),
        .podUnschedulable(PodUnschedulable(object: pod, reason: "SchedulingGated")),
        .podPhaseObserved(PodPhaseObserved(object: pod, phase: "Failed", reason: "Evicted", message: "low on memory")),
        .podPhaseObserved(PodPhaseObserved(object: pod, phase: "Running")),
        .podReadinessObserved(
            PodReadinessObserved(object: pod, ready: false, since: time, reason: "ContainersNotReady")
        ),
        .podReadinessObserved(PodReadinessObserved(object: pod, ready: true)),
        .podTerminating(PodTerminating(object: pod, deletionTimestamp: time, gracePeriodSeconds: 30)),
        .podTerminating(PodTerminating(object: pod, deletionTimestamp: Timestamp(microseconds: 1))),
        .podDeleted(ObjectDeleted(object: pod)),
    ]

    private static let containers: [Fact] = [
        .podContainerWaiting(
            PodContainerWaiting(
                object: pod, container: "web", isInit: false, image: "nginx:bad", reason: "ImagePullBackOff",
                message: "Back-off pulling image \"nginx:bad\""
            )
        ),
        .podContainerWaiting(
            PodContainerWaiting(object: pod, container: "set-up", isInit: true, image: "", reason: "PodInitializing")
        ),
        .podContainerStarted(
            PodContainerStarted(
                object: pod, container: "web", isInit: false, image: "nginx:1.25", imageID: "nginx@sha256:0a",
                startedAt: time
            )
        ),
        .podContainerStarted(PodContainerStarted(object: pod, container: "set-up", isInit: true, image: "busybox")),
        .podContainerTerminated(
            PodContainerTerminated(
                object: pod, container: "web", isInit: false, reason: "OOMKilled", exitCode: 137, message: "killed",
                finishedAt: time
            )
        ),
        .podContainerTerminated(
            PodContainerTerminated(object: pod, container: "set-up", isInit: true, reason: "Completed", exitCode: 0)
        ),
        .podContainerRestarted(
            PodContainerRestarted(
                object: pod, container: "web", restartCount: 3, lastReason: "Error", lastExitCode: -1
            )
        ),
        .podContainerRestarted(PodContainerRestarted(object: pod, container: "web", restartCount: 0)),
    ]

    private static let services: [Fact] = [
        .serviceCreated(
            ServiceCreated(
                object: service, createdAt: time, selector: ["app": "web"], type: "ClusterIP",
                ports: .array([.object(["port": .integer(80)])])
            )
        ),
        .serviceCreated(ServiceCreated(object: service, createdAt: time, selector: [:])),
        .serviceSelectorSwitched(
            ServiceSelectorSwitched(object: service, selector: ["app": "cart", "track": "green"])),
        .serviceDeleted(ObjectDeleted(object: service)),
        .endpointsChanged(
            EndpointsChanged(
                object: object("EndpointSlice"), service: "web",
                endpoints: [
                    EndpointsChanged.Endpoint(
                        pod: "p1", podName: "web-5d9c-x", addresses: ["10.0.0.1", "fd00::1"], ready: true,
                        serving: true, terminating: false
                    ),
                    EndpointsChanged.Endpoint(addresses: [], ready: false, serving: true, terminating: true),
                ]
            )
        ),
        .endpointsChanged(EndpointsChanged(object: object("EndpointSlice"), service: "web", endpoints: [])),
    ]

    private static let routes: [Fact] = [
        .routeCreated(
            RouteCreated(
                object: object("HTTPRoute"), createdAt: time,
                rules: [
                    RouteRule(
                        matches: ["GET, PathPrefix /cart, header x-user-group: beta", "Exact /"],
                        backends: [
                            RouteRule.Backend(name: "web", weight: 95),
                            RouteRule.Backend(name: "web-canary", weight: 5),
                        ]),
                    RouteRule(
                        matches: [],
                        backends: [RouteRule.Backend(kind: "Bucket", namespace: "media", name: "pages", weight: 0)]),
                ])),
        .routeCreated(RouteCreated(object: object("HTTPRoute"), createdAt: time, rules: [])),
        .routeWeightsChanged(
            RouteWeightsChanged(object: object("HTTPRoute"), rules: [RouteRule(matches: [], backends: [])])),
        .routeLabelsChanged(LabelsChanged(object: object("HTTPRoute"), labels: ["team": "storefront"])),
        .routeDeleted(ObjectDeleted(object: object("HTTPRoute"))),
    ]

    private static let others: [Fact] = [
        .hintObserved(
            HintObserved(
                object: object("Event"), regarding: owner, type: "Warning", reason: "FailedCreate",
                message: "exceeded quota", count: 3
            )
        ),
        .recordingGap(
            RecordingGap(
                resource: "deployments", fromResourceVersion: "42", toResourceVersion: "90",
                reason: "410 Expired: too old resource version"
            )
        ),
        .recordingGap(RecordingGap(resource: "pods", reason: "the stream begins in the middle")),
        .actorAttributed(
            ActorAttributed(
                event: .derived(from: ["an event"]), actor: Actor(name: "alice", evidence: .audit), auditID: "497dbfd8",
                groups: ["developers", "system:authenticated"], impersonatedBy: "admin",
                sourceIPs: ["10.0.0.7", "fd00::1"], userAgent: "kubectl/v1.20.2", confidence: .exact
            )
        ),
        .actorAttributed(
            ActorAttributed(
                event: .derived(from: ["an event"]), actor: Actor(name: "bob", evidence: .audit), auditID: "497dbfd8",
                groups: [], sourceIPs: [], confidence: .inferred
            )
        ),
        .noteAdded(NoteAdded(rollout: 3, text: "incident 4711: the registry was down")),
        .replayStarted(
            ReplayStarted(
                name: "deploy/web@3", cluster: "prod", ledger: UUID(uuidString: "0191e4a0-7b1c-7000-8000-0123456789ab"),
                firstPosition: 148, lastPosition: 148, backend: "simulation")),
        .replayCompleted(
            ReplayCompleted(
                replay: .derived(from: ["replay"]), reproduced: false, matched: 12, diverged: 2)),
        .noteAdded(NoteAdded(rollout: nil, text: "frozen\nuntil \u{1B}[31mMonday")),
        .rolloutStarted(
            RolloutStarted(
                plan: RolloutPlan(
                    .deployment(
                        DeploymentChange(
                            uid: "d-1",
                            target: .init(
                                template: template, strategy: DeploymentStrategy(type: "Recreate"), changeCause: "1.26"),
                            origin: .init(
                                template: template,
                                strategy: DeploymentStrategy(
                                    type: "RollingUpdate", maxSurge: "25%", maxUnavailable: "1", minReadySeconds: 5,
                                    progressDeadlineSeconds: 600, revisionHistoryLimit: 10)),
                            restores: 2)),
                    onFailure: .rollback, timeoutSeconds: 300), reason: "release 1.26")),
        .rolloutStarted(
            RolloutStarted(
                plan: RolloutPlan(
                    .pod(PodReplacement(uid: "p-1", target: ["kind": "Pod"], origin: ["kind": "Pod", "spec": [:]])),
                    onFailure: .abort),
                scenario: Scenario(
                    appliedAt: time, documents: [["kind": "PodBehaviours", "apiVersion": "shipslog/v1"]],
                    namespace: "shop"))),
        .rolloutStarted(
            RolloutStarted(
                plan: RolloutPlan(
                    .blueGreen(
                        BlueGreen(
                            service: "s-1", blue: Incumbent(name: "web-blue", uid: "d-1", replicas: 4),
                            green: Candidate(name: "web-green", manifest: ["kind": "Deployment"]), replicas: 4,
                            origin: ["version": "blue"], target: ["version": "green"], readyPods: 4, keepSeconds: 600,
                            check: .command("curl -f http://web-preview/"),
                            preview: BlueGreen.Preview(name: "web-preview", manifest: ["kind": "Service"]))),
                    onFailure: .rollback))),
        .rolloutStarted(
            RolloutStarted(
                plan: RolloutPlan(
                    .creation(DeploymentCreation(manifest: ["kind": "Deployment"], former: "d-1", restores: 2)),
                    onFailure: .pause))),
        .rolloutStarted(
            RolloutStarted(
                plan: RolloutPlan(
                    .canary(
                        Canary(
                            stable: Incumbent(name: "web", uid: "d-1", replicas: 4),
                            canary: Candidate(
                                name: "web-canary",
                                existing: .init(
                                    uid: "d-2", replicas: 0,
                                    origin: .init(template: template, strategy: rolling),
                                    target: .init(template: template, strategy: rolling, changeCause: "1.26"),
                                    restarts: ["p-1": 2])),
                            service: "web", steps: [5, 50, 100], pauseSeconds: 120, restartLimit: 0,
                            check: .query(
                                PrometheusQuery(
                                    server: "http://prometheus:9090", query: "errors", atMost: 0.5, atLeast: 0)),
                            route: Canary.Route(
                                name: "web", uid: "r-1", rules: [["backendRefs": [["name": "web"]]]],
                                canaryService: "web-canary", manifest: ["kind": "Service"],
                                match: Canary.Route.Match(header: "Cookie", value: "^a=b$", isPattern: true)))),
                    onFailure: .abort))),
        .rolloutSucceeded(RolloutTurn(reason: "3 of 3 new pods are available")),
        .rolloutFailed(RolloutTurn(reason: "ImagePullBackOff: nginx:bad (1 of 1 new pod)")),
        .rolloutAborted(RolloutTurn(reason: "alice asked for it")),
        .rollbackStarted(RolloutTurn(reason: "not ready in time")),
        .rollbackCompleted(RolloutTurn(reason: "the old pod is ready again")),
        .rolloutStepStarted(RolloutStep(number: 1, weight: 5)),
        .rolloutStepCompleted(RolloutStep(number: 2, weight: 100)),
        .rolloutPaused(RolloutRequest(run: .derived(from: ["a run"]), reason: "lunch")),
        .rolloutPaused(RolloutRequest(run: .derived(from: ["a run"]))),
        .rolloutPaused(RolloutRequest(run: .derived(from: ["a run"]), failure: "the check failed")),
        .rolloutResumed(RolloutRequest(run: .derived(from: ["a run"]), reason: "back")),
        .rolloutResumed(RolloutRequest(run: .derived(from: ["a run"]))),
        .rolloutPromoted(RolloutPromoted(isFull: true, reason: "looks well")),
        .rolloutPromoted(RolloutPromoted(isFull: false)),
        .rolloutAbortRequested(RolloutRequest(run: .derived(from: ["a run"]), reason: "too slow")),
        .rolloutAbortRequested(RolloutRequest(run: .derived(from: ["a run"]))),
        .checkCompleted(CheckCompleted(check: "curl http://web-preview/", passed: false, said: "502")),
        .checkCompleted(CheckCompleted(check: "true", passed: true)),
        .callIntended(CallIntended(method: "POST", path: "/api/v1/namespaces/shop/pods", body: ["kind": "Pod"])),
        .callCompleted(
            CallCompleted(
                call: .derived(from: ["a call"]), status: 200, uid: "p-1", resourceVersion: "17", auditID: "497dbfd8")),
        .callCompleted(CallCompleted(call: .derived(from: ["a call"]), status: nil)),
        .callFailed(
            CallFailed(
                call: .derived(from: ["a call"]), status: 409, reason: "Conflict", message: "the object has changed",
                auditID: "497dbfd8")),
        .callFailed(CallFailed(call: .derived(from: ["a call"]), status: nil, message: "the runner died before it")),
    ]
}
