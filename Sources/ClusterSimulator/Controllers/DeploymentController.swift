import RolloutModel

/// One look of the Deployment controller at one Deployment.
///
/// - SeeAlso: <https://kubernetes.io/docs/concepts/workloads/controllers/deployment/>
extension SimulatedCluster {
    mutating func syncDeployment(_ number: Int) {
        guard deployments[number] != nil else { return }
        let known = readSets(number)
        // A real ReplicaSet controller is faster: what it says of sizes that are no more is not to be acted on.
        if known.contains(where: { $0.status.observedGeneration < $0.metadata.generation }) {
            return enqueue(.deployment(number))
        }
        let isPauseNews = notePause(number)
        let sets = numbered(known, of: number)
        guard let deployment = deployments[number] else { return }
        if deployment.spec.isPaused || isBeingScaled(deployment, sets) {
            scale(deployment, sets)
            if deployment.spec.isPaused { cleanUp(deployment, sets.old) }
            return syncStatus(number, isRollingOut: false)
        }
        if isPauseNews, sets.new == nil, !deployment.spec.isRecreate {
            // A real one has just written the pause, and is refused when it writes the making of the ReplicaSet.
            _ = makeReplicaSet(deployment, sets, isTold: false)
            return
        }
        if deployment.spec.isRecreate { recreate(deployment, sets) } else { roll(deployment, sets) }
        syncStatus(number, isRollingOut: true)
    }

    /// The ReplicaSets of a Deployment.
    struct DeploymentSets {
        /// The one of the present template; `nil` before it is made.
        var new: SimulatedReplicaSet?
        /// The others, oldest first.
        var old: [SimulatedReplicaSet]

        var size: Int { sum(\.replicas) }

        /// Each is looked at where it is: to copy one takes longer.
        func sum(_ count: (SimulatedReplicaSet) -> Int) -> Int { old.reduce(new.map(count) ?? 0) { $0 + count($1) } }

        func contains(where isWanted: (SimulatedReplicaSet) -> Bool) -> Bool {
            new.map(isWanted) ?? false || old.contains(where: isWanted)
        }
    }

    func readSets(_ number: Int) -> DeploymentSets {
        let digest = deployments[number]?.spec.templateDigest
        let numbers = replicaSetsOfDeployment[number] ?? []
        var sets = DeploymentSets(old: [])
        sets.old.reserveCapacity(numbers.count)
        for number in numbers {
            guard let set = replicaSets[number] else { continue }
            // Several can have the same template: the oldest counts. https://github.com/kubernetes/kubernetes/issues/40415
            if sets.new == nil, set.templateDigest == digest { sets.new = set } else { sets.old.append(set) }
        }
        return sets
    }

    /// The ReplicaSets, after the one of the present template was given the number it must have.
    private mutating func numbered(_ known: DeploymentSets, of number: Int) -> DeploymentSets {
        var sets = known
        guard let deployment = deployments[number], var new = sets.new else { return sets }
        let revision = (sets.old.map(\.revision).max() ?? 0) + 1
        let isRenumbered = new.renumber(to: revision)
        let isAnnotated = new.copyAnnotations(of: deployment.metadata)
        if isRenumbered || isAnnotated || new.minReadySeconds != deployment.spec.minReadySeconds {
            if new.minReadySeconds != deployment.spec.minReadySeconds {
                new.minReadySeconds = deployment.spec.minReadySeconds
                new.metadata.generation += 1
            }
            store(new)
            rejudgeAvailability(of: new)
        } else {
            noteRevision(
                of: new, reason: deployment.status.condition("Progressing") == nil ? "FoundNewReplicaSet" : nil,
                message: "Found new replica set \"\(new.metadata.name)\"")
        }
        sets.new = replicaSets[new.metadata.number]
        return sets
    }

    /// Gives the Deployment the number of its newest ReplicaSet.
    ///
    /// - Parameter reason: Of a new condition `Progressing`; `nil` for none.
    private mutating func noteRevision(of set: SimulatedReplicaSet, reason: String?, message: String) {
        guard let owner = set.metadata.owner, var deployment = deployments[owner.number] else { return }
        let revision = set.metadata.annotations[RevisionAnnotation.revision]
        let isOther = deployment.metadata.annotations[RevisionAnnotation.revision] != revision
        let reason = deployment.spec.progressDeadlineSeconds == nil ? nil : reason
        guard isOther || reason != nil else { return }
        deployment.metadata.annotations[RevisionAnnotation.revision] = revision
        if let reason { deployment.status.set(condition("Progressing", "True", reason, message)) }
        store(deployment)
    }

    /// Makes the ReplicaSet of the present template.
    ///
    /// - Parameter isTold: Whether the Deployment says so.
    mutating func makeReplicaSet(
        _ deployment: SimulatedDeployment, _ sets: DeploymentSets, isTold: Bool = true
    ) -> SimulatedReplicaSet {
        let hash = templateHash(of: deployment)
        var template = deployment.spec.template
        template.setMember("pod-template-hash", .string(hash), at: ["metadata", "labels"])
        var selector = deployment.spec.selector
        selector.setMember("pod-template-hash", .string(hash), at: ["matchLabels"])
        var metadata = makeMetadata("\(deployment.metadata.name)-\(hash)", deployment.metadata.namespace)
        metadata.owner = .init(
            number: deployment.metadata.number, kind: .deployment, name: deployment.metadata.name)
        let podTemplate = PodTemplate(template)
        metadata.labels = podTemplate.labels
        var set = SimulatedReplicaSet(
            metadata: metadata, replicas: 0, minReadySeconds: deployment.spec.minReadySeconds, selector: selector,
            template: podTemplate, templateDigest: deployment.spec.templateDigest
        )
        var all = sets
        all.new = set
        set.replicas = newSize(deployment, all)
        _ = set.copyAnnotations(of: deployment.metadata)
        _ = set.renumber(to: (sets.old.map(\.revision).max() ?? 0) + 1)
        set.annotateSize(deployment.spec)
        replicaSetsOfDeployment[deployment.metadata.number, default: []].append(metadata.number)
        store(set)
        guard isTold else { return replicaSets[metadata.number] ?? set }
        noteRevision(
            of: set, reason: "NewReplicaSetCreated", message: "Created new replica set \"\(metadata.name)\"")
        return replicaSets[metadata.number] ?? set
    }

    /// Some characters of the digest with which the name of a ReplicaSet is free.
    private func templateHash(of deployment: SimulatedDeployment) -> String {
        let (metadata, digest) = (deployment.metadata, deployment.spec.templateDigest)
        for start in 0..<digest.count - 10 {
            let hash = String(digest.dropFirst(start).prefix(10))
            let key = ObjectKey(
                kind: .replicaSet, namespace: metadata.namespace, name: "\(metadata.name)-\(hash)")
            if numbers[key] == nil { return hash }
        }
        return digest
    }

    /// How large the new ReplicaSet may be: with the others together within what the strategy allows.
    func newSize(_ deployment: SimulatedDeployment, _ sets: DeploymentSets) -> Int {
        let wanted = deployment.spec.replicas
        guard let new = sets.new, !deployment.spec.isRecreate else { return wanted }
        let room = wanted + deployment.spec.limits.surge - sets.size
        return room <= 0 ? new.replicas : new.replicas + min(room, wanted - new.replicas)
    }

    /// Gives a ReplicaSet a size, for this size of the Deployment.
    ///
    /// - Returns: Whether it had another size.
    @discardableResult
    mutating func resize(_ set: SimulatedReplicaSet, to size: Int, _ deployment: SimulatedDeployment) -> Bool {
        guard var current = replicaSets[set.metadata.number] else { return false }
        let isResized = current.replicas != size
        let isAnnotated = current.annotateSize(deployment.spec)
        guard isResized || isAnnotated else { return false }
        if isResized {
            current.replicas = size
            current.metadata.generation += 1
        }
        store(current)
        return isResized
    }

    /// Deletes the ReplicaSets of the lowest numbers, beyond as many as are to be kept.
    mutating func cleanUp(_ deployment: SimulatedDeployment, _ old: [SimulatedReplicaSet]) {
        guard let limit = deployment.spec.revisionHistoryLimit, old.count > limit else { return }
        for set in old.sorted(by: { $0.revision < $1.revision }).prefix(old.count - limit)
        where set.replicas == 0 && set.status.counts.replicas == 0
            && set.status.observedGeneration >= set.metadata.generation
        {
            remove(.replicaSet(set))
            enqueue(.orphans(of: set.metadata.number))
        }
    }

    func condition(_ type: String, _ status: String, _ reason: String, _ message: String) -> Condition {
        Condition(
            type: type, status: status, reason: reason, message: message, lastTransitionTime: now, lastUpdateTime: now)
    }
}

extension SimulatedReplicaSet {
    /// Gives it a higher number, and remembers the one it had.
    ///
    /// - Returns: Whether it had a lower one.
    mutating func renumber(to revision: Int) -> Bool {
        guard self.revision < revision else { return false }
        if let earlier = metadata.annotations[RevisionAnnotation.revision] {
            var history = (metadata.annotations[RevisionAnnotation.history] ?? "").split(separator: ",").map(
                String.init)
            history.append(earlier)
            while history.count > 1, history.joined(separator: ",").utf8.count > Self.historyLimit {
                history.removeFirst()
            }
            metadata.annotations[RevisionAnnotation.history] = history.joined(separator: ",")
        }
        metadata.annotations[RevisionAnnotation.revision] = String(revision)
        return true
    }

    /// How many characters of earlier numbers are remembered.
    private static let historyLimit = 2000

    /// Takes over the Deployment's annotations, and keeps its own.
    ///
    /// - Returns: Whether any was other.
    mutating func copyAnnotations(of deployment: SimulatedMetadata) -> Bool {
        var isChanged = false
        for (key, value) in deployment.annotations
        where !RevisionAnnotation.own.contains(key) && metadata.annotations[key] != value {
            metadata.annotations[key] = value
            isChanged = true
        }
        return isChanged
    }

    /// Notes for which size of the Deployment it has its size.
    ///
    /// - Returns: Whether it was another.
    @discardableResult
    mutating func annotateSize(_ spec: SimulatedDeployment.Spec) -> Bool {
        let (desired, most) = (spec.replicas, spec.replicas + spec.limits.surge)
        guard desiredReplicas != desired || maxReplicas != most else { return false }
        metadata.annotations[RevisionAnnotation.desiredReplicas] = String(desired)
        metadata.annotations[RevisionAnnotation.maxReplicas] = String(most)
        return true
    }
}

extension JSONValue {
    /// Sets a member of an object within this one, and makes the objects on the way that are missing.
    mutating func setMember(_ key: String, _ value: JSONValue?, at path: ArraySlice<String>) {
        var members = object ?? [:]
        if let first = path.first {
            var inner = members[first] ?? .object([:])
            inner.setMember(key, value, at: path.dropFirst())
            members[first] = inner
        } else {
            members[key] = value
        }
        self = .object(members)
    }

    mutating func setMember(_ key: String, _ value: JSONValue?, at path: [String]) {
        setMember(key, value, at: path[...])
    }
}
