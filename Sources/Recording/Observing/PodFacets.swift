import RolloutModel

extension Pod {
    func observed() -> ObservedObject {
        let object = metadata.version(kind: "Pod")
        let containers = spec.containers.map { ContainerImage(name: $0.name, image: $0.image ?? "") }
        let labels = metadata.labels ?? [:]
        return ObservedObject(
            version: object, metadata: metadata,
            created: .podCreated(
                .init(
                    object: object, createdAt: metadata.creationTimestamp ?? Timestamp(microseconds: 0),
                    owner: metadata.controller, labels: labels, containers: containers, manifest: manifest
                )),
            createdAt: metadata.creationTimestamp,
            facets: [
                Facet(
                    key: "images", value: containers.flatMap { [$0.name, $0.image] },
                    fact: .podImageChanged(.init(object: object, containers: containers)), isToldByCreation: true,
                    specField: "containers"
                ),
                Facet(
                    key: "labels", value: labels.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] },
                    fact: .podLabelsChanged(.init(object: object, labels: labels)), isToldByCreation: true
                ),
                Facet(
                    key: "owner", value: [String(comparing: metadata.controller?.uid)],
                    fact: .podOwnerChanged(.init(object: object, owner: metadata.controller)), isToldByCreation: true
                ),
            ] + schedulingFacets(of: object) + phaseFacets(of: object) + containerFacets(of: object)
                + readinessFacets(of: object) + terminatingFacets(of: object),
            owner: metadata.controller
        )
    }

    /// What is needed to make the pod again, if no controller would.
    private var manifest: JSONValue? {
        guard let rawSpec else { return nil }
        var kept: [String: JSONValue] = [:]
        if let labels = metadata.labels { kept["labels"] = .object(labels.mapValues(JSONValue.string)) }
        if let annotations = metadata.annotations {
            kept["annotations"] = .object(annotations.mapValues(JSONValue.string))
        }
        return .object(["metadata": .object(kept), "spec": rawSpec])
    }

    private func condition(_ type: String) -> Condition? { status?.conditions?.first { $0.type == type } }

    private func schedulingFacets(of object: ObjectVersion) -> [Facet] {
        if let node = spec.nodeName, !node.isEmpty {
            return [
                Facet(
                    key: "scheduling", value: ["node", node], fact: .podScheduled(.init(object: object, node: node)),
                    since: condition("PodScheduled")?.lastTransitionTime
                )
            ]
        }
        guard let condition = condition("PodScheduled"), condition.status == "False", let reason = condition.reason
        else { return [] }
        return [
            Facet(
                key: "scheduling", value: ["no node", reason, String(comparing: condition.message)],
                fact: .podUnschedulable(.init(object: object, reason: reason, message: condition.message)),
                since: condition.lastTransitionTime
            )
        ]
    }

    /// A pod is Pending from its creation on; that goes without saying.
    private func phaseFacets(of object: ObjectVersion) -> [Facet] {
        let phase = status?.phase ?? "Pending"
        return [
            Facet(
                key: "phase", value: [phase, String(comparing: status?.reason)],
                fact: .podPhaseObserved(
                    .init(object: object, phase: phase, reason: status?.reason, message: status?.message)),
                isDefault: phase == "Pending" && status?.reason == nil
            )
        ]
    }

    private func readinessFacets(of object: ObjectVersion) -> [Facet] {
        guard let ready = condition("Ready") else { return [] }
        let isReady = ready.status == "True"
        return [
            Facet(
                key: "readiness", value: [String(isReady)],
                fact: .podReadinessObserved(
                    .init(object: object, ready: isReady, since: ready.lastTransitionTime, reason: ready.reason)),
                since: ready.lastTransitionTime, isDefault: !isReady
            )
        ]
    }

    private func terminatingFacets(of object: ObjectVersion) -> [Facet] {
        guard let stamp = metadata.deletionTimestamp else { return [] }
        return [
            Facet(
                key: "terminating", value: ["true"],
                fact: .podTerminating(
                    .init(
                        object: object, deletionTimestamp: stamp,
                        gracePeriodSeconds: metadata.deletionGracePeriodSeconds
                    )),
                since: metadata.deletionRequestedAt
            )
        ]
    }

    private func containerFacets(of object: ObjectVersion) -> [Facet] {
        let all =
            (status?.initContainerStatuses ?? []).map { ($0, true) }
            + (status?.containerStatuses ?? []).map { ($0, false) }
        return all.flatMap { container, isInit in
            [restartFacet(container, of: object), stateFacet(container, isInit: isInit, of: object)].compactMap { $0 }
        }
    }

    /// The count can go back to 0, which is told too.
    private func restartFacet(_ container: ContainerStatus, of object: ObjectVersion) -> Facet {
        let count = container.restartCount ?? 0
        return Facet(
            key: "restarts/\(container.name)", value: [String(count)],
            fact: .podContainerRestarted(
                .init(
                    object: object, container: container.name, restartCount: count,
                    lastReason: container.lastState?.terminated?.reason,
                    lastExitCode: container.lastState?.terminated?.exitCode
                )),
            isDefault: count == 0
        )
    }

    private func stateFacet(_ container: ContainerStatus, isInit: Bool, of object: ObjectVersion) -> Facet? {
        let key = "container/\(container.name)"
        let image = container.image ?? ""
        if let waiting = container.state?.waiting, let reason = waiting.reason {
            return Facet(
                key: key, value: ["waiting", reason],
                fact: .podContainerWaiting(
                    .init(
                        object: object, container: container.name, isInit: isInit, image: image, reason: reason,
                        message: waiting.message
                    ))
            )
        }
        if let running = container.state?.running {
            return Facet(
                key: key, value: ["running", String(comparing: running.startedAt?.rfc3339)],
                fact: .podContainerStarted(
                    .init(
                        object: object, container: container.name, isInit: isInit, image: image,
                        imageID: container.imageID, startedAt: running.startedAt
                    )),
                since: running.startedAt
            )
        }
        if let terminated = container.state?.terminated {
            let reason = terminated.reason ?? ((terminated.exitCode ?? 0) == 0 ? "Completed" : "Error")
            return Facet(
                key: key, value: ["terminated", reason, String(comparing: terminated.finishedAt?.rfc3339)],
                fact: .podContainerTerminated(
                    .init(
                        object: object, container: container.name, isInit: isInit, reason: reason,
                        exitCode: terminated.exitCode ?? 0, message: terminated.message,
                        finishedAt: terminated.finishedAt
                    )),
                since: terminated.finishedAt
            )
        }
        return nil
    }
}
