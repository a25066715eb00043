import RolloutModel

/// Pods from their creation to their end: what the scheduler and the kubelets do.
///
/// - SeeAlso: <https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/>
extension SimulatedCluster {
    /// Takes in a new pod; its life begins.
    mutating func add(_ pod: SimulatedPod) {
        var pod = pod
        let metadata = pod.metadata
        if let owner = metadata.owner, let ordinal = replicaSets[owner.number]?.lastOrdinal {
            replicaSets[owner.number]?.lastOrdinal = ordinal + 1
            pod.ordinal = ordinal + 1
            pod.group = replicaSets[owner.number]?.metadata.owner?.number ?? owner.number
        } else if metadata.owner == nil {
            let key = ObjectKey(kind: .pod, namespace: metadata.namespace, name: metadata.name)
            barePodsMade[key, default: 0] += 1
            pod.ordinal = barePodsMade[key, default: 1]
        }
        if let node = pod.node { nodes[node].take(pod.spec.requests) }
        let life = behaviours.life(of: traits(of: pod), from: now, hasNode: pod.node != nil)
        pod.images = life.images
        pod.metadata.resourceVersion = nextVersion()
        numbers[ObjectKey(kind: .pod, namespace: metadata.namespace, name: metadata.name)] = metadata.number
        pods[metadata.number] = pod
        lives[metadata.number] = life
        podsInNamespace[metadata.namespace, default: 0] += 1
        if let owner = metadata.owner {
            replicaSets[owner.number]?.pods.append(metadata.number)
            enqueue(.replicaSet(owner.number))
        }
        count(pod, 1)
        note(.pod(pod))
        if let due = life.nextChange { alarms.set(.life(pod: metadata.number), due: due) }
    }

    private func traits(of pod: SimulatedPod) -> PodTraits {
        let owner = pod.metadata.owner
        let set = owner.flatMap { replicaSets[$0.number] }
        return PodTraits(
            namespace: pod.metadata.namespace, name: pod.metadata.name, labels: pod.metadata.labels,
            images: pod.spec.containers.map(\.image),
            restartPolicy: pod.spec.restartPolicy,
            owner: set?.metadata.owner?.name ?? owner?.name ?? pod.metadata.name,
            revision: set.flatMap { $0.revision == 0 ? nil : $0.revision }, ordinal: pod.ordinal,
            template: set?.templateDigest
        )
    }

    /// Lets the next moment of a pod's life come, if it is due.
    mutating func live(_ number: Int) {
        guard let pod = pods[number], let due = lives[number]?.nextChange, due <= now else { return }
        if pod.node == nil {
            guard let life = lives[number] else { return }
            var next = life
            if next.next()?.scheduledAt != nil, !place(pod) { return }
        }
        guard let moment = lives[number]?.next() else { return }
        if let due = lives[number]?.nextChange { alarms.set(.life(pod: number), due: due) }
        show(moment, of: number)
        if moment.isGone, let pod = pods[number] { remove(.pod(pod)) }
    }

    private mutating func show(_ moment: PodMoment, of number: Int) {
        let needsAddress = moment.firstTriedAt != nil && pods[number]?.address == 0
        if needsAddress { lastAddress += 1 }
        let address = lastAddress
        let minReadySeconds = pods[number]?.metadata.owner.flatMap { replicaSets[$0.number] }?.minReadySeconds ?? 0
        update(pod: number) { pod in
            pod.moment = moment
            if needsAddress { pod.address = address }
            pod.isAvailable = pod.isActive && moment.isReady && minReadySeconds == 0
        }
        if moment.isReady, minReadySeconds > 0 { judgeAvailability(of: number) }
    }

    // MARK: Availability

    /// Sees whether a pod has been ready for long enough, and when it will have been.
    mutating func judgeAvailability(of number: Int) {
        guard let pod = pods[number], let set = pod.metadata.owner.flatMap({ replicaSets[$0.number] }) else { return }
        let due = pod.moment.readyChangedAt + .seconds(set.minReadySeconds)
        let isReady = pod.isActive && pod.moment.isReady
        let isAvailable = isReady && due <= now
        if isReady, !isAvailable { alarms.set(.availability(pod: number), due: due) }
        guard isAvailable != pod.isAvailable else { return }
        // Nothing of the pod itself changes: only what is counted of it.
        count(pod, -1)
        pods[number]?.isAvailable = isAvailable
        if let pod = pods[number] { count(pod, 1) }
        enqueue(.replicaSet(set.metadata.number))
    }

    mutating func rejudgeAvailability(of set: SimulatedReplicaSet) {
        for pod in set.pods { judgeAvailability(of: pod) }
    }

    /// Counts a pod in, or out with -1, where pods are counted.
    mutating func count(_ pod: SimulatedPod, _ sign: Int) {
        guard pod.isActive, let owner = pod.metadata.owner else { return }
        replicaSets[owner.number]?.counts.add(pod, sign)
        if sign > 0 {
            activePods[owner.number, default: [:]][pod.metadata.number] = Expendability(of: pod)
        } else {
            activePods[owner.number]?[pod.metadata.number] = nil
        }
        if let node = pod.node {
            loads[pod.group, default: Array(repeating: 0, count: nodes.count)][node] += sign
        }
    }

    // MARK: Finding nodes

    /// Finds a node for a pod.
    ///
    /// - Returns: Whether there is one; if not, the pod says so and waits for room.
    private mutating func place(_ pod: SimulatedPod) -> Bool {
        let number = pod.metadata.number
        var best: Int?
        for index in nodes.indices where nodes[index].shortage(for: pod.spec.requests) == nil {
            if best.map({ nodes[index].pods < nodes[$0].pods }) ?? true { best = index }
        }
        if let best {
            nodes[best].take(pod.spec.requests)
            count(pod, -1)
            pods[number]?.node = best
            if let pod = pods[number] { count(pod, 1) }
            return true
        }
        lives[number] = nil
        unplaced.append(number)
        var reasons: [String: Int] = [:]
        for node in nodes { reasons[node.shortage(for: pod.spec.requests) ?? "", default: 0] += 1 }
        let message = reasons.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        var moment = pod.moment
        moment.since = now
        moment.unschedulableMessage = "0/\(nodes.count) nodes are available: \(message)."
        if moment.unschedulableMessage != pod.moment.unschedulableMessage { show(moment, of: number) }
        return false
    }

    /// Tries again to find nodes for the pods that have none.
    mutating func placeUnplaced() {
        let waiting = unplaced
        unplaced = []
        for number in waiting {
            guard let pod = pods[number] else { continue }
            guard nodes.contains(where: { $0.shortage(for: pod.spec.requests) == nil }) else {
                unplaced.append(number)
                continue
            }
            lives[number] = behaviours.life(of: traits(of: pod), from: now, hasNode: true)
            live(number)
        }
    }

    // MARK: The end

    /// Asks a pod to go, or to go sooner.
    ///
    /// - Parameter gracePeriodSeconds: `nil` for the pod's own; 0 for at once.
    mutating func delete(pod number: Int, gracePeriodSeconds: Int?) {
        guard let pod = pods[number] else { return }
        let grace = gracePeriodSeconds ?? pod.metadata.deletion?.gracePeriodSeconds ?? pod.spec.gracePeriodSeconds
        // No kubelet knows a pod without a node, and nothing of a pod that ended is to be waited for.
        if grace == 0 || pod.node == nil || pod.moment.phase.isTerminal { return remove(.pod(pod)) }
        if let deletion = pod.metadata.deletion, deletion.gracePeriodSeconds <= grace { return }
        let deletion = SimulatedMetadata.Deletion(requestedAt: now, gracePeriodSeconds: grace)
        update(pod: number) { pod in
            pod.metadata.deletion = deletion
            pod.isAvailable = false
        }
        lives[number]?.delete(at: now, gracePeriod: .seconds(grace))
        if let due = lives[number]?.nextChange { alarms.set(.life(pod: number), due: due) }
    }

    /// Takes a pod out of all that knows it.
    mutating func forget(_ pod: SimulatedPod) {
        let number = pod.metadata.number
        count(pod, -1)
        pods[number] = nil
        lives[number] = nil
        podsInNamespace[pod.metadata.namespace, default: 1] -= 1
        if let owner = pod.metadata.owner, replicaSets[owner.number] != nil {
            if let index = replicaSets[owner.number]?.pods.firstIndex(of: number) {
                replicaSets[owner.number]?.pods.remove(at: index)
            }
            enqueue(.replicaSet(owner.number))
            // A recreation waits for the last pod to be gone, which no ReplicaSet's status tells.
            if let owner = replicaSets[owner.number]?.metadata.owner { enqueue(.deployment(owner.number)) }
        }
        if let node = pod.node {
            nodes[node].release(pod.spec.requests)
            if !unplaced.isEmpty { enqueue(.scheduling) }
        }
        retryFailing(in: pod.metadata.namespace)
        lookAtEndpoint(pod)
    }

    /// Deletes what belonged to an object that is gone.
    mutating func collectOrphans(of number: Int) {
        for set in (replicaSetsOfDeployment.removeValue(forKey: number) ?? []).compactMap({ replicaSets[$0] }) {
            remove(.replicaSet(set))
            enqueue(.orphans(of: set.metadata.number))
        }
        loads[number] = nil
        activePods[number] = nil
        let orphans = pods.values.filter { $0.metadata.owner?.number == number }.map(\.metadata.number)
        for pod in orphans.sorted() { delete(pod: pod, gracePeriodSeconds: nil) }
    }
}
