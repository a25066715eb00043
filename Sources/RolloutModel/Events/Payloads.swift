/// The version of an object that a fact was read off.
///
/// - SeeAlso: <https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions>
public struct ObjectVersion: Hashable, Sendable, Codable {
    /// The kind as Kubernetes writes it: `Deployment`.
    public var kind: String
    /// Its namespace.
    public var namespace: String
    /// Its name, which another object may have borne before.
    public var name: String
    /// What tells it from every other object, ever.
    public var uid: String
    /// The version of the object; an opaque text.
    public var resourceVersion: String

    /// Names a version of an object.
    public init(kind: String, namespace: String, name: String, uid: String, resourceVersion: String) {
        self.kind = kind
        self.namespace = namespace
        self.name = name
        self.uid = uid
        self.resourceVersion = resourceVersion
    }
}

/// The controller that an object belongs to, by `metadata.ownerReferences`.
public struct Owner: Hashable, Sendable, Codable {
    public var kind: String
    public var name: String
    public var uid: String

    public init(kind: String, name: String, uid: String) {
        self.kind = kind
        self.name = name
        self.uid = uid
    }
}

/// A container's name and image.
public struct ContainerImage: Hashable, Sendable, Codable {
    public var name: String
    public var image: String

    public init(name: String, image: String) {
        self.name = name
        self.image = image
    }
}

/// The fields of a Deployment's spec that say how it rolls out; absent ones as the API server left them.
///
/// - SeeAlso: <https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#strategy>
public struct DeploymentStrategy: Hashable, Sendable, Codable {
    /// `RollingUpdate` or `Recreate`.
    public var type: String
    /// A number or a percentage, as written; `nil` for Recreate.
    public var maxSurge: String?
    /// A number or a percentage, as written; `nil` for Recreate.
    public var maxUnavailable: String?
    public var minReadySeconds: Int?
    public var progressDeadlineSeconds: Int?
    public var revisionHistoryLimit: Int?

    public init(
        type: String, maxSurge: String? = nil, maxUnavailable: String? = nil, minReadySeconds: Int? = nil,
        progressDeadlineSeconds: Int? = nil, revisionHistoryLimit: Int? = nil
    ) {
        self.type = type
        self.maxSurge = maxSurge
        self.maxUnavailable = maxUnavailable
        self.minReadySeconds = minReadySeconds
        self.progressDeadlineSeconds = progressDeadlineSeconds
        self.revisionHistoryLimit = revisionHistoryLimit
    }
}

/// `deployment.created`: everything that is wanted of a Deployment, as it was first seen.
public struct DeploymentCreated: Hashable, Sendable, Codable {
    public var object: ObjectVersion
    public var createdAt: Timestamp
    public var generation: Int
    public var replicas: Int
    public var paused: Bool
    /// `spec.selector`.
    public var selector: JSONValue
    public var strategy: DeploymentStrategy
    /// `spec.template`, whole.
    public var template: JSONValue
    /// The annotation `kubernetes.io/change-cause`.
    public var changeCause: String?

    public init(
        object: ObjectVersion, createdAt: Timestamp, generation: Int, replicas: Int, paused: Bool,
        selector: JSONValue, strategy: DeploymentStrategy, template: JSONValue, changeCause: String? = nil
    ) {
        self.object = object
        self.createdAt = createdAt
        self.generation = generation
        self.replicas = replicas
        self.paused = paused
        self.selector = selector
        self.strategy = strategy
        self.template = template
        self.changeCause = changeCause
    }
}

/// `deployment.template_changed`: the template that is wanted now.
public struct DeploymentTemplateChanged: Hashable, Sendable, Codable {
    public var object: ObjectVersion
    public var generation: Int
    public var template: JSONValue

    public init(object: ObjectVersion, generation: Int, template: JSONValue) {
        self.object = object
        self.generation = generation
        self.template = template
    }
}

/// `deployment.scaled`: the number of pods that is wanted now.
public struct DeploymentScaled: Hashable, Sendable, Codable {
    public var object: ObjectVersion
    public var generation: Int
    public var replicas: Int

    public init(object: ObjectVersion, generation: Int, replicas: Int) {
        self.object = object
        self.generation = generation
        self.replicas = replicas
    }
}

/// `deployment.strategy_changed`: how the Deployment is to roll out from now on.
public struct DeploymentStrategyChanged: Hashable, Sendable, Codable {
    public var object: ObjectVersion
    public var generation: Int
    public var strategy: DeploymentStrategy

    public init(object: ObjectVersion, generation: Int, strategy: DeploymentStrategy) {
        self.object = object
        self.generation = generation
        self.strategy = strategy
    }
}

/// `deployment.paused` and `deployment.resumed`: `spec.paused` was switched.
public struct DeploymentSpecMark: Hashable, Sendable, Codable {
    public var object: ObjectVersion
    public var generation: Int

    public init(object: ObjectVersion, generation: Int) {
        self.object = object
        self.generation = generation
    }
}

/// `deployment.change_cause_set`: the annotation `kubernetes.io/change-cause`, a hint that people and programs leave.
public struct DeploymentChangeCauseSet: Hashable, Sendable, Codable {
    public var object: ObjectVersion
    /// `nil` if the annotation was removed.
    public var changeCause: String?

    public init(object: ObjectVersion, changeCause: String? = nil) {
        self.object = object
        self.changeCause = changeCause
    }
}

/// `deployment.deleted`, `replicaset.deleted`, `pod.deleted`, `service.deleted`: the object is gone.
public struct ObjectDeleted: Hashable, Sendable, Codable {
    public var object: ObjectVersion

    public init(object: ObjectVersion) {
        self.object = object
    }
}

/// `deployment.status_observed`: how far the controller has come.
public struct DeploymentStatusObserved: Hashable, Sendable, Codable {
    public var object: ObjectVersion
    public var generation: Int
    public var observedGeneration: Int
    /// Pods of all revisions that are not terminating.
    public var replicas: Int
    /// Pods of the current revision.
    public var updated: Int
    public var ready: Int
    public var available: Int
    /// The annotation `deployment.kubernetes.io/revision`.
    public var revision: Int?

    public init(
        object: ObjectVersion, generation: Int, observedGeneration: Int, replicas: Int, updated: Int, ready: Int,
        available: Int, revision: Int? = nil
    ) {
        self.object = object
        self.generation = generation
        self.observedGeneration = observedGeneration
        self.replicas = replicas
        self.updated = updated
        self.ready = ready
        self.available = available
        self.revision = revision
    }
}

/// `deployment.condition_observed`: one of the Deployment's conditions.
public struct DeploymentConditionObserved: Hashable, Sendable, Codable {
    public var object: ObjectVersion
    /// `Available`, `Progressing` or `ReplicaFailure`.
    public var type: String
    /// `True`, `False` or `Unknown`.
    public var status: String
    public var reason: String?
    public var message: String?

    public init(object: ObjectVersion, type: String, status: String, reason: String? = nil, message: String? = nil) {
        self.object = object
        self.type = type
        self.status = status
        self.reason = reason
        self.message = message
    }
}

/// `replicaset.created`: a set of pods of one revision.
public struct ReplicaSetCreated: Hashable, Sendable, Codable {
    public var object: ObjectVersion
    public var createdAt: Timestamp
    public var owner: Owner?
    /// The annotation `deployment.kubernetes.io/revision`.
    public var revision: Int?
    /// The label `pod-template-hash`.
    public var templateHash: String?
    public var replicas: Int
    /// `spec.template`, whole.
    public var template: JSONValue

    public init(
        object: ObjectVersion, createdAt: Timestamp, owner: Owner? = nil, revision: Int? = nil,
        templateHash: String? = nil, replicas: Int, template: JSONValue
    ) {
        self.object = object
        self.createdAt = createdAt
        self.owner = owner
        self.revision = revision
        self.templateHash = templateHash
        self.replicas = replicas
        self.template = template
    }
}

/// `replicaset.scaled`: the number of pods that is wanted of the set now.
public struct ReplicaSetScaled: Hashable, Sendable, Codable {
    public var object: ObjectVersion
    public var replicas: Int

    public init(object: ObjectVersion, replicas: Int) {
        self.object = object
        self.replicas = replicas
    }
}

/// `replicaset.renumbered`: an old revision was returned to, and has a new number in Kubernetes.
public struct ReplicaSetRenumbered: Hashable, Sendable, Codable {
    public var object: ObjectVersion
    public var revision: Int
    /// The annotation `deployment.kubernetes.io/revision-history`: the numbers it had before, with commas.
    public var revisionHistory: String?

    public init(object: ObjectVersion, revision: Int, revisionHistory: String? = nil) {
        self.object = object
        self.revision = revision
        self.revisionHistory = revisionHistory
    }
}

/// `pod.created`: a pod, as it was first seen.
public struct PodCreated: Hashable, Sendable, Codable {
    public var object: ObjectVersion
    public var createdAt: Timestamp
    public var owner: Owner?
    public var labels: [String: String]
    /// The containers, in the order of the spec.
    public var containers: [ContainerImage]
    /// For a pod without a controller, what is needed to make it again: `{"metadata": {labels, annotations}, "spec": …}`.
    public var manifest: JSONValue?

    public init(
        object: ObjectVersion, createdAt: Timestamp, owner: Owner? = nil, labels: [String: String],
        containers: [ContainerImage], manifest: JSONValue? = nil
    ) {
        self.object = object
        self.createdAt = createdAt
        self.owner = owner
        self.labels = labels
        self.containers = containers
        self.manifest = manifest
    }
}

/// `pod.image_changed`: the images that the pod's containers run now, changed in place.
public struct PodImageChanged: Hashable, Sendable, Codable {
    public var object: ObjectVersion
    public var containers: [ContainerImage]

    public init(object: ObjectVersion, containers: [ContainerImage]) {
        self.object = object
        self.containers = containers
    }
}

/// `deployment.labels_changed`, `service.labels_changed` and `pod.labels_changed`: the labels that the object has now.
public struct LabelsChanged: Hashable, Sendable, Codable {
    public var object: ObjectVersion
    public var labels: [String: String]

    public init(object: ObjectVersion, labels: [String: String]) {
        self.object = object
        self.labels = labels
    }
}

/// `pod.owner_changed`: the pod was adopted, or released (`owner` is absent).
public struct PodOwnerChanged: Hashable, Sendable, Codable {
    public var object: ObjectVersion
    public var owner: Owner?

    public init(object: ObjectVersion, owner: Owner? = nil) {
        self.object = object
        self.owner = owner
    }
}

/// `pod.scheduled`: the pod has a node.
public struct PodScheduled: Hashable, Sendable, Codable {
    public var object: ObjectVersion
    public var node: String

    public init(object: ObjectVersion, node: String) {
        self.object = object
        self.node = node
    }
}

/// `pod.unschedulable`: the scheduler finds no node.
public struct PodUnschedulable: Hashable, Sendable, Codable {
    public var object: ObjectVersion
    public var reason: String
    public var message: String?

    public init(object: ObjectVersion, reason: String, message: String? = nil) {
        self.object = object
        self.reason = reason
        self.message = message
    }
}

/// `pod.phase_observed`: where the pod is in its life.
///
/// Not its readiness.
public struct PodPhaseObserved: Hashable, Sendable, Codable {
    public var object: ObjectVersion
    /// `Pending`, `Running`, `Succeeded`, `Failed` or `Unknown`.
    public var phase: String
    /// `status.reason`: `Evicted`, say.
    public var reason: String?
    public var message: String?

    public init(object: ObjectVersion, phase: String, reason: String? = nil, message: String? = nil) {
        self.object = object
        self.phase = phase
        self.reason = reason
        self.message = message
    }
}

/// `pod.readiness_observed`: whether the pod is ready to serve.
public struct PodReadinessObserved: Hashable, Sendable, Codable {
    public var object: ObjectVersion
    public var ready: Bool
    /// `lastTransitionTime` of the condition.
    public var since: Timestamp?
    public var reason: String?

    public init(object: ObjectVersion, ready: Bool, since: Timestamp? = nil, reason: String? = nil) {
        self.object = object
        self.ready = ready
        self.since = since
        self.reason = reason
    }
}

/// `pod.container_waiting`: a container does not run, and why.
public struct PodContainerWaiting: Hashable, Sendable, Codable {
    public var object: ObjectVersion
    public var container: String
    /// Whether it is an init container.
    public var isInit: Bool
    public var image: String
    /// `ImagePullBackOff`, say, or `CrashLoopBackOff` or `ContainerCreating`.
    public var reason: String
    public var message: String?

    public init(
        object: ObjectVersion, container: String, isInit: Bool, image: String, reason: String,
        message: String? = nil
    ) {
        self.object = object
        self.container = container
        self.isInit = isInit
        self.image = image
        self.reason = reason
        self.message = message
    }
}

/// `pod.container_started`: a container runs.
public struct PodContainerStarted: Hashable, Sendable, Codable {
    public var object: ObjectVersion
    public var container: String
    public var isInit: Bool
    public var image: String
    /// The digest that the image's tag stood for.
    public var imageID: String?
    public var startedAt: Timestamp?

    public init(
        object: ObjectVersion, container: String, isInit: Bool, image: String, imageID: String? = nil,
        startedAt: Timestamp? = nil
    ) {
        self.object = object
        self.container = container
        self.isInit = isInit
        self.image = image
        self.imageID = imageID
        self.startedAt = startedAt
    }
}

/// `pod.container_terminated`: a container ended.
public struct PodContainerTerminated: Hashable, Sendable, Codable {
    public var object: ObjectVersion
    public var container: String
    public var isInit: Bool
    /// `Completed`, say, or `Error` or `OOMKilled`.
    public var reason: String
    public var exitCode: Int
    public var message: String?
    public var finishedAt: Timestamp?

    public init(
        object: ObjectVersion, container: String, isInit: Bool, reason: String, exitCode: Int,
        message: String? = nil, finishedAt: Timestamp? = nil
    ) {
        self.object = object
        self.container = container
        self.isInit = isInit
        self.reason = reason
        self.exitCode = exitCode
        self.message = message
        self.finishedAt = finishedAt
    }
}

/// `pod.container_restarted`: how often a container was started again, and how it had ended.
public struct PodContainerRestarted: Hashable, Sendable, Codable {
    public var object: ObjectVersion
    public var container: String
    public var restartCount: Int
    /// `lastState.terminated.reason`.
    public var lastReason: String?
    public var lastExitCode: Int?

    public init(
        object: ObjectVersion, container: String, restartCount: Int, lastReason: String? = nil,
        lastExitCode: Int? = nil
    ) {
        self.object = object
        self.container = container
        self.restartCount = restartCount
        self.lastReason = lastReason
        self.lastExitCode = lastExitCode
    }
}

/// `pod.terminating`: the pod was asked to go.
public struct PodTerminating: Hashable, Sendable, Codable {
    public var object: ObjectVersion
    /// When it will be gone at the latest: the time of the request plus the grace period.
    public var deletionTimestamp: Timestamp
    public var gracePeriodSeconds: Int?

    public init(object: ObjectVersion, deletionTimestamp: Timestamp, gracePeriodSeconds: Int? = nil) {
        self.object = object
        self.deletionTimestamp = deletionTimestamp
        self.gracePeriodSeconds = gracePeriodSeconds
    }
}

/// `service.created`: a Service, as it was first seen.
public struct ServiceCreated: Hashable, Sendable, Codable {
    public var object: ObjectVersion
    public var createdAt: Timestamp
    /// Empty for a Service whose endpoints are made by hand.
    public var selector: [String: String]
    public var type: String?
    /// `spec.ports`, whole.
    public var ports: JSONValue?

    public init(
        object: ObjectVersion, createdAt: Timestamp, selector: [String: String], type: String? = nil,
        ports: JSONValue? = nil
    ) {
        self.object = object
        self.createdAt = createdAt
        self.selector = selector
        self.type = type
        self.ports = ports
    }
}

/// `service.selector_switched`: the labels that the Service sends its traffic to now.
public struct ServiceSelectorSwitched: Hashable, Sendable, Codable {
    public var object: ObjectVersion
    public var selector: [String: String]

    public init(object: ObjectVersion, selector: [String: String]) {
        self.object = object
        self.selector = selector
    }
}

/// A rule of an HTTPRoute: which requests it is for, and where they go.
public struct RouteRule: Hashable, Sendable, Codable {
    /// Each says what a request must have, in short: `GET, PathPrefix /cart, header x-user-group: beta`.
    ///
    /// Any of them is enough; with none, every request is meant.
    public var matches: [String]
    public var backends: [Backend]

    /// A Service, as a rule, and its share of the requests.
    public struct Backend: Hashable, Sendable, Codable {
        /// `Service`, as a rule.
        public var kind: String
        /// `nil` if it is the route's own.
        public var namespace: String?
        public var name: String
        /// Its share, measured against the sum of all weights of the rule.
        public var weight: Int

        public init(kind: String = "Service", namespace: String? = nil, name: String, weight: Int) {
            self.kind = kind
            self.namespace = namespace
            self.name = name
            self.weight = weight
        }
    }

    public init(matches: [String], backends: [Backend]) {
        self.matches = matches
        self.backends = backends
    }
}

/// `route.created`: an HTTPRoute, as it was first seen.
public struct RouteCreated: Hashable, Sendable, Codable {
    public var object: ObjectVersion
    public var createdAt: Timestamp
    public var rules: [RouteRule]

    public init(object: ObjectVersion, createdAt: Timestamp, rules: [RouteRule]) {
        self.object = object
        self.createdAt = createdAt
        self.rules = rules
    }
}

/// `route.weights_changed`: the rules that an HTTPRoute has now.
public struct RouteWeightsChanged: Hashable, Sendable, Codable {
    public var object: ObjectVersion
    public var rules: [RouteRule]

    public init(object: ObjectVersion, rules: [RouteRule]) {
        self.object = object
        self.rules = rules
    }
}

/// `endpoints.changed`: what one EndpointSlice of a Service holds now; nothing once the slice is deleted.
public struct EndpointsChanged: Hashable, Sendable, Codable {
    /// The slice.
    public var object: ObjectVersion
    /// The Service's name.
    public var service: String
    public var endpoints: [Endpoint]

    /// One endpoint, with the conditions as Kubernetes defines them when they are absent.
    ///
    /// - SeeAlso: <https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#conditions>
    public struct Endpoint: Hashable, Sendable, Codable {
        /// The UID of the pod behind it.
        public var pod: String?
        public var podName: String?
        public var addresses: [String]
        public var ready: Bool
        public var serving: Bool
        public var terminating: Bool

        public init(
            pod: String? = nil, podName: String? = nil, addresses: [String], ready: Bool, serving: Bool,
            terminating: Bool
        ) {
            self.pod = pod
            self.podName = podName
            self.addresses = addresses
            self.ready = ready
            self.serving = serving
            self.terminating = terminating
        }
    }

    public init(object: ObjectVersion, service: String, endpoints: [Endpoint]) {
        self.object = object
        self.service = service
        self.endpoints = endpoints
    }
}

/// `hint.observed`: a core Event of the cluster.
///
/// Best effort and worded differently by each version: read by people, never judged by folds.
public struct HintObserved: Hashable, Sendable, Codable {
    /// The core Event itself.
    public var object: ObjectVersion
    /// What it is about.
    public var regarding: Owner
    /// `Normal` or `Warning`.
    public var type: String
    public var reason: String
    public var message: String
    public var count: Int

    public init(object: ObjectVersion, regarding: Owner, type: String, reason: String, message: String, count: Int) {
        self.object = object
        self.regarding = regarding
        self.type = type
        self.reason = reason
        self.message = message
        self.count = count
    }
}

/// `recording.gap`: the recorder could not see what happened in between.
public struct RecordingGap: Hashable, Sendable, Codable {
    /// The resource whose watch was interrupted, or of which something could not be recorded: `deployments`.
    public var resource: String
    /// The last version seen before; absent if nothing was.
    public var fromResourceVersion: String?
    /// The first version seen after, where that is known.
    public var toResourceVersion: String?
    /// What the API server said: `410 Expired: too old resource version`; or what could not be read, or was refused.
    public var reason: String

    public init(
        resource: String, fromResourceVersion: String? = nil, toResourceVersion: String? = nil, reason: String
    ) {
        self.resource = resource
        self.fromResourceVersion = fromResourceVersion
        self.toResourceVersion = toResourceVersion
        self.reason = reason
    }
}
