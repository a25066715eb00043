import RolloutModel

extension Deployment {
    func observed() -> ObservedObject {
        let object = metadata.version(kind: "Deployment")
        let generation = metadata.generation ?? 0
        let replicas = spec.replicas ?? 1
        let paused = spec.paused ?? false
        let cause = metadata.annotations?["kubernetes.io/change-cause"]
        let strategy = DeploymentStrategy(
            type: spec.strategy?.type ?? "RollingUpdate", maxSurge: spec.strategy?.rollingUpdate?.maxSurge?.text,
            maxUnavailable: spec.strategy?.rollingUpdate?.maxUnavailable?.text, minReadySeconds: spec.minReadySeconds,
            progressDeadlineSeconds: spec.progressDeadlineSeconds, revisionHistoryLimit: spec.revisionHistoryLimit
        )
        let mark = DeploymentSpecMark(object: object, generation: generation)
        let pause = Facet(
            key: "paused", value: [String(paused)], fact: paused ? .deploymentPaused(mark) : .deploymentResumed(mark),
            isToldByCreation: true, specField: "paused"
        )
        // The strategy before the template, whose rollout follows it.
        let wanted = [
            Facet(
                key: "strategy",
                value: [
                    strategy.type, String(comparing: strategy.maxSurge), String(comparing: strategy.maxUnavailable),
                    String(comparing: strategy.minReadySeconds), String(comparing: strategy.progressDeadlineSeconds),
                    String(comparing: strategy.revisionHistoryLimit),
                ],
                fact: .deploymentStrategyChanged(.init(object: object, generation: generation, strategy: strategy)),
                isToldByCreation: true, specField: "strategy"
            ),
            Facet(
                key: "template", value: [Template.digest(spec.template)],
                fact: .deploymentTemplateChanged(
                    .init(object: object, generation: generation, template: spec.template)),
                isToldByCreation: true, specField: "template"
            ),
            Facet(
                key: "replicas", value: [String(replicas)],
                fact: .deploymentScaled(.init(object: object, generation: generation, replicas: replicas)),
                isToldByCreation: true, specField: "replicas"
            ),
        ]
        let changeCause = Facet(
            key: "changeCause", value: [String(comparing: cause)],
            fact: .deploymentChangeCauseSet(.init(object: object, changeCause: cause)), isToldByCreation: true
        )
        return ObservedObject(
            version: object, metadata: metadata,
            created: .deploymentCreated(
                .init(
                    object: object, createdAt: metadata.creationTimestamp ?? Timestamp(microseconds: 0),
                    generation: generation, replicas: replicas, paused: paused, selector: spec.selector,
                    strategy: strategy, template: spec.template, changeCause: cause
                )),
            // The template that a Deployment has in the middle of its life need not be the one it was made with.
            createdAt: generation <= 1 ? metadata.creationTimestamp : nil,
            // A change made together with a pause is held back by it; one made together with a resume is let go by it.
            facets: (paused ? [pause] + wanted : wanted + [pause]) + [changeCause]
                + [metadata.labelsFacet { .deploymentLabelsChanged(.init(object: object, labels: $0)) }]
                + statusFacets(of: object, generation: generation)
        )
    }

    /// The counts before the conditions: a condition is judged by how far the controller has come.
    private func statusFacets(of object: ObjectVersion, generation: Int) -> [Facet] {
        let revision = metadata.annotations?["deployment.kubernetes.io/revision"].flatMap { Int($0) }
        let counts = DeploymentStatusObserved(
            object: object, generation: generation, observedGeneration: status?.observedGeneration ?? 0,
            replicas: status?.replicas ?? 0, updated: status?.updatedReplicas ?? 0, ready: status?.readyReplicas ?? 0,
            available: status?.availableReplicas ?? 0, revision: revision
        )
        let numbers = [
            counts.generation, counts.observedGeneration, counts.replicas, counts.updated, counts.ready,
            counts.available,
        ]
        let status = Facet(
            key: "status", value: numbers.map { String($0) } + [String(comparing: revision)],
            fact: .deploymentStatusObserved(counts)
        )
        let conditions = (self.status?.conditions ?? []).map { condition in
            Facet(
                key: "condition/\(condition.type)",
                value: [condition.status, String(comparing: condition.reason), String(comparing: condition.message)],
                fact: .deploymentConditionObserved(
                    .init(
                        object: object, type: condition.type, status: condition.status, reason: condition.reason,
                        message: condition.message
                    )),
                since: condition.lastUpdateTime ?? condition.lastTransitionTime
            )
        }
        return [status] + conditions + [noFailure(of: object)].compactMap(\.self)
    }
}

extension Deployment {
    /// That pods can be made, which the controller says by saying nothing: it takes the condition away.
    ///
    /// - SeeAlso: <https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#failed-deployment>
    private func noFailure(of object: ObjectVersion) -> Facet? {
        let type = "ReplicaFailure"
        guard !(status?.conditions ?? []).contains(where: { $0.type == type }) else { return nil }
        return Facet(
            key: "condition/\(type)", value: ["False", "", ""],
            fact: .deploymentConditionObserved(
                .init(object: object, type: type, status: "False", reason: nil, message: nil)),
            isDefault: true)
    }
}

extension ReplicaSet {
    func observed() -> ObservedObject {
        let object = metadata.version(kind: "ReplicaSet")
        let replicas = spec.replicas ?? 1
        let revision = metadata.annotations?["deployment.kubernetes.io/revision"].flatMap { Int($0) }
        var facets = [
            Facet(
                key: "replicas", value: [String(replicas)],
                fact: .replicaSetScaled(.init(object: object, replicas: replicas)), isToldByCreation: true
            )
        ]
        if let revision {
            facets.append(
                Facet(
                    key: "revision", value: [String(revision)],
                    fact: .replicaSetRenumbered(
                        .init(
                            object: object, revision: revision,
                            revisionHistory: metadata.annotations?["deployment.kubernetes.io/revision-history"]
                        )),
                    isToldByCreation: true
                ))
        }
        return ObservedObject(
            version: object, metadata: metadata,
            created: .replicaSetCreated(
                .init(
                    object: object, createdAt: metadata.creationTimestamp ?? Timestamp(microseconds: 0),
                    owner: metadata.controller, revision: revision,
                    templateHash: metadata.labels?["pod-template-hash"], replicas: replicas,
                    template: spec.template ?? .object([:])
                )),
            createdAt: metadata.creationTimestamp,
            facets: facets, owner: metadata.controller
        )
    }
}
