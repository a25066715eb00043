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
        let limit = run.deadline(orAfter: Self.patience, now: sight.now)
        if let decision = green.bringUp(to: replicas, enough: readyPods, in: run, sight, until: limit) {
            return decision
        }
        let ready = readyGreen(sight).count { pod in target.allSatisfy { pod.labels[$0] == $1 } }
        guard ready >= readyPods else {
            let words = "the labels that svc/\(run.stream.name) is to select match \(ready) of \(readyPods) ready pods"
            return sight.now >= limit ? run.failure(words) : .wait(until: limit, words)
        }
        if let decision = run.checked(by: check) { return decision }
        if run.isPaused { return .hold("paused before the switch") }
        return .act(.select(service: run.stream.name, uid: service, labels: target))
    }

    private func settle(_ run: RolloutRun, _ state: ServiceState, _ sight: Sight) -> Decision {
        let switchedAt = run.switchedAt ?? run.startedAt
        let greenPods = Set(readyGreen(sight).map(\.uid))
        let reached = state.endpoints.filter(\.ready).compactMap(\.pod)
        let isThrough = !reached.isEmpty && reached.allSatisfy(greenPods.contains)
        guard isThrough else {
            let limit = switchedAt + .seconds(Self.switchPatience)
            let words =
                "svc/\(run.stream.name) reaches \(reached.count(where: greenPods.contains)) of \(replicas) new pods"
            return sight.now >= limit ? run.failure(words) : .wait(until: limit, words)
        }
        if greenPods.count < readyPods, let trouble = sight.deployment(green.name)?.hopelessness {
            return run.failure(trouble)
        }
        let until = switchedAt + .seconds(keepSeconds)
        if run.isPaused { return .hold("paused; deploy/\(blue.name) is kept") }
        if sight.now < until, !run.isPromoted {
            return .wait(until: until, "deploy/\(blue.name) is kept until \(until.wholeSeconds.rfc3339)")
        }
        let limit = run.limit(since: until, orAfter: Self.patience, now: sight.now)
        if let decision = blue.shrink(to: 0, in: run, sight, until: limit) { return decision }
        return .end(
            RolloutRun.End(
                outcome: .succeeded,
                reason: "svc/\(run.stream.name) reaches \(reached.count) pods of deploy/\(green.name)"))
    }

    private func readyGreen(_ sight: Sight) -> [PodState] { sight.deployment(green.name)?.readyPodStates ?? [] }

    // MARK: Back

    private func back(_ run: RolloutRun, _ state: ServiceState, _ sight: Sight) -> Decision {
        let limit = run.deadline(orAfter: Self.patience, now: sight.now)
        if let decision = blue.restore(in: run, sight, until: limit) { return decision }
        if state.selector == target {
            if run.hasSwitched { return run.failedTwice("svc/\(run.stream.name) was switched again meanwhile") }
            return .act(.select(service: run.stream.name, uid: service, labels: origin))
        }
        let bluePods = Set((sight.deployment(blue.name)?.readyPodStates ?? []).map(\.uid))
        let reached = state.endpoints.filter(\.ready).compactMap(\.pod)
        guard !reached.isEmpty, reached.allSatisfy(bluePods.contains) else {
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
