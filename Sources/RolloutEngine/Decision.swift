import RolloutModel

/// What is to be done next in a run.
package enum Decision: Hashable, Sendable {
    case act(RolloutAction)
    /// Nothing, until something changes or this moment is reached; with what is waited for, without a full stop.
    case wait(until: Timestamp, String)
    /// The run is to wait for somebody to look at what failed.
    case pause(reason: String)
    /// Nothing, until somebody asks the run to go on; with why, without a full stop.
    case hold(String)
    /// Somebody's own check is to say whether the new pods are well.
    case check(PodCheck)
    /// A step begins.
    case begin(RolloutStep)
    /// What the step wants is reached.
    case complete(RolloutStep)
    /// What was there before is to be brought back.
    case turnBack(reason: String)
    /// What was there before is back, as this shows.
    case restored(String)
    case end(RolloutRun.End)
}

extension RolloutRun {
    /// What is to be done next: a function of what was done, and of what is known of the cluster.
    ///
    /// - Parameter sight: At least as new as the answer to the newest call of this run.
    package func decision(_ sight: Sight) -> Decision {
        if turnedBack == nil {
            if let abortRequest { return .turnBack(reason: abortRequest.reason) }
            if let failure { return .hold("paused, as it failed: \(failure)") }
        }
        return switch (plan.procedure, sight.states[stream]) {
        case (.deployment(let change), .deployment(let state)?): change.decision(in: self, state, sight)
        case (.creation(let creation), .deployment(let state)?): creation.decision(in: self, state, sight)
        case (.pod(let replacement), .pod(let state)?): replacement.decision(in: self, state, sight)
        case (.blueGreen(let plan), .service(let state)?): plan.decision(in: self, state, sight)
        case (.canary(let plan), .deployment(let state)?): plan.decision(in: self, state, sight)
        default: .end(End(outcome: .failed, reason: "the plan is not for a \(stream.kind)"))
        }
    }

    /// When the current direction must have come to its end.
    ///
    /// - Parameter seconds: How long that is where the plan does not say.
    func deadline(orAfter seconds: Int, _ sight: Sight) -> Timestamp {
        limit(since: headedSince, orAfter: seconds, sight)
    }

    /// Since when it goes in its current direction.
    var headedSince: Timestamp { turnedBack?.at ?? startedAt }

    /// Until when something may take.
    ///
    /// The time in which the run is paused, or nobody is at work on it, does not count; when it goes on it has all of its
    /// time again.
    func limit(since: Timestamp, orAfter seconds: Int, _ sight: Sight) -> Timestamp {
        let isWaiting = isPaused && turnedBack == nil
        let begun = isWaiting ? sight.now : [since, resumedAt, sight.attendedSince].compactMap(\.self).max() ?? since
        return begun + .seconds(plan.timeoutSeconds ?? seconds)
    }

    /// Until when something may take for which no run has more time: so many seconds in which somebody is at work on it.
    func limit(since: Timestamp, after seconds: Int, _ sight: Sight) -> Timestamp {
        max(since, sight.attendedSince ?? since) + .seconds(seconds)
    }

    func failed(_ reason: String) -> Decision {
        .end(End(outcome: abortRequest == nil ? .failed : .aborted, reason: reason))
    }

    /// What to do about a failure on the way forward.
    func failure(_ reason: String) -> Decision {
        switch plan.onFailure {
        case .rollback: .turnBack(reason: reason)
        case .pause: .pause(reason: reason)
        case .abort: failed(reason)
        }
    }

    /// What is to be done until somebody's own check has passed; `nil` once it has, or if there is none.
    ///
    /// - Parameter since: It must have been made at this moment or later; `nil` if it only must have been made in this step.
    func checked(by check: PodCheck?, since: Timestamp? = nil) -> Decision? {
        guard let check else { return nil }
        guard let lastCheck, since.map({ lastCheck.at >= $0 }) ?? true else { return .check(check) }
        let said = lastCheck.completed.said.map { ": \($0)" } ?? ""
        return lastCheck.completed.passed ? nil : failure("the check failed\(said)")
    }

    /// What to do about a failure on the way back: there is no further back.
    func failedTwice(_ reason: String) -> Decision {
        failed("\(turnedBack?.reason ?? ""); the way back failed too: \(reason)")
    }

    /// What to do about a failure in the current direction.
    func trouble(_ reason: String) -> Decision { turnedBack == nil ? failure(reason) : failedTwice(reason) }

    /// What to do once what was there before is back.
    ///
    /// - Parameter proof: What shows that it is.
    func restored(_ proof: String) -> Decision { isRestored ? failed(turnedBack?.reason ?? "") : .restored(proof) }

    /// When the run, in its current direction, set a field of an object's `spec` last; `nil` if it did not.
    func lastSet(_ field: String, of resource: Resource, _ name: String) -> Timestamp? {
        calls.last { done in
            guard let call = ClusterCall(done.call), call.verb == .patch else { return false }
            return call.resource == resource && call.name == name && call.body["spec"]?[field] != nil
        }?.at
    }

    /// The newest call of the run, in its current direction, on an object; `nil` if there was none.
    func lastCall(on resource: Resource, _ name: String) -> ClusterCall? {
        calls.reversed().lazy.compactMap { ClusterCall($0.call) }.first { $0.resource == resource && $0.name == name }
    }

    /// Whether the run, in its current direction, gave a Deployment its shape.
    func hasShaped(_ name: String) -> Bool {
        calls.contains { done in
            guard let call = ClusterCall(done.call), call.verb == .patch, call.resource == .deployments else {
                return false
            }
            return call.name == name && call.body["spec"]?["paused"] == nil && call.body["spec"]?["replicas"] == nil
        }
    }
}
