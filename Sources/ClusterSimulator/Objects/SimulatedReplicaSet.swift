import RolloutModel

/// A ReplicaSet.
struct SimulatedReplicaSet: Sendable {
    var metadata: SimulatedMetadata
    var replicas: Int
    var minReadySeconds: Int
    var selector: JSONValue
    /// The pod template with the label that tells the pods of one ReplicaSet from those of another.
    var template: PodTemplate
    /// ``Template/digest(_:)``.
    var templateDigest: String
    var status = Status()
    /// The pods that it owns, until they are gone, in the order of their creation.
    var pods: [Int] = []
    /// How many pods it has made.
    var lastOrdinal = 0
    /// How things are now, of the pods that are not going: the status says how they were at the last look.
    var counts = Counts()

    struct Counts: Hashable, Sendable {
        var replicas = 0
        var ready = 0
        var available = 0

        /// Counts a pod in, or out with -1.
        mutating func add(_ pod: SimulatedPod, _ sign: Int) {
            replicas += sign
            if pod.moment.isReady { ready += sign }
            if pod.isAvailable { available += sign }
        }
    }

    struct Status: Hashable, Sendable {
        var observedGeneration = 0
        var counts = Counts()
        /// Why pods cannot be made.
        var failure: Condition?
    }

    /// The number that the annotation gives; 0 without one.
    var revision: Int { metadata.annotations[RevisionAnnotation.revision].flatMap { Int($0) } ?? 0 }

    /// For how many pods of the whole Deployment it was last given its size.
    var desiredReplicas: Int? { metadata.annotations[RevisionAnnotation.desiredReplicas].flatMap { Int($0) } }

    /// How many pods the Deployment could have at most when it was last given its size.
    var maxReplicas: Int? { metadata.annotations[RevisionAnnotation.maxReplicas].flatMap { Int($0) } }
}

/// The annotations by which the Deployment controller keeps account.
enum RevisionAnnotation {
    static let revision = "deployment.kubernetes.io/revision"
    static let history = "deployment.kubernetes.io/revision-history"
    static let desiredReplicas = "deployment.kubernetes.io/desired-replicas"
    static let maxReplicas = "deployment.kubernetes.io/max-replicas"

    /// Those that a ReplicaSet does not take over from its Deployment.
    static let own: Set<String> = [
        revision, history, desiredReplicas, maxReplicas, "kubectl.kubernetes.io/last-applied-configuration",
        "deprecated.deployment.rollback.to",
    ]
}

/// What pods are made from: shared by all that is made from it.
final class PodTemplate: Sendable {
    /// As it is rendered.
    let document: JSONValue
    let labels: [String: String]
    let annotations: [String: String]
    let spec: PodSpec

    init(_ document: JSONValue) {
        self.document = document
        labels = (document["metadata"]?["labels"]?.object ?? [:]).compactMapValues(\.string)
        annotations = (document["metadata"]?["annotations"]?.object ?? [:]).compactMapValues(\.string)
        spec = PodSpec(document["spec"] ?? .object([:]))
    }
}

/// What the scheduler and the kubelets need of a pod's `spec`: shared by all pods of a template.
final class PodSpec: Sendable {
    let document: JSONValue
    let containers: [ContainerImage]
    let restartPolicy: RestartPolicy
    let gracePeriodSeconds: Int
    let requests: NodeResources

    init(_ document: JSONValue) {
        self.document = document
        let containers = document["containers"]?.array ?? []
        self.containers = containers.map {
            ContainerImage(name: $0["name"]?.string ?? "", image: $0["image"]?.string ?? "")
        }
        restartPolicy = document["restartPolicy"]?.string.flatMap { RestartPolicy(rawValue: $0) } ?? .always
        gracePeriodSeconds = document["terminationGracePeriodSeconds"]?.integer.map { Int($0) } ?? 30
        requests = containers.reduce(into: NodeResources()) { sum, container in
            let requests = container["resources"]?["requests"] ?? container["resources"]?["limits"]
            sum.milliCPU += requests?["cpu"].flatMap { Quantity.thousandths($0) } ?? 0
            sum.memoryBytes += requests?["memory"].flatMap { Quantity.units($0) } ?? 0
        }
    }
}
