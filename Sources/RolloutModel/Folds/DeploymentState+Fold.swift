extension DeploymentState {
    /// Takes in the next fact of the stream.
    ///
    /// A fact that only repeats what is known changes nothing, so that two recorders of one cluster, of which each saw a
    /// part, tell the same story together.
    mutating func apply(_ fact: Fact, of event: RecordedEvent) -> Changes {
        let (rolloutBefore, earlierBefore) = (rollout, earlier)
        var changes = Changes()
        switch fact {
        case .deploymentCreated(let fact):
            if uid != fact.object.uid { begin(fact) }
            desired = fact.replicas
            strategy = fact.strategy
            generation = max(generation, fact.generation)
            paused = fact.paused
            want(fact.template, by: event, &changes)
            if let cause = fact.changeCause { set(changeCause: cause) }
        case .deploymentTemplateChanged(let fact):
            generation = max(generation, fact.generation)
            want(fact.template, by: event, &changes)
        case .deploymentScaled(let fact):
            generation = max(generation, fact.generation)
            desired = fact.replicas
        case .deploymentStrategyChanged(let fact):
            generation = max(generation, fact.generation)
            strategy = fact.strategy
        case .deploymentPaused(let fact):
            generation = max(generation, fact.generation)
            paused = true
        case .deploymentResumed(let fact):
            generation = max(generation, fact.generation)
            paused = false
            startRolloutIfTemplateIsNew(by: event, &changes)
        case .deploymentChangeCauseSet(let fact):
            set(changeCause: fact.changeCause)
        case .deploymentLabelsChanged(let fact):
            changes.labels = fact.labels
        case .deploymentDeleted(let fact):
            if fact.object.uid == uid {
                isDeleted = true
                rollout?.end(.aborted, by: event)
            }
        case .deploymentStatusObserved(let fact):
            generation = max(generation, fact.generation)
            status = Status(
                observedGeneration: fact.observedGeneration, replicas: fact.replicas, updated: fact.updated,
                ready: fact.ready, available: fact.available, revision: fact.revision
            )
        case .deploymentConditionObserved(let fact):
            conditions[fact.type] = Condition(status: fact.status, reason: fact.reason, message: fact.message)
            judgeFailure(fact, by: event)
        case .replicaSetCreated(let fact):
            add(fact, &changes)
        case .replicaSetScaled(let fact):
            replicaSets[fact.object.uid]?.desired = fact.replicas
        case .replicaSetRenumbered(let fact):
            renumber(fact, &changes)
        case .replicaSetDeleted(let fact):
            replicaSets[fact.object.uid]?.isDeleted = true
        case .podCreated(let fact):
            if pods[fact.object.uid] == nil {
                pods[fact.object.uid] = PodState(fact)
                note(fact, of: event)
            }
        case .podDeleted(let fact):
            pods[fact.object.uid] = nil
        default:
            if let uid = fact.podUID {
                pods[uid]?.apply(fact)
                noteLateTrouble(ofPod: uid, at: event.event.occurredAt)
            }
        }
        judgeSuccess(by: event)
        measure()
        if let earlier, earlier.number == earlierBefore?.number, earlier != earlierBefore { changes.add(earlier) }
        if let rollout, rollout != rolloutBefore { changes.add(rollout) }
        return changes
    }

    /// A Deployment that was not known, perhaps under the name of one that is gone: it starts anew but for its history.
    private mutating func begin(_ fact: DeploymentCreated) {
        let history = (revisions, rollout, pods, replicaSets)
        self = DeploymentState(stream: stream)
        (revisions, rollout, pods, replicaSets) = history
        uid = fact.object.uid
        createdAt = fact.createdAt
        selector = fact.selector
        needsRollout = true
    }

    private mutating func set(changeCause cause: String?) {
        changeCause = cause
        rollout?.changeCause = cause
    }

    /// Sets the template that is wanted.
    ///
    /// Kubernetes starts to roll it out at once, unless the Deployment is paused.
    private mutating func want(_ template: JSONValue, by event: RecordedEvent, _ changes: inout Changes) {
        if self.template != template {
            self.template = template
            templateActor = event.event.actor
            templateEvent = event.event.id
            if paused { heldSince = heldSince ?? event.position }
        }
        startRolloutIfTemplateIsNew(by: event, &changes)
    }

    private mutating func startRolloutIfTemplateIsNew(by event: RecordedEvent, _ changes: inout Changes) {
        let digest = Template.digest(template)
        if paused || (!needsRollout && rollout.map { revisions[$0.revision - 1].digest } == digest) { return }
        let at = event.event.occurredAt
        let number = (rollout?.number ?? 0) + 1
        let from = rollout
        let revision = revisionNumber(digest: digest, template: template, createdAt: at, &changes)
        let isBack = from.map { revision < $0.revision } == true && !needsRollout
        rollout?.end(isBack ? .rolledBack : .superseded, by: event)
        if let ended = rollout, ended != from { changes.add(ended) }
        earlier = rollout
        rollout = Rollout(
            stream: stream, number: number, kind: isBack ? .rollback : .rollout,
            strategy: strategy.type == "Recreate" ? .recreate : .rollingUpdate, outcome: .running,
            fromImages: from.map { revisions[$0.revision - 1].images } ?? [], toImages: revisions[revision - 1].images,
            revision: revision, fromRevision: from?.revision, restores: isBack ? revisions[revision - 1].rollout : nil,
            startedAt: at, actor: templateActor, actorEvent: templateEvent, desired: desired, pods: [],
            lowestReady: readyPods, mostPods: pods.count,
            firstPosition: heldSince ?? event.position, startPosition: event.position
        )
        needsRollout = false
        heldSince = nil
        if revisions[revision - 1].rollout == nil {
            revisions[revision - 1].rollout = number
            changes.add(row(ofRevision: revision, template: template))
        }
    }

    /// The number of the revision with that digest, a new one if there is none yet.
    private mutating func revisionNumber(
        digest: String, template: JSONValue, createdAt: Timestamp, _ changes: inout Changes
    ) -> Int {
        if let index = revisions.firstIndex(where: { $0.digest == digest }) { return index + 1 }
        revisions.append(RevisionSummary(digest: digest, images: Template.images(template), createdAt: createdAt))
        changes.add(row(ofRevision: revisions.count, template: template))
        return revisions.count
    }

    private func row(ofRevision number: Int, template: JSONValue) -> Revision {
        let summary = revisions[number - 1]
        let replicaSet = replicaSets.values.filter { $0.revision == number }.max {
            ($0.name, $0.uid) < ($1.name, $1.uid)
        }
        return Revision(
            stream: stream, number: number, digest: summary.digest, images: summary.images, template: template,
            createdAt: summary.createdAt, rollout: summary.rollout,
            replicaSet: replicaSet.map {
                Revision.ReplicaSet(
                    uid: $0.uid, name: $0.name, templateHash: $0.templateHash, kubernetesRevision: $0.kubernetesRevision
                )
            }
        )
    }

    private mutating func add(_ fact: ReplicaSetCreated, _ changes: inout Changes) {
        if replicaSets[fact.object.uid] != nil { return }
        let number = revisionNumber(
            digest: Template.digest(fact.template), template: fact.template, createdAt: fact.createdAt, &changes
        )
        replicaSets[fact.object.uid] = ReplicaSet(
            uid: fact.object.uid, name: fact.object.name, templateHash: fact.templateHash,
            kubernetesRevision: fact.revision, desired: fact.replicas, revision: number
        )
        changes.add(row(ofRevision: number, template: fact.template))
    }

    /// Kubernetes renumbers only the ReplicaSet of the template that is wanted, so that template is at hand.
    private mutating func renumber(_ fact: ReplicaSetRenumbered, _ changes: inout Changes) {
        guard let set = replicaSets[fact.object.uid], set.kubernetesRevision != fact.revision else { return }
        replicaSets[fact.object.uid]?.kubernetesRevision = fact.revision
        if revisions[set.revision - 1].digest == Template.digest(template) {
            changes.add(row(ofRevision: set.revision, template: template))
        }
    }
}

extension Changes {
    /// Adds a row, or replaces the one of the same number.
    mutating func add(_ rollout: Rollout) {
        rollouts.removeAll { $0.number == rollout.number }
        rollouts.append(rollout)
    }

    /// Adds a row, or replaces the one of the same number.
    mutating func add(_ revision: Revision) {
        revisions.removeAll { $0.number == revision.number }
        revisions.append(revision)
    }
}
