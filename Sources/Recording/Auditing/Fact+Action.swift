import RolloutModel

/// What somebody did to an object, rather than what came of it.
package struct Action {
    package enum Kind { case creation, change, scaling, removal }

    package var kind: Kind
    /// The version of the object that shows it.
    package var version: ObjectVersion

    /// Whether a request may have done it, by its verb and by what it was for.
    func canBe(doneBy request: AuditRequest) -> Bool {
        guard request.changesSpec else { return false }
        switch kind {
        case .creation: return request.isCreation
        case .change: return request.subresource == nil && request.isChange
        case .scaling: return request.isChange
        case .removal: return request.verb == .delete
        }
    }
}

extension Fact {
    /// The action that the fact states; `nil` if it is an observation.
    package var action: Action? {
        switch self {
        case .deploymentCreated(let fact): Action(kind: .creation, version: fact.object)
        case .replicaSetCreated(let fact): Action(kind: .creation, version: fact.object)
        case .podCreated(let fact): Action(kind: .creation, version: fact.object)
        case .serviceCreated(let fact): Action(kind: .creation, version: fact.object)
        case .routeCreated(let fact): Action(kind: .creation, version: fact.object)
        case .deploymentTemplateChanged(let fact): Action(kind: .change, version: fact.object)
        case .deploymentScaled(let fact): Action(kind: .scaling, version: fact.object)
        case .deploymentStrategyChanged(let fact): Action(kind: .change, version: fact.object)
        case .deploymentPaused(let fact), .deploymentResumed(let fact): Action(kind: .change, version: fact.object)
        case .deploymentChangeCauseSet(let fact): Action(kind: .change, version: fact.object)
        case .podImageChanged(let fact): Action(kind: .change, version: fact.object)
        case .deploymentLabelsChanged(let fact), .serviceLabelsChanged(let fact), .podLabelsChanged(let fact),
            .routeLabelsChanged(let fact):
            Action(kind: .change, version: fact.object)
        case .serviceSelectorSwitched(let fact): Action(kind: .change, version: fact.object)
        case .routeWeightsChanged(let fact): Action(kind: .change, version: fact.object)
        case .podTerminating(let fact): Action(kind: .removal, version: fact.object)
        default: nil
        }
    }
}
