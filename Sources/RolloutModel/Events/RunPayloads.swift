/// `rollout.started`: somebody set Shipslog to carry out a plan.
///
/// The id of this event is that of the run; all events of the run bear it as their rollout.
public struct RolloutStarted: Hashable, Sendable, Codable {
    public var plan: RolloutPlan
    /// Why, in the words of who started it; `nil` if they did not say.
    public var reason: String?
    /// What the cluster was given before, if it is a simulated one.
    public var scenario: Scenario?

    public init(plan: RolloutPlan, reason: String? = nil, scenario: Scenario? = nil) {
        self.plan = plan
        self.reason = reason
        self.scenario = scenario
    }
}

/// `rollout.succeeded`, `rollout.failed`, `rollout.aborted`: how a run ended; `rollback.started`, `rollback.completed`: that
/// it turned back, and has come back.
public struct RolloutTurn: Hashable, Sendable, Codable {
    /// Why, in one line: what had been reached, or what stood against it.
    public var reason: String

    public init(reason: String) {
        self.reason = reason
    }
}

/// `rollout.step_started`, `rollout.step_completed`: one of the steps of a run, in which a part of the traffic goes to the
/// new pods.
public struct RolloutStep: Hashable, Sendable, Codable {
    /// From 1.
    public var number: Int
    /// The part of the traffic, in per cent, from 1 to 100.
    public var weight: Int

    public init(number: Int, weight: Int) {
        self.number = number
        self.weight = weight
    }
}

/// `rollout.paused`, `rollout.resumed`, `rollout.abort_requested`: what somebody asked of a run that goes on.
public struct RolloutRequest: Hashable, Sendable, Codable {
    /// The `rollout.started` of the run.
    public var run: EventID
    /// Why, in their words; `nil` if they did not say.
    public var reason: String?
    /// What failed, so that the run waits for somebody; `nil` if it is somebody who asks.
    public var failure: String?

    public init(run: EventID, reason: String? = nil, failure: String? = nil) {
        self.run = run
        self.reason = reason
        self.failure = failure
    }
}

/// `rollout.promoted`: somebody asked a run not to wait any longer.
public struct RolloutPromoted: Hashable, Sendable, Codable {
    /// Whether it is to leave out all steps but the last.
    public var isFull: Bool
    /// Why, in their words; `nil` if they did not say.
    public var reason: String?

    public init(isFull: Bool, reason: String? = nil) {
        self.isFull = isFull
        self.reason = reason
    }
}

/// `check.completed`: somebody's own check of the new pods was made.
public struct CheckCompleted: Hashable, Sendable, Codable {
    /// The command, the URL, or the query with its limits.
    public var check: String
    public var passed: Bool
    /// What it said, in one line; `nil` if nothing.
    public var said: String?

    public init(check: String, passed: Bool, said: String? = nil) {
        self.check = check
        self.passed = passed
        self.said = said
    }
}

/// `call.intended`: what is about to be asked of the API server.
///
/// Whether it was asked, only the `call.completed` or `call.failed` that follows tells; if none does, the cluster.
public struct CallIntended: Hashable, Sendable, Codable {
    /// `POST`, `PATCH` or `DELETE`.
    public var method: String
    /// The path on the server, without a query.
    public var path: String
    /// What is sent, with the preconditions in it: a `resourceVersion` or a `uid` that must still be the object's.
    public var body: JSONValue

    public init(method: String, path: String, body: JSONValue) {
        self.method = method
        self.path = path
        self.body = body
    }
}

/// `call.completed`: a call was carried out.
public struct CallCompleted: Hashable, Sendable, Codable {
    /// The `call.intended` that it answers.
    public var call: EventID
    /// The HTTP status; `nil` if the answer was lost, or was that there is no such object, and the cluster shows that what
    /// was wanted is so.
    public var status: Int?
    /// The object as the call left it; `nil` if it is gone.
    public var uid: String?
    public var resourceVersion: String?
    /// What the server's audit log calls the request.
    public var auditID: String?

    public init(
        call: EventID, status: Int?, uid: String? = nil, resourceVersion: String? = nil, auditID: String? = nil
    ) {
        self.call = call
        self.status = status
        self.uid = uid
        self.resourceVersion = resourceVersion
        self.auditID = auditID
    }
}

/// `call.failed`: a call was not carried out.
public struct CallFailed: Hashable, Sendable, Codable {
    /// The `call.intended` that it answers.
    public var call: EventID
    /// The HTTP status; `nil` if there was no answer, and the cluster shows that the call was not carried out.
    public var status: Int?
    /// Why, for the program: `Conflict`, `Forbidden`; `nil` if the server did not say.
    public var reason: String?
    /// Why, in one line.
    public var message: String
    /// What the server's audit log calls the request.
    public var auditID: String?

    public init(
        call: EventID, status: Int?, reason: String? = nil, message: String, auditID: String? = nil
    ) {
        self.call = call
        self.status = status
        self.reason = reason
        self.message = message
        self.auditID = auditID
    }
}
