import Foundation

/// How the facts of one type are written and read.
///
/// The list below is the catalogue: a type, and the case that holds it.
struct FactCodec: Sendable {
    let type: EventType
    let encode: @Sendable (Fact) throws -> Data
    let decode: @Sendable (Data) throws -> Fact

    private init<Payload: Codable & Sendable>(
        _ type: String, _ wrap: @escaping @Sendable (Payload) -> Fact, _ unwrap: @escaping @Sendable (Fact) -> Payload?
    ) {
        self.type = EventType(rawValue: type)
        encode = { fact in
            guard let payload = unwrap(fact) else { preconditionFailure("the codec of \(type) was given another fact") }
            return try CanonicalJSON.encode(payload)
        }
        decode = { wrap(try CanonicalJSON.decode(Payload.self, from: $0)) }
    }

    static let byType: [EventType: FactCodec] = Dictionary(uniqueKeysWithValues: all.map { ($0.type, $0) })

    private static let all: [FactCodec] = [
        deploymentCreated, deploymentTemplateChanged, deploymentScaled, deploymentStrategyChanged, deploymentPaused,
        deploymentResumed, deploymentChangeCauseSet, deploymentLabelsChanged, deploymentDeleted,
        deploymentStatusObserved,
        deploymentConditionObserved, replicaSetCreated, replicaSetScaled, replicaSetRenumbered, replicaSetDeleted,
        podCreated, podImageChanged, podLabelsChanged, podOwnerChanged, podScheduled, podUnschedulable,
        podPhaseObserved, podReadinessObserved, podContainerWaiting, podContainerStarted, podContainerTerminated,
        podContainerRestarted, podTerminating, podDeleted, serviceCreated, serviceSelectorSwitched,
        serviceLabelsChanged, serviceDeleted,
        endpointsChanged, routeCreated, routeWeightsChanged, routeLabelsChanged, routeDeleted, hintObserved,
        recordingGap, actorAttributed,
        noteAdded,
        rolloutStarted, rolloutSucceeded, rolloutFailed, rolloutAborted, rollbackStarted, rollbackCompleted,
        rolloutStepStarted, rolloutStepCompleted, rolloutPaused, rolloutResumed, rolloutPromoted, rolloutAbortRequested,
        checkCompleted, callIntended, callCompleted, callFailed, replayStarted, replayCompleted,
    ]

    static let deploymentCreated = FactCodec("deployment.created", Fact.deploymentCreated) {
        if case .deploymentCreated(let payload) = $0 { payload } else { nil }
    }
    static let deploymentTemplateChanged = FactCodec("deployment.template_changed", Fact.deploymentTemplateChanged) {
        if case .deploymentTemplateChanged(let payload) = $0 { payload } else { nil }
    }
    static let deploymentScaled = FactCodec("deployment.scaled", Fact.deploymentScaled) {
        if case .deploymentScaled(let payload) = $0 { payload } else { nil }
    }
    static let deploymentStrategyChanged = FactCodec("deployment.strategy_changed", Fact.deploymentStrategyChanged) {
        if case .deploymentStrategyChanged(let payload) = $0 { payload } else { nil }
    }
    static let deploymentPaused = FactCodec("deployment.paused", Fact.deploymentPaused) {
        if case .deploymentPaused(let payload) = $0 { payload } else { nil }
    }
    static let deploymentResumed = FactCodec("deployment.resumed", Fact.deploymentResumed) {
        if case .deploymentResumed(let payload) = $0 { payload } else { nil }
    }
    static let deploymentChangeCauseSet = FactCodec("deployment.change_cause_set", Fact.deploymentChangeCauseSet) {
        if case .deploymentChangeCauseSet(let payload) = $0 { payload } else { nil }
    }
    static let deploymentLabelsChanged = FactCodec("deployment.labels_changed", Fact.deploymentLabelsChanged) {
        if case .deploymentLabelsChanged(let payload) = $0 { payload } else { nil }
    }
    static let deploymentDeleted = FactCodec("deployment.deleted", Fact.deploymentDeleted) {
        if case .deploymentDeleted(let payload) = $0 { payload } else { nil }
    }
    static let deploymentStatusObserved = FactCodec("deployment.status_observed", Fact.deploymentStatusObserved) {
        if case .deploymentStatusObserved(let payload) = $0 { payload } else { nil }
    }
    static let deploymentConditionObserved = FactCodec(
        "deployment.condition_observed", Fact.deploymentConditionObserved
    ) { if case .deploymentConditionObserved(let payload) = $0 { payload } else { nil } }
    static let replicaSetCreated = FactCodec("replicaset.created", Fact.replicaSetCreated) {
        if case .replicaSetCreated(let payload) = $0 { payload } else { nil }
    }
    static let replicaSetScaled = FactCodec("replicaset.scaled", Fact.replicaSetScaled) {
        if case .replicaSetScaled(let payload) = $0 { payload } else { nil }
    }
    static let replicaSetRenumbered = FactCodec("replicaset.renumbered", Fact.replicaSetRenumbered) {
        if case .replicaSetRenumbered(let payload) = $0 { payload } else { nil }
    }
    static let replicaSetDeleted = FactCodec("replicaset.deleted", Fact.replicaSetDeleted) {
        if case .replicaSetDeleted(let payload) = $0 { payload } else { nil }
    }
    static let podCreated = FactCodec("pod.created", Fact.podCreated) {
        if case .podCreated(let payload) = $0 { payload } else { nil }
    }
    static let podImageChanged = FactCodec("pod.image_changed", Fact.podImageChanged) {
        if case .podImageChanged(let payload) = $0 { payload } else { nil }
    }
    static let podLabelsChanged = FactCodec("pod.labels_changed", Fact.podLabelsChanged) {
        if case .podLabelsChanged(let payload) = $0 { payload } else { nil }
    }
    static let podOwnerChanged = FactCodec("pod.owner_changed", Fact.podOwnerChanged) {
        if case .podOwnerChanged(let payload) = $0 { payload } else { nil }
    }
    static let podScheduled = FactCodec("pod.scheduled", Fact.podScheduled) {
        if case .podScheduled(let payload) = $0 { payload } else { nil }
    }
    static let podUnschedulable = FactCodec("pod.unschedulable", Fact.podUnschedulable) {
        if case .podUnschedulable(let payload) = $0 { payload } else { nil }
    }
    static let podPhaseObserved = FactCodec("pod.phase_observed", Fact.podPhaseObserved) {
        if case .podPhaseObserved(let payload) = $0 { payload } else { nil }
    }
    static let podReadinessObserved = FactCodec("pod.readiness_observed", Fact.podReadinessObserved) {
        if case .podReadinessObserved(let payload) = $0 { payload } else { nil }
    }
    static let podContainerWaiting = FactCodec("pod.container_waiting", Fact.podContainerWaiting) {
        if case .podContainerWaiting(let payload) = $0 { payload } else { nil }
    }
    static let podContainerStarted = FactCodec("pod.container_started", Fact.podContainerStarted) {
        if case .podContainerStarted(let payload) = $0 { payload } else { nil }
    }
    static let podContainerTerminated = FactCodec("pod.container_terminated", Fact.podContainerTerminated) {
        if case .podContainerTerminated(let payload) = $0 { payload } else { nil }
    }
    static let podContainerRestarted = FactCodec("pod.container_restarted", Fact.podContainerRestarted) {
        if case .podContainerRestarted(let payload) = $0 { payload } else { nil }
    }
    static let podTerminating = FactCodec("pod.terminating", Fact.podTerminating) {
        if case .podTerminating(let payload) = $0 { payload } else { nil }
    }
    static let podDeleted = FactCodec("pod.deleted", Fact.podDeleted) {
        if case .podDeleted(let payload) = $0 { payload } else { nil }
    }
    static let serviceCreated = FactCodec("service.created", Fact.serviceCreated) {
        if case .serviceCreated(let payload) = $0 { payload } else { nil }
    }
    static let serviceSelectorSwitched = FactCodec("service.selector_switched", Fact.serviceSelectorSwitched) {
        if case .serviceSelectorSwitched(let payload) = $0 { payload } else { nil }
    }
    static let serviceLabelsChanged = FactCodec("service.labels_changed", Fact.serviceLabelsChanged) {
        if case .serviceLabelsChanged(let payload) = $0 { payload } else { nil }
    }
    static let serviceDeleted = FactCodec("service.deleted", Fact.serviceDeleted) {
        if case .serviceDeleted(let payload) = $0 { payload } else { nil }
    }
    static let endpointsChanged = FactCodec("endpoints.changed", Fact.endpointsChanged) {
        if case .endpointsChanged(let payload) = $0 { payload } else { nil }
    }
    static let routeCreated = FactCodec("route.created", Fact.routeCreated) {
        if case .routeCreated(let payload) = $0 { payload } else { nil }
    }
    static let routeWeightsChanged = FactCodec("route.weights_changed", Fact.routeWeightsChanged) {
        if case .routeWeightsChanged(let payload) = $0 { payload } else { nil }
    }
    static let routeLabelsChanged = FactCodec("route.labels_changed", Fact.routeLabelsChanged) {
        if case .routeLabelsChanged(let payload) = $0 { payload } else { nil }
    }
    static let routeDeleted = FactCodec("route.deleted", Fact.routeDeleted) {
        if case .routeDeleted(let payload) = $0 { payload } else { nil }
    }
    static let hintObserved = FactCodec("hint.observed", Fact.hintObserved) {
        if case .hintObserved(let payload) = $0 { payload } else { nil }
    }
    static let recordingGap = FactCodec("recording.gap", Fact.recordingGap) {
        if case .recordingGap(let payload) = $0 { payload } else { nil }
    }
    static let actorAttributed = FactCodec("actor.attributed", Fact.actorAttributed) {
        if case .actorAttributed(let payload) = $0 { payload } else { nil }
    }
    static let replayStarted = FactCodec("replay.started", Fact.replayStarted) {
        if case .replayStarted(let payload) = $0 { payload } else { nil }
    }
    static let replayCompleted = FactCodec("replay.completed", Fact.replayCompleted) {
        if case .replayCompleted(let payload) = $0 { payload } else { nil }
    }
    static let noteAdded = FactCodec("note.added", Fact.noteAdded) {
        if case .noteAdded(let payload) = $0 { payload } else { nil }
    }
    static let rolloutStarted = FactCodec("rollout.started", Fact.rolloutStarted) {
        if case .rolloutStarted(let payload) = $0 { payload } else { nil }
    }
    static let rolloutSucceeded = FactCodec("rollout.succeeded", Fact.rolloutSucceeded) {
        if case .rolloutSucceeded(let payload) = $0 { payload } else { nil }
    }
    static let rolloutFailed = FactCodec("rollout.failed", Fact.rolloutFailed) {
        if case .rolloutFailed(let payload) = $0 { payload } else { nil }
    }
    static let rolloutAborted = FactCodec("rollout.aborted", Fact.rolloutAborted) {
        if case .rolloutAborted(let payload) = $0 { payload } else { nil }
    }
    static let rollbackStarted = FactCodec("rollback.started", Fact.rollbackStarted) {
        if case .rollbackStarted(let payload) = $0 { payload } else { nil }
    }
    static let rollbackCompleted = FactCodec("rollback.completed", Fact.rollbackCompleted) {
        if case .rollbackCompleted(let payload) = $0 { payload } else { nil }
    }
    static let rolloutStepStarted = FactCodec("rollout.step_started", Fact.rolloutStepStarted) {
        if case .rolloutStepStarted(let payload) = $0 { payload } else { nil }
    }
    static let rolloutStepCompleted = FactCodec("rollout.step_completed", Fact.rolloutStepCompleted) {
        if case .rolloutStepCompleted(let payload) = $0 { payload } else { nil }
    }
    static let rolloutPaused = FactCodec("rollout.paused", Fact.rolloutPaused) {
        if case .rolloutPaused(let payload) = $0 { payload } else { nil }
    }
    static let rolloutResumed = FactCodec("rollout.resumed", Fact.rolloutResumed) {
        if case .rolloutResumed(let payload) = $0 { payload } else { nil }
    }
    static let rolloutPromoted = FactCodec("rollout.promoted", Fact.rolloutPromoted) {
        if case .rolloutPromoted(let payload) = $0 { payload } else { nil }
    }
    static let rolloutAbortRequested = FactCodec("rollout.abort_requested", Fact.rolloutAbortRequested) {
        if case .rolloutAbortRequested(let payload) = $0 { payload } else { nil }
    }
    static let checkCompleted = FactCodec("check.completed", Fact.checkCompleted) {
        if case .checkCompleted(let payload) = $0 { payload } else { nil }
    }
    static let callIntended = FactCodec("call.intended", Fact.callIntended) {
        if case .callIntended(let payload) = $0 { payload } else { nil }
    }
    static let callCompleted = FactCodec("call.completed", Fact.callCompleted) {
        if case .callCompleted(let payload) = $0 { payload } else { nil }
    }
    static let callFailed = FactCodec("call.failed", Fact.callFailed) {
        if case .callFailed(let payload) = $0 { payload } else { nil }
    }
}

extension Fact {
    /// The codec of this fact's type.
    var codec: FactCodec {
        switch self {
        case .deploymentCreated: FactCodec.deploymentCreated
        case .deploymentTemplateChanged: FactCodec.deploymentTemplateChanged
        case .deploymentScaled: FactCodec.deploymentScaled
        case .deploymentStrategyChanged: FactCodec.deploymentStrategyChanged
        case .deploymentPaused: FactCodec.deploymentPaused
        case .deploymentResumed: FactCodec.deploymentResumed
        case .deploymentChangeCauseSet: FactCodec.deploymentChangeCauseSet
        case .deploymentLabelsChanged: FactCodec.deploymentLabelsChanged
        case .deploymentDeleted: FactCodec.deploymentDeleted
        case .deploymentStatusObserved: FactCodec.deploymentStatusObserved
        case .deploymentConditionObserved: FactCodec.deploymentConditionObserved
        case .replicaSetCreated: FactCodec.replicaSetCreated
        case .replicaSetScaled: FactCodec.replicaSetScaled
        case .replicaSetRenumbered: FactCodec.replicaSetRenumbered
        case .replicaSetDeleted: FactCodec.replicaSetDeleted
        case .podCreated: FactCodec.podCreated
        case .podImageChanged: FactCodec.podImageChanged
        case .podLabelsChanged: FactCodec.podLabelsChanged
        case .podOwnerChanged: FactCodec.podOwnerChanged
        case .podScheduled: FactCodec.podScheduled
        case .podUnschedulable: FactCodec.podUnschedulable
        case .podPhaseObserved: FactCodec.podPhaseObserved
        case .podReadinessObserved: FactCodec.podReadinessObserved
        case .podContainerWaiting: FactCodec.podContainerWaiting
        case .podContainerStarted: FactCodec.podContainerStarted
        case .podContainerTerminated: FactCodec.podContainerTerminated
        case .podContainerRestarted: FactCodec.podContainerRestarted
        case .podTerminating: FactCodec.podTerminating
        case .podDeleted: FactCodec.podDeleted
        case .serviceCreated: FactCodec.serviceCreated
        case .serviceSelectorSwitched: FactCodec.serviceSelectorSwitched
        case .serviceLabelsChanged: FactCodec.serviceLabelsChanged
        case .serviceDeleted: FactCodec.serviceDeleted
        case .endpointsChanged: FactCodec.endpointsChanged
        case .routeCreated: FactCodec.routeCreated
        case .routeWeightsChanged: FactCodec.routeWeightsChanged
        case .routeLabelsChanged: FactCodec.routeLabelsChanged
        case .routeDeleted: FactCodec.routeDeleted
        case .hintObserved: FactCodec.hintObserved
        case .recordingGap: FactCodec.recordingGap
        case .actorAttributed: FactCodec.actorAttributed
        case .noteAdded: FactCodec.noteAdded
        case .replayStarted: FactCodec.replayStarted
        case .replayCompleted: FactCodec.replayCompleted
        case .rolloutStarted: FactCodec.rolloutStarted
        case .rolloutSucceeded: FactCodec.rolloutSucceeded
        case .rolloutFailed: FactCodec.rolloutFailed
        case .rolloutAborted: FactCodec.rolloutAborted
        case .rollbackStarted: FactCodec.rollbackStarted
        case .rollbackCompleted: FactCodec.rollbackCompleted
        case .rolloutStepStarted: FactCodec.rolloutStepStarted
        case .rolloutStepCompleted: FactCodec.rolloutStepCompleted
        case .rolloutPaused: FactCodec.rolloutPaused
        case .rolloutResumed: FactCodec.rolloutResumed
        case .rolloutPromoted: FactCodec.rolloutPromoted
        case .rolloutAbortRequested: FactCodec.rolloutAbortRequested
        case .checkCompleted: FactCodec.checkCompleted
        case .callIntended: FactCodec.callIntended
        case .callCompleted: FactCodec.callCompleted
        case .callFailed: FactCodec.callFailed
        }
    }
}
