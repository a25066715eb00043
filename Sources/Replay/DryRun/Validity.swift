import RolloutModel

extension SubjectState {
    /// Why an API server would refuse an action on this state; `nil` if it would not.
    ///
    /// - SeeAlso: <https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#selector>
    func objection(to action: Fact) -> String? {
        switch (self, action) {
        case (.deployment(let state), .deploymentCreated(let fact)):
            if state.exists { return "deployments.apps \"\(state.stream.name)\" already exists" }
            return Self.objection(toTemplate: fact.template, selector: fact.selector)
        case (.deployment(let state), _):
            if !state.exists { return "deployments.apps \"\(state.stream.name)\" not found" }
            switch action {
            case .deploymentTemplateChanged(let fact):
                return Self.objection(toTemplate: fact.template, selector: state.selector)
            case .deploymentScaled(let fact) where fact.replicas < 0: return "spec.replicas is negative"
            case .deploymentPaused where state.paused: return "the Deployment is already paused"
            case .deploymentResumed where !state.paused: return "the Deployment is not paused"
            default: return nil
            }
        case (.service(let state), .serviceCreated):
            return state.exists ? "services \"\(state.stream.name)\" already exists" : nil
        case (.service(let state), _):
            return state.exists ? nil : "services \"\(state.stream.name)\" not found"
        case (.pod(let state), .podCreated):
            return state.pod == nil ? nil : "pods \"\(state.stream.name)\" already exists"
        case (.pod(let state), _):
            return state.pod == nil ? "pods \"\(state.stream.name)\" not found" : nil
        case (.none, _):
            return "there is no such subject"
        }
    }

    /// Why an observation does not fit this state; `nil` if it does.
    func contradiction(with observation: Fact) -> String? {
        switch self {
        case .deployment(let state):
            state.contradiction(with: observation)
        case .pod(let state):
            if case .podCreated = observation { nil } else { state.pod == nil ? "the pod was gone" : nil }
        case .service, .none:
            nil
        }
    }

    private static func objection(toTemplate template: JSONValue, selector: JSONValue) -> String? {
        let containers = template["spec"]?["containers"]?.array ?? []
        if containers.isEmpty { return "spec.template.spec.containers is empty" }
        for container in containers where (container["image"]?.string ?? "").isEmpty {
            return "the container \(container["name"]?.string ?? "without a name") has no image"
        }
        let labels = template["metadata"]?["labels"]?.object ?? [:]
        for (key, value) in (selector["matchLabels"]?.object ?? [:]).sorted(by: { $0.key < $1.key })
        where labels[key] != value {
            return "the selector's label \(key) does not match the template's labels"
        }
        return nil
    }
}

extension DeploymentState {
    fileprivate var exists: Bool { uid != nil && !isDeleted }

    fileprivate func contradiction(with observation: Fact) -> String? {
        switch observation {
        case .podCreated(let fact):
            guard let owner = fact.owner else { return nil }
            return replicaSets[owner.uid] == nil ? "its ReplicaSet \(owner.name) had not been seen" : nil
        case .podPhaseObserved(let fact): return absence(of: fact.object)
        case .podReadinessObserved(let fact): return absence(of: fact.object)
        case .podScheduled(let fact): return absence(of: fact.object)
        case .podContainerWaiting(let fact): return absence(of: fact.object)
        case .podContainerStarted(let fact): return absence(of: fact.object)
        case .podContainerTerminated(let fact): return absence(of: fact.object)
        case .podContainerRestarted(let fact): return absence(of: fact.object)
        case .podTerminating(let fact): return absence(of: fact.object)
        case .podDeleted(let fact): return absence(of: fact.object)
        case .replicaSetScaled(let fact):
            return replicaSets[fact.object.uid] == nil ? "the ReplicaSet was not there" : nil
        default: return nil
        }
    }

    private func absence(of pod: ObjectVersion) -> String? {
        pods[pod.uid] == nil ? "the pod \(pod.name) was not there" : nil
    }
}

extension ServiceState {
    fileprivate var exists: Bool { uid != nil && !isDeleted }
}
