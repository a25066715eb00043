import RolloutModel

extension BlueGreen {
    /// How long the new pods may take to come up where the plan does not say, in seconds.
    static let patience = 3_600
    /// How long the endpoints may take to follow a switch, in seconds.
    static let switchPatience = 60

    func decision(in run: RolloutRun, _ state: ServiceState, _ sight: Sight) -> Decision {
        let name = run.stream.name
        guard state.uid == service, !state.isDeleted else { return run.failed("svc/\(name) was deleted") }
        guard [origin, target].contains(state.selector) else {
            let other = state.rollout?.actor.map { " by \($0.name)" } ?? ""
            return run.failed("the selector of svc/\(name) was changed\(other) meanwhile")
        }
        if run.turnedBack != nil { return back(run, state, sight) }
        return state.selector == target ? settle(run, state, sight) : prepare(run, state, sight)
    }

    // MARK: Forward

    private func prepare(_ run: RolloutRun, _ state: ServiceState, _ sight: Sight) -> Decision {
        if run.hasSwitched { return run.failure("svc/\(run.stream.name) was switched back meanwhile") }
        let limit = run.deadline(orAfter: Self.patience, sight)
        if let decision = green.bringUp(to: replicas, enough: readyPods, in: run, sight, until: limit) {
            return decision
        }
        let ready = readyGreen(sight).count { pod in target.allSatisfy { pod.labels[$0] == $1 } }
        guard ready >= readyPods else {
            let words = "the labels that svc/\(run.stream.name) is to select match \(ready) of \(readyPods) ready pods"
            return sight.now >= limit ? run.failure(words) : .wait(until: limit, words)
        }
        if let decision = previewed(run, sight, until: limit) { return decision }
        if let decision = run.checked(by: check) { return decision }
        if run.isPaused { return .hold("paused before the switch") }
        if let preview, let decision = run.takeAway(service: preview.name, sight) { return decision }
        return .act(.select(service: run.stream.name, uid: service, labels: target))
    }

    /// What is to be done until the new pods can be reached through the preview; `nil` once they can, or need not.
    private func previewed(_ run: RolloutRun, _ sight: Sight, until limit: Timestamp) -> Decision? {
        guard let preview else { return nil }
        let wasTakenAway = run.lastCall(on: .services, preview.name)?.verb == .delete
        if wasTakenAway, check == nil || run.lastCheck != nil { return nil }
        let isToBeMade = wasTakenAway || run.created(.services, preview.name) == nil
        return run.reach(
            green.name, through: preview.name, makingItFrom: isToBeMade ? preview.manifest : nil, sight, until: limit)
    }

    private func settle(_ run: RolloutRun, _ state: ServiceState, _ sight: Sight) -> Decision {
        let switchedAt = run.switchedAt ?? run.startedAt
        // Whether a pod is ready the slices say: of the pod itself it may be told later.
        let greenPods = sight.pods(of: green.name)
        let reached = state.reachedPods
        guard state.reachesOnly(greenPods) else {
            let limit = run.limit(since: switchedAt, after: Self.switchPatience, sight)
            let words =
                "svc/\(run.stream.name) reaches \(reached.count(where: greenPods.contains)) of \(replicas) new pods"
            return sight.now >= limit ? run.failure(words) : .wait(until: limit, words)
        }
        if readyGreen(sight).count < readyPods, let trouble = sight.deployment(green.name)?.hopelessness {
            return run.failure(trouble)
        }
        let until = switchedAt + .seconds(keepSeconds)
        if run.isPaused { return .hold("paused; deploy/\(blue.name) is kept") }
        if sight.now < until, !run.isPromoted {
            return .wait(until: until, "deploy/\(blue.name) is kept until \(until.wholeSeconds.rfc3339)")
        }
        let limit = run.limit(since: until, orAfter: Self.patience, sight)
        if let decision = blue.shrink(to: 0, in: run, sight, until: limit) { return decision }
        return .end(
            RolloutRun.End(
                outcome: .succeeded,
                reason: "svc/\(run.stream.name) reaches \(reached.count) pods of deploy/\(green.name)"))
    }

    private func readyGreen(_ sight: Sight) -> [PodState] { sight.deployment(green.name)?.readyPodStates ?? [] }

    // MARK: Back

    private func back(_ run: RolloutRun, _ state: ServiceState, _ sight: Sight) -> Decision {
        let limit = run.deadline(orAfter: Self.patience, sight)
        if let preview, let decision = run.takeAway(service: preview.name, sight) { return decision }
        let hasStayed = state.selector == origin && !run.hasSwitched
        // Whether old pods that served all the time are well is not for this run to judge.
        let isWhole = sight.deployment(blue.name).map { $0.uid == blue.uid && $0.desired >= blue.replicas } ?? false
        if !(hasStayed && isWhole), let decision = blue.restore(in: run, sight, until: limit) { return decision }
        if state.selector == target {
            if run.hasSwitched { return run.failedTwice("svc/\(run.stream.name) was switched again meanwhile") }
            return .act(.select(service: run.stream.name, uid: service, labels: origin))
        }
        let bluePods = sight.pods(of: blue.name)
        let reached = state.reachedPods
        let greenPods = sight.pods(of: green.name)
        guard state.reachesOnly(bluePods) || hasStayed && !reached.contains(where: greenPods.contains) else {
            let since = run.calls.last?.at ?? run.headedSince
            let limit = run.limit(since: since, after: Self.switchPatience, sight)
            let words =
                "svc/\(run.stream.name) reaches \(reached.count(where: bluePods.contains)) of \(blue.replicas) old pods"
            return sight.now >= limit ? run.failedTwice(words) : .wait(until: limit, words)
        }
        if let decision = green.takeAway(in: run, sight, until: limit) { return decision }
        return run.restored("svc/\(run.stream.name) reaches \(reached.count) pods of deploy/\(blue.name)")
    }
}

extension RolloutRun {
    /// When it switched the Service's selector, in its current direction; `nil` if it did not.
    fileprivate var switchedAt: Timestamp? { lastSet("selector", of: .services, stream.name) }

    fileprivate var hasSwitched: Bool { switchedAt != nil }
}
