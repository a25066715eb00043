import RolloutModel

/// What is to be done next in a run.
package enum Decision: Hashable, Sendable {
    case act(RolloutAction)
    /// Nothing, until something changes or this moment is reached; with what is waited for, without a full stop.
    case wait(until: Timestamp, String)
    /// Nothing, until somebody asks the run to go on; with why, without a full stop.
    case hold(String)
    /// A command or URL is to say whether the new pods are well.
    case check(String)
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
        if let abortRequest, turnedBack == nil { return .turnBack(reason: abortRequest.reason) }
        return switch (plan.procedure, sight.states[stream]) {
        case (.deployment(let change), .deployment(let state)?): change.decision(in: self, state, now: sight.now)
        case (.pod(let replacement), .pod(let state)?): replacement.decision(in: self, state, now: sight.now)
        case (.blueGreen(let plan), .service(let state)?): plan.decision(in: self, state, sight)
        case (.canary(let plan), .deployment(let state)?): plan.decision(in: self, state, sight)
        default: .end(End(outcome: .failed, reason: "the plan is not for a \(stream.kind)"))
        }
    }

    /// When the current direction must have come to its end.
    ///
    /// - Parameter seconds: How long that is where the plan does not say.
    func deadline(orAfter seconds: Int) -> Timestamp {
        let since = turnedBack?.at ?? startedAt
        return Timestamp(microseconds: since.microseconds + Int64(plan.timeoutSeconds ?? seconds) * 1_000_000)
    }

    func failed(_ reason: String) -> Decision {
        .end(End(outcome: abortRequest == nil ? .failed : .aborted, reason: reason))
    }

    /// What to do about a failure on the way forward.
    func failure(_ reason: String) -> Decision {
        plan.onFailure == .rollback ? .turnBack(reason: reason) : failed(reason)
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
