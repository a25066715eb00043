import RolloutModel

/// What is to be done next in a run.
package enum Decision: Hashable, Sendable {
    case act(RolloutAction)
    /// Nothing, until something changes or this moment is reached; with what is waited for, without a full stop.
    case wait(until: Timestamp, String)
    /// What was there before is to be brought back.
    case turnBack(reason: String)
    /// What was there before is back, as this shows.
    case restored(String)
    case end(RolloutRun.End)
}

extension RolloutRun {
    /// What is to be done next: a function of what was done, and of what is known of the subject.
    ///
    /// - Parameters:
    ///   - state: The subject, at least as new as the answer to the newest call of this run.
    ///   - now: By the cluster's clock.
    package func decision(_ state: SubjectState, now: Timestamp) -> Decision {
        switch (plan.procedure, state) {
        case (.deployment(let change), .deployment(let state)): change.decision(in: self, state, now: now)
        case (.pod(let replacement), .pod(let state)): replacement.decision(in: self, state, now: now)
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

    func failed(_ reason: String) -> Decision { .end(End(outcome: .failed, reason: reason)) }

    /// What to do about a failure on the way back: there is no further back.
    func failedTwice(_ reason: String) -> Decision {
        failed("\(turnedBack?.reason ?? ""); the way back failed too: \(reason)")
    }
}
