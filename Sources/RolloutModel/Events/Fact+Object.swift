extension Fact {
    /// The version of the object that the fact was read off; `nil` if it was read off none.
    package var object: ObjectVersion? {
        switch self {
        case .deploymentCreated(let fact): fact.object
        case .deploymentTemplateChanged(let fact): fact.object
        case .deploymentScaled(let fact): fact.object
        case .deploymentStrategyChanged(let fact): fact.object
        case .deploymentPaused(let fact), .deploymentResumed(let fact): fact.object
        case .deploymentChangeCauseSet(let fact): fact.object
        case .deploymentLabelsChanged(let fact), .podLabelsChanged(let fact), .serviceLabelsChanged(let fact),
            .routeLabelsChanged(let fact):
            fact.object
        case .deploymentDeleted(let fact), .replicaSetDeleted(let fact), .podDeleted(let fact),
            .serviceDeleted(let fact), .routeDeleted(let fact):
            fact.object
        case .deploymentStatusObserved(let fact): fact.object
        case .deploymentConditionObserved(let fact): fact.object
        case .replicaSetCreated(let fact): fact.object
        case .replicaSetScaled(let fact): fact.object
        case .replicaSetRenumbered(let fact): fact.object
        case .podCreated(let fact): fact.object
        case .podImageChanged(let fact): fact.object
        case .podOwnerChanged(let fact): fact.object
        case .podScheduled(let fact): fact.object
        case .podUnschedulable(let fact): fact.object
        case .podPhaseObserved(let fact): fact.object
        case .podReadinessObserved(let fact): fact.object
        case .podContainerWaiting(let fact): fact.object
        case .podContainerStarted(let fact): fact.object
        case .podContainerTerminated(let fact): fact.object
        case .podContainerRestarted(let fact): fact.object
        case .podTerminating(let fact): fact.object
        case .serviceCreated(let fact): fact.object
        case .serviceSelectorSwitched(let fact): fact.object
        case .endpointsChanged(let fact): fact.object
        case .routeCreated(let fact): fact.object
        case .routeWeightsChanged(let fact): fact.object
        case .hintObserved(let fact): fact.object
        default: nil
        }
    }
}
