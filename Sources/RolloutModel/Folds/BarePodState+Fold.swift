extension BarePodState {
    /// For how many seconds after it became ready a crash still speaks against the rollout that brought the pod.
    ///
    /// Kubernetes has no rule for a bare pod; a container that falls over as soon as it is up was ready by its looks only.
    static let settlingSeconds = 30.0

    /// Takes in the next fact of the stream.
    mutating func apply(_ fact: Fact, of event: RecordedEvent) -> Changes {
        let before = rollout
        var changes = Changes()
        switch fact {
        case .podCreated(let fact):
            if pod?.uid != fact.object.uid { replace(by: fact, event, &changes) }
            changes.labels = fact.labels
        case .podDeleted(let fact):
            if fact.object.uid == pod?.uid {
                measure()
                pod = nil
                rollout?.end(.aborted, by: event)
            }
        default:
            if let uid = fact.podUID, uid == pod?.uid {
                if case .podLabelsChanged(let fact) = fact { changes.labels = fact.labels }
                pod?.apply(fact)
                judge(fact, by: event)
            }
        }
        measure()
        if let rollout, rollout != before { changes.add(rollout) }
        return changes
    }

    /// A pod under the same name: a rollout if it is the first or runs other images, else just a new pod.
    private mutating func replace(by fact: PodCreated, _ event: RecordedEvent, _ changes: inout Changes) {
        pod = PodState(fact)
        manifest = fact.manifest
        let images = fact.containers.map(\.image)
        let template = fact.manifest ?? .object([:])
        let digest = Template.digest(
            .object(Dictionary(fact.containers.map { ($0.name, JSONValue.string($0.image)) }) { first, _ in first })
        )
        let at = event.event.occurredAt
        let from = rollout
        let revision: Int
        let isNew: Bool
        if let index = revisions.firstIndex(where: { $0.digest == digest }) {
            (revision, isNew) = (index + 1, false)
        } else {
            revisions.append(DeploymentState.RevisionSummary(digest: digest, images: images, createdAt: at))
            (revision, isNew) = (revisions.count, true)
        }
        defer { terminatingSince = nil }
        if let from, from.revision == revision { return }
        let isBack = from.map { revision < $0.revision } ?? false
        // A pod that went before it was well was given up; only what comes after it tells why.
        let outcome: Rollout.Outcome = isBack ? .rolledBack : .superseded
        if rollout?.outcome == .aborted { rollout?.outcome = outcome }
        rollout?.end(outcome, by: event)
        if let ended = rollout { changes.add(ended) }
        let number = (from?.number ?? 0) + 1
        revisions[revision - 1].rollout = revisions[revision - 1].rollout ?? number
        rollout = Rollout(
            stream: stream, number: number, kind: isBack ? .rollback : .rollout, strategy: .replace, outcome: .running,
            fromImages: from.map { revisions[$0.revision - 1].images } ?? [], toImages: images, revision: revision,
            fromRevision: from?.revision, restores: isBack ? revisions[revision - 1].rollout : nil, startedAt: at,
            actor: event.event.actor, actorEvent: event.event.id, desired: 1, pods: [fact.object.name], lowestReady: 0,
            mostPods: 1,
            firstPosition: terminatingSince ?? event.position, startPosition: event.position
        )
        if isNew {
            changes.add(
                Revision(
                    stream: stream, number: revision, digest: digest, images: images, template: template, createdAt: at,
                    rollout: number
                ))
        }
    }

    private mutating func judge(_ fact: Fact, by event: RecordedEvent) {
        switch fact {
        case .podTerminating:
            terminatingSince = event.position
        case .podReadinessObserved(let fact) where fact.ready:
            rollout?.end(.succeeded, by: event)
        case .podPhaseObserved(let fact) where fact.phase == "Succeeded":
            rollout?.end(.succeeded, by: event)
        case .podPhaseObserved(let fact) where fact.phase == "Failed":
            rollout?.end(.failed, by: event)
        case .podContainerWaiting(let fact) where fact.reason == "CrashLoopBackOff":
            guard rollout?.outcome == .succeeded, let readyAt = rollout?.endedAt,
                event.event.occurredAt.seconds(since: readyAt) <= Self.settlingSeconds
            else { return }
            rollout?.resume()
        default:
            break
        }
    }

    private mutating func measure() {
        guard rollout?.outcome == .running, let pod else { return }
        rollout?.diagnosis = Diagnosis.of(newPods: [pod])
    }
}
