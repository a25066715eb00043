import RolloutModel

extension ReplayPlan {
    /// The plan for a cluster whose pods are to live so many times as fast as they did: their lives and the deadlines of
    /// Deployments take as much less time.
    ///
    /// - Parameters:
    ///   - speed: More than zero; infinite for lives without any delay, and deadlines as they were.
    ///   - namespaces: The namespace in which each of the recording's is played.
    ///   - opening: The moment of the cluster's clock at which the recording's first is played.
    package func played(
        at speed: Double, in namespaces: [String: String] = [:], from opening: Timestamp
    ) -> ReplayPlan {
        var plan = self
        for index in plan.behaviours.rules.indices {
            let namespace = plan.behaviours.rules[index].match.namespace
            plan.behaviours.rules[index].match.namespace = namespace.map { namespaces[$0] ?? $0 }
            plan.behaviours.rules[index].behaviour.scripts = behaviours.rules[index].behaviour.scripts.map {
                $0.played(at: speed, from: opening, of: startsAt)
            }
        }
        guard speed.isFinite, speed != 1 else { return plan }
        for index in plan.objects.indices { plan.objects[index].request.body.scaleDeadlines(by: speed) }
        for index in plan.actions.indices {
            for number in plan.actions[index].requests.indices {
                plan.actions[index].requests[number].body.scaleDeadlines(by: speed)
            }
        }
        return plan
    }
}

extension PodScript {
    fileprivate func played(at speed: Double, from opening: Timestamp, of start: Timestamp) -> PodScript {
        var script = self
        script.createdAt = createdAt.map {
            Timestamp(
                microseconds: opening.microseconds + Int64(Double($0.microseconds - start.microseconds) / speed))
        }
        for index in steps.indices { script.steps[index].after = steps[index].after / speed }
        script.termination = termination.map { $0 / speed }
        return script
    }
}

extension JSONValue {
    /// How many seconds a real cluster may take for what a recorded one did at once, whatever the speed.
    private static let leastDeadline = 10.0

    fileprivate mutating func scaleDeadlines(by speed: Double) {
        if let ready = self["spec"]?["minReadySeconds"]?.integer {
            self["spec"]?["minReadySeconds"] = .integer(Int64((Double(ready) / speed).rounded(.up)))
        }
        if let deadline = self["spec"]?["progressDeadlineSeconds"]?.integer {
            let scaled = max(Self.leastDeadline, (Double(deadline) / speed).rounded(.up))
            self["spec"]?["progressDeadlineSeconds"] = .integer(
                speed > 1 ? min(deadline, Int64(scaled)) : Int64(scaled))
        }
    }
}
