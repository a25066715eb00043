import RolloutModel

extension ReplayPlan {
    /// The plan with what a variant changes about a Deployment.
    ///
    /// Its pods live as their twins did, each so long after its own creation.
    ///
    /// - Parameter seed: `nil`: each pod lives as its twin did, where it has one; else all lives are drawn.
    func varied(by variant: Variant, of subject: StreamName, seed: UInt64? = nil) -> ReplayPlan {
        func changed(_ request: Request) -> Request {
            guard let spec = request.body["spec"] else { return request }
            var request = request
            request.body["spec"] = variant.applied(to: spec)
            return request
        }
        var plan = self
        plan.behaviours = behaviours.relative(
            before: variant.behaviours?.rules ?? [], drawn: seed != nil, seed: seed ?? 0)
        for index in objects.indices where objects[index].subject == subject {
            plan.objects[index].request = changed(objects[index].request)
        }
        for index in actions.indices where actions[index].subject == subject {
            plan.actions[index].requests = actions[index].requests.map(changed)
        }
        return plan
    }
}

extension PodBehaviours {
    /// The lives of a recording for pods that are created at other times than their twins.
    fileprivate func relative(before rules: [Rule], drawn: Bool, seed: UInt64) -> PodBehaviours {
        var recorded = self.rules.filter { !drawn || $0.match.ordinal == nil }.map { rule in
            var rule = rule
            rule.behaviour.scripts = rule.behaviour.scripts.map { script in
                var script = script
                script.createdAt = nil
                return script
            }
            return rule
        }
        // A second Deployment's pods are of the same image, under another owner and with another label.
        recorded += recorded.filter { $0.match.ordinal == nil && $0.match.image != nil }.map { rule in
            var rule = rule
            (rule.match.owner, rule.match.template) = (nil, nil)
            return rule
        }
        return PodBehaviours(seed: seed, rules: rules + recorded)
    }
}
