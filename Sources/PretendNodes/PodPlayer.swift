import RolloutModel

/// Plays the lives of pods on pretend nodes: takes in what is seen of them, and says what to ask of the API server when.
///
/// It does nothing itself. A pod has one request under way at most, and all moments of its life are shown in their
/// order, if need be late. Pods that are on other nodes are not its own.
package struct PodPlayer: Sendable {
    private let behaviours: PodBehaviours
    private let scheduler: String?
    private var places: Places
    private var owners = PodOwners()
    private var pods: [String: PlayedPod] = [:]
    private var queue = DueQueue()
    /// Pods whose ReplicaSet was not seen yet, by its UID.
    private var waiting: [String: [Pod]] = [:]
    private var troubles: [String: String] = [:]
    /// How many pods there are.
    package private(set) var counts = Counts()
    /// How many requests were done.
    package private(set) var writes = 0

    /// - Parameter scheduler: Of the pods that wait for which scheduler it plays the lives; `nil` for all.
    package init(behaviours: PodBehaviours, nodes: [PretendNode], scheduler: String? = nil) {
        self.behaviours = behaviours
        self.scheduler = scheduler
        places = Places(nodes)
    }

    // MARK: What is seen

    /// Takes in a pod that was added or changed.
    ///
    /// - Parameter time: Now; never earlier than what was given before.
    package mutating func see(_ pod: Pod, at time: Timestamp) {
        let uid = pod.metadata.uid
        if let scheduler, pod.spec.schedulerName != scheduler { return }
        if let node = pod.spec.nodeName, !places.has(node) { return forget(pod: uid) }
        if pods[uid] != nil {
            update(with: pod, at: time)
        } else if let owner = owners.owner(of: pod) {
            begin(pod, of: owner, at: time)
        } else if let replicaSet = pod.metadata.controller?.uid {
            var others = waiting[replicaSet] ?? []
            if let known = others.firstIndex(where: { $0.metadata.uid == uid }) {
                others[known] = pod
            } else {
                others.append(pod)
            }
            waiting[replicaSet] = others
        }
    }

    /// Takes in a ReplicaSet that was added or changed.
    package mutating func see(_ replicaSet: ReplicaSet, at time: Timestamp) {
        owners.see(replicaSet)
        for pod in waiting.removeValue(forKey: replicaSet.metadata.uid) ?? [] { see(pod, at: time) }
    }

    /// Takes in that a pod is gone.
    package mutating func forget(pod uid: String) {
        queue.remove(uid)
        if let pod = pods[uid] { places.leave(pod.node, pod.podIP) }
        set(uid, nil)
        for (replicaSet, others) in waiting {
            let rest = others.filter { $0.metadata.uid != uid }
            waiting[replicaSet] = rest.isEmpty ? nil : rest
        }
    }

    /// Takes in that a ReplicaSet is gone.
    package mutating func forget(replicaSet uid: String) { owners.forget(uid) }

    /// Takes in that of a namespace's pods (`nil`: of all pods) there are only these.
    package mutating func keep(only uids: Set<String>, namespace: String?) {
        let missing = pods.values.filter { $0.namespace == namespace ?? $0.namespace && !uids.contains($0.uid) }
        for pod in missing { forget(pod: pod.uid) }
    }

    private mutating func begin(_ pod: Pod, of owner: PodOwners.Owner, at time: Timestamp) {
        let isOver = PodMoment.Phase(rawValue: pod.status?.phase ?? "")?.isTerminal == true
        let containers = pod.spec.containers.map { ContainerImage(name: $0.name, image: $0.image ?? "") }
        let traits = PodTraits(
            namespace: pod.metadata.namespace ?? "", name: pod.metadata.name, labels: pod.metadata.labels ?? [:],
            images: containers.map(\.image),
            restartPolicy: pod.spec.restartPolicy.flatMap { RestartPolicy(rawValue: $0) } ?? .always,
            owner: owner.name, revision: owner.revision,
            ordinal: owners.nextOrdinal(of: owner, in: pod.metadata.namespace ?? ""),
            template: owner.template
        )
        let hasNode = pod.spec.nodeName != nil
        // Whoever pretended before has begun a life already: it goes on from where it must be by now.
        let start = hasNode ? pod.status?.startTime ?? time : time
        var played = PlayedPod(
            pod: pod, containers: containers,
            life: isOver ? nil : behaviours.life(of: traits, from: min(start, time), hasNode: hasNode)
        )
        if start < time { played.skip(to: time) }
        places.take(played.node, played.podIP)
        set(pod.metadata.uid, played)
        update(with: pod, at: time)
    }

    private mutating func update(with pod: Pod, at time: Timestamp) {
        guard var played = pods[pod.metadata.uid] else { return }
        if let node = pod.spec.nodeName {
            if played.node != node {
                places.leave(played.node, nil)
                places.take(node, nil)
            }
            (played.node, played.isBound) = (node, true)
        }
        played.take(status: pod.status)
        played.take(deletion: pod.metadata, at: time)
        set(played.uid, played)
        plan(played, at: time)
    }

    // MARK: What to do

    /// When there is something to do; `nil` if not before something is seen.
    package var nextDue: Timestamp? { queue.nextDue }

    /// The next request; `nil` if there is none by now.
    ///
    /// Of each, ``finish(_:_:at:)`` must be told what came of it.
    package mutating func next(at time: Timestamp) -> PodStep? {
        while let uid = queue.popDue(at: time) {
            guard var played = pods[uid] else { continue }
            let action = played.nextAction(&places)
            played.isUnderWay = action != nil
            set(uid, played)
            if let action {
                return PodStep(uid: uid, name: played.name, namespace: played.namespace, action: action)
            }
        }
        return nil
    }

    /// Takes in what came of a request.
    package mutating func finish(_ step: PodStep, _ outcome: PodStep.Outcome, at time: Timestamp) {
        if outcome == .done { writes += 1 }
        guard var played = pods[step.uid] else { return }
        played.finish(step.action, outcome)
        set(step.uid, played)
        plan(played, at: time)
    }

    private mutating func plan(_ played: PlayedPod, at time: Timestamp) {
        switch played.nextDue {
        case nil: queue.remove(played.uid)
        case .now?: queue.set(played.uid, due: time)
        case .at(let due)?: queue.set(played.uid, due: due)
        case .retry?:
            if queue.has(played.uid) { return }
            queue.set(played.uid, due: time + played.retryPause)
        }
    }

    // MARK: How it goes

    /// How many pods there are.
    package struct Counts: Hashable, Sendable {
        /// On nodes.
        package var bound = 0
        /// Of those, shown to be ready.
        package var ready = 0
        /// Without a node.
        package var unbound = 0
        /// Of all, those that are being deleted.
        package var terminating = 0

        package init(bound: Int = 0, ready: Int = 0, unbound: Int = 0, terminating: Int = 0) {
            self.bound = bound
            self.ready = ready
            self.unbound = unbound
            self.terminating = terminating
        }

        fileprivate mutating func count(_ pod: PlayedPod?, _ number: Int) {
            guard let pod else { return }
            if pod.isBound { bound += number } else { unbound += number }
            if pod.isReady { ready += number }
            if pod.isTerminating { terminating += number }
        }
    }

    /// Why something cannot be done for a pod, at the moment.
    package var trouble: String? { troubles.first?.value }

    private mutating func set(_ uid: String, _ pod: PlayedPod?) {
        counts.count(pods[uid], -1)
        counts.count(pod, 1)
        pods[uid] = pod
        troubles[uid] = pod?.trouble
    }
}
