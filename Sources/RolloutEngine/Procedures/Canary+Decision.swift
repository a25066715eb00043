import RolloutModel

extension Canary {
    /// How long the pods of one step may take to come up where the plan does not say, in seconds.
    static let patience = 3_600

    func decision(in run: RolloutRun, _ state: DeploymentState, _ sight: Sight) -> Decision {
        guard state.uid == stable.uid, !state.isDeleted else { return run.failed("deploy/\(stable.name) was deleted") }
        return run.turnedBack == nil ? forward(run, sight) : back(run, sight)
    }

    private func forward(_ run: RolloutRun, _ sight: Sight) -> Decision {
        guard let current = run.step else { return .begin(step(1)) }
        let limit = run.limit(since: current.startedAt, orAfter: Self.patience, sight)
        if let trouble = trouble(sight) { return run.failure(trouble) }
        guard let completedAt = current.completedAt else {
            let pods = pods(atWeight: current.step.weight)
            // First the new pods, so that there are never fewer than before.
            if let decision = canary.bringUp(to: pods.canary, enough: pods.canary, in: run, sight, until: limit) {
                return decision
            }
            if let decision = route?.reach(canary.name, in: run, sight, until: limit) { return decision }
            if let decision = route?.share(current.step.weight, from: service, in: run) { return decision }
            if let decision = route?.awaitGateways(in: run, sight, until: limit) { return decision }
            // Who carries the route out may be behind; the old pods that go still answer what they were asked.
            if route == nil || current.step.weight == 100,
                let decision = stable.shrink(to: pods.stable, in: run, sight, until: limit)
            {
                return decision
            }
            if let decision = run.checked(by: check) { return decision }
            return .complete(current.step)
        }
        let pods = pods(atWeight: current.step.weight)
        guard current.step.weight < 100 else {
            return .end(
                RolloutRun.End(
                    outcome: .succeeded, reason: "all traffic goes to \(pods.canary) pods of deploy/\(canary.name)"))
        }
        let shares = "\(pods.canary) new and \(pods.stable) old pods"
        if run.isPaused { return .hold("paused at \(current.step.weight)%: \(shares)") }
        let until = completedAt + .seconds(pauseSeconds)
        if sight.now < until, !run.isPromoted {
            return .wait(until: until, "\(current.step.weight)% until \(until.wholeSeconds.rfc3339): \(shares)")
        }
        let isOver = pauseSeconds > 0 && !run.isPromoted
        if let decision = run.checked(by: check, since: isOver ? until : nil) { return decision }
        return .begin(step(run.isFullyPromoted ? steps.count : current.step.number + 1))
    }

    private func step(_ number: Int) -> RolloutStep { RolloutStep(number: number, weight: steps[number - 1]) }

    /// What speaks against the new pods.
    private func trouble(_ sight: Sight) -> String? {
        guard let state = sight.deployment(canary.name) else { return nil }
        if let hopelessness = state.hopelessness { return hopelessness }
        let before = canary.existing?.restarts ?? [:]
        let restarts = state.pods.values.reduce(0) { $0 + $1.restarts - (before[$1.uid] ?? 0) }
        guard restarts > restartLimit else { return nil }
        return "the containers of the new pods were started again \(restarts) time\(restarts == 1 ? "" : "s")"
    }

    private func back(_ run: RolloutRun, _ sight: Sight) -> Decision {
        let limit = run.deadline(orAfter: Self.patience, sight)
        // The sooner the traffic is back the better, but where the old pods were to go they must be there first.
        let haveOldPodsStayed = run.step?.step.weight ?? 0 < 100
        if haveOldPodsStayed, let decision = route?.restore(in: run) { return decision }
        if let decision = stable.restore(in: run, sight, until: limit) { return decision }
        if let route, let decision = route.restore(in: run) ?? run.takeAway(service: route.canaryService, sight) {
            return decision
        }
        if let decision = canary.takeAway(in: run, sight, until: limit) { return decision }
        let available = sight.deployment(stable.name)?.status.available ?? 0
        return run.restored("\(available) pods of deploy/\(stable.name) are available")
    }
}
