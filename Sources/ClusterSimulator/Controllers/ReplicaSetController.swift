import RolloutModel

/// Keeps as many pods as a ReplicaSet asks for.
///
/// - SeeAlso: <https://kubernetes.io/docs/concepts/workloads/controllers/replicaset/>
extension SimulatedCluster {
    mutating func syncReplicaSet(_ number: Int) {
        guard let set = replicaSets[number] else { return }
        // Pods that it makes are counted when they bring it here again; those that it deletes, no more.
        var counts = set.counts
        var failure: String?
        if set.counts.replicas < set.replicas {
            failure = makePods(set.replicas - set.counts.replicas, of: set)
        } else if set.counts.replicas > set.replicas {
            for pod in podsToDelete(set.counts.replicas - set.replicas, of: set) {
                delete(pod: pod, gracePeriodSeconds: nil)
            }
            counts = replicaSets[number]?.counts ?? counts
        }
        if failure == nil { failingReplicaSets.remove(number) } else { failingReplicaSets.insert(number) }
        guard var current = replicaSets[number] else { return }
        var status = current.status
        status.observedGeneration = current.metadata.generation
        status.counts = counts
        if let failure {
            status.failure = status.failure ?? condition("ReplicaFailure", "True", "FailedCreate", failure)
        } else {
            status.failure = nil
        }
        guard status != current.status else { return }
        current.status = status
        store(current)
    }

    // MARK: Making pods

    /// - Returns: Why not all could be made.
    private mutating func makePods(_ count: Int, of set: SimulatedReplicaSet) -> String? {
        for _ in 0..<count {
            let name = podName(set.metadata)
            if let refusal = quotaRefusal(of: name, in: set.metadata.namespace) { return refusal }
            var metadata = makeMetadata(name, set.metadata.namespace)
            metadata.labels = set.template.labels
            metadata.annotations = set.template.annotations
            metadata.owner = .init(number: set.metadata.number, kind: .replicaSet, name: set.metadata.name)
            add(SimulatedPod(metadata: metadata, spec: set.template.spec, moment: PodMoment(since: now)))
        }
        return nil
    }

    /// A name that no pod has, ended by five characters as Kubernetes draws them: none that make words, or look alike.
    private func podName(_ set: SimulatedMetadata) -> String {
        var random = SeededGenerator(seed: seed &+ UInt64(lastVersion) &* 0x9e37_79b9_7f4a_7c15)
        while true {
            let suffix = (0..<5).map { _ in Self.suffixLetters[Int(random.next() % UInt64(Self.suffixLetters.count))] }
            let name = "\(set.name)-\(String(decoding: suffix, as: UTF8.self))"
            if numbers[ObjectKey(kind: .pod, namespace: set.namespace, name: name)] == nil { return name }
        }
    }

    private static let suffixLetters = Array("bcdfghjklmnpqrstvwxz2456789".utf8)

    /// Why a quota forbids one more pod; `nil` if none does.
    ///
    /// - SeeAlso: <https://kubernetes.io/docs/concepts/policy/resource-quotas/>
    func quotaRefusal(of pod: String, in namespace: String) -> String? {
        guard hasQuotas else { return nil }
        let used = Int64(podsInNamespace[namespace] ?? 0)
        let quotas = stored.values.filter {
            $0.resource.plural == "resourcequotas" && $0.metadata.namespace == namespace
        }
        for quota in quotas.sorted(by: { $0.metadata.name < $1.metadata.name }) {
            guard let hard = (quota.document["spec"]?["hard"]?["pods"]).flatMap({ Quantity.thousandths($0) }),
                (used + 1) * 1000 > hard
            else { continue }
            return "pods \"\(pod)\" is forbidden: exceeded quota: \(quota.metadata.name), requested: pods=1, "
                + "used: pods=\(used), limited: pods=\(hard / 1000)"
        }
        return nil
    }

    /// Has ReplicaSets try again that could not make their pods: there may be room now.
    mutating func retryFailing(in namespace: String) {
        guard !failingReplicaSets.isEmpty else { return }
        for number in failingReplicaSets.sorted() where replicaSets[number]?.metadata.namespace == namespace {
            enqueue(.replicaSet(number))
        }
    }

    // MARK: Deleting pods

    /// The pods that can best be spared.
    ///
    /// - SeeAlso: <https://kubernetes.io/docs/concepts/workloads/controllers/replicaset/#scaling-down-a-replicaset>
    private func podsToDelete(_ count: Int, of set: SimulatedReplicaSet) -> [Int] {
        let load = loads[set.metadata.owner?.number ?? set.metadata.number] ?? []
        guard let active = activePods[set.metadata.number]?.values else { return [] }
        let candidates = active.lazy.map { $0.beside(load) }
        if count == 1 { return candidates.min().map { [$0.number] } ?? [] }
        return active.count <= count ? active.map(\.number).sorted() : candidates.sorted().prefix(count).map(\.number)
    }
}

/// What makes a pod one to be spared: the least is spared first.
///
/// Kept of each pod that a ReplicaSet counts: it is much smaller than the pod.
struct Expendability: Comparable, Sendable {
    let number: Int
    private let node: Int?
    private let isRunning: Bool
    private let isReady: Bool
    private let deletionCost: Int
    /// How many pods are on its node that may take its place.
    private var neighbours = 0
    private let readySince: Timestamp
    private let restarts: Int
    private let createdAt: Timestamp

    init(of pod: SimulatedPod) {
        number = pod.metadata.number
        node = pod.node
        isRunning = pod.moment.phase == .running
        isReady = pod.moment.isReady
        deletionCost =
            pod.metadata.annotations.isEmpty
            ? 0 : pod.metadata.annotations["controller.kubernetes.io/pod-deletion-cost"].flatMap { Int($0) } ?? 0
        readySince = pod.moment.readyChangedAt
        restarts = pod.moment.restartCount
        createdAt = pod.metadata.createdAt
    }

    /// The same, while so many pods are on each node.
    func beside(_ load: [Int]) -> Expendability {
        var pod = self
        pod.neighbours = node.flatMap { load.indices.contains($0) ? load[$0] : nil } ?? 0
        return pod
    }

    static func < (left: Expendability, right: Expendability) -> Bool {
        if (left.node == nil) != (right.node == nil) { return left.node == nil }
        if left.isRunning != right.isRunning { return !left.isRunning }
        if left.isReady != right.isReady { return !left.isReady }
        if left.deletionCost != right.deletionCost { return left.deletionCost < right.deletionCost }
        if left.neighbours != right.neighbours { return left.neighbours > right.neighbours }
        if left.isReady, left.readySince != right.readySince { return left.readySince > right.readySince }
        if left.restarts != right.restarts { return left.restarts > right.restarts }
        if left.createdAt != right.createdAt { return left.createdAt > right.createdAt }
        return left.number > right.number
    }
}
