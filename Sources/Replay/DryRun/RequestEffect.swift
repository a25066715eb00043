import RolloutModel

extension Request {
    /// The fact that the request would bring about, read off its body: what the recorded action was, said again.
    ///
    /// - Parameter recorded: The recorded fact. Only what the server adds is taken from it: versions, times, UIDs.
    /// - Returns: `nil` if the body does not say what such a request must say.
    func effect(recorded: Fact) -> Fact? {
        switch recorded {
        case .deploymentCreated(var fact):
            guard method == "POST", let template = body["spec"]?["template"], let selector = body["spec"]?["selector"],
                let replicas = body["spec"]?["replicas"]?.integer
            else { return nil }
            fact.template = template
            fact.selector = selector
            fact.replicas = Int(replicas)
            fact.paused = body["spec"]?["paused"] == .bool(true)
            fact.strategy = DeploymentStrategy(specFields: body["spec"] ?? .null)
            fact.changeCause = body["metadata"]?["annotations"]?["kubernetes.io/change-cause"]?.string
            return .deploymentCreated(fact)
        case .deploymentTemplateChanged(var fact):
            guard let template = patched("/spec/template") else { return nil }
            fact.template = template
            return .deploymentTemplateChanged(fact)
        case .deploymentScaled(var fact):
            guard let replicas = body["spec"]?["replicas"]?.integer else { return nil }
            fact.replicas = Int(replicas)
            return .deploymentScaled(fact)
        case .deploymentStrategyChanged(var fact):
            guard let spec = body["spec"] else { return nil }
            fact.strategy = DeploymentStrategy(specFields: spec)
            return .deploymentStrategyChanged(fact)
        case .deploymentPaused(let fact), .deploymentResumed(let fact):
            switch body["spec"]?["paused"] {
            case .bool(true): return .deploymentPaused(fact)
            case .bool(false): return .deploymentResumed(fact)
            default: return nil
            }
        case .deploymentChangeCauseSet(var fact):
            fact.changeCause = body["metadata"]?["annotations"]?["kubernetes.io/change-cause"]?.string
            return .deploymentChangeCauseSet(fact)
        case .serviceCreated(var fact):
            fact.selector = (body["spec"]?["selector"]?.object ?? [:]).compactMapValues(\.string)
            fact.type = body["spec"]?["type"]?.string
            fact.ports = body["spec"]?["ports"]
            return .serviceCreated(fact)
        case .serviceSelectorSwitched(var fact):
            guard let selector = patched("/spec/selector")?.object else { return nil }
            fact.selector = selector.compactMapValues(\.string)
            return .serviceSelectorSwitched(fact)
        case .podCreated(var fact):
            guard let containers = body["spec"]?["containers"]?.array else { return nil }
            fact.containers = containers.map {
                ContainerImage(name: $0["name"]?.string ?? "", image: $0["image"]?.string ?? "")
            }
            return .podCreated(fact)
        case .deploymentDeleted, .serviceDeleted, .podTerminating:
            return method == "DELETE" ? recorded : nil
        default:
            return nil
        }
    }

    /// The value that a JSON Patch of one operation puts at a path.
    private func patched(_ path: String) -> JSONValue? {
        guard let operations = body.array, operations.count == 1, operations[0]["path"]?.string == path else {
            return nil
        }
        return operations[0]["value"]
    }
}
