import RolloutModel

/// Carries out runs: decides what is next, writes down what it is about to do, does it, and writes down what came of it.
///
/// It may be stopped at any moment. Whoever resumes the run finds out from the cluster what became of a call whose outcome
/// was not written down, and goes on; nothing is done twice.
package struct RolloutRunner: Sendable {
    let cluster: any Cluster
    let journal: any RolloutJournal
    let namespace: String
    private let attention: Duration?
    private let waits: Bool
    private let makeID: @Sendable (Timestamp) -> EventID
    private let check: @Sendable (PodCheck) async throws -> CheckCompleted
    let tell: @Sendable (RunProgress) async throws -> Void

    /// What is watched in the namespace for a plan: owners before pods.
    private static func watched(for plan: RolloutPlan) -> [Resource] {
        [.deployments, .replicaSets, .services, .endpointSlices, .pods] + (plan.route == nil ? [] : [.httpRoutes])
    }

    /// How often a call is tried that the cluster refused because the object had just changed.
    private static let conflictLimit = 10

    /// How often it asks for what else there is to tell at the end; a busy namespace never falls silent.
    private static let restLimit = 100

    /// How often in a row a call is tried that the cluster may have carried out and has not.
    private static let unansweredLimit = 5

    /// How often in a row it is tried to see how things stand on a cluster that does not answer.
    private static let unseenLimit = 60

    /// For how long nothing is tried after that.
    private static let pauseBetweenTries = Duration.seconds(1)

    /// How often in a row something is to be done that the cluster says is done, until one can be sure that it does not
    /// tell so.
    private static let idleLimit = 60

    /// - Parameters:
    ///   - attention: For how long it may look at the cluster alone, and not at what people ask of it; `nil` for as long as
    ///     nothing happens there: nobody can ask anything in virtual time.
    ///   - waits: Whether it waits for what takes its time; if not, it leaves the run there, to be resumed.
    ///   - makeID: A new id for an act of ours at a moment; never the same twice.
    ///   - check: Makes somebody's own check.
    ///   - tell: Told what it does, as it does it.
    package init(
        cluster: any Cluster, journal: any RolloutJournal, namespace: String, attention: Duration?,
        waits: Bool = true, makeID: @escaping @Sendable (Timestamp) -> EventID,
        check: @escaping @Sendable (PodCheck) async throws -> CheckCompleted,
        tell: @escaping @Sendable (RunProgress) async throws -> Void = { _ in }
    ) {
        self.cluster = cluster
        self.journal = journal
        self.namespace = namespace
        self.attention = attention
        self.waits = waits
        self.makeID = makeID
        self.check = check
        self.tell = tell
    }

    /// Begins a run and brings it to its end, or to where there is only to wait.
    ///
    /// - Parameter scenario: What the cluster was given before, if it is a simulated one.
    /// - Returns: The run as it ended, or as it was left.
    /// - Throws: ``ShipslogError`` with code `conflict` if another run of the subject goes on; what the journal and the
    ///   cluster throw, and `CancellationError`: then the run can be resumed.
    package func run(
        _ plan: RolloutPlan, of stream: StreamName, reason: String?, by actor: Actor, scenario: Scenario? = nil
    ) async throws -> RolloutRun {
        // Before anything is written down: who may not even look leaves nothing behind.
        try await watching(plan, of: stream) { watch in
            let now = await cluster.now()
            let id = makeID(now)
            let start = try Event(
                id: id, stream: stream,
                fact: .rolloutStarted(RolloutStarted(plan: plan, reason: reason, scenario: scenario)),
                occurredAt: now, rollout: id, actor: actor, origin: .engine)
            try await journal.begin(start)
            guard let run = try RolloutRun(startedBy: start) else {
                throw ShipslogError(.internal, "The run of \(stream) could not be begun.")
            }
            return try await resumable { try await work(run, watch) }
        }
    }

    /// Goes on with a run, wherever it stopped, and brings it to its end, or to where there is only to wait.
    ///
    /// - Throws: As ``run(_:of:reason:by:)``.
    package func resume(_ run: RolloutRun) async throws -> RolloutRun {
        try await journal.resume(run)
        return try await watching(run.plan, of: run.stream) { watch in
            try await resumable { try await work(run, watch) }
        }
    }

    /// Has whoever reads why a run was left know what to do.
    private func resumable(_ body: () async throws -> RolloutRun) async throws -> RolloutRun {
        do {
            return try await body()
        } catch {
            guard var explained = ShipslogError(explaining: error), explained.code == .unavailable,
                explained.hint == nil
            else { throw error }
            explained.hint = "The run is left as it is; `shipslog resume` goes on with it."
            throw explained
        }
    }

    private func watching(
        _ plan: RolloutPlan, of stream: StreamName, _ body: (any ClusterWatch) async throws -> RolloutRun
    ) async throws -> RolloutRun {
        let watched = Self.watched(for: plan)
        let watch = try await cluster.watch(watched.map { ClusterSelection($0, namespace: namespace) })
        do {
            try await takeStock(of: watched, watch)
            try await journal.noteMissing(of: plan.streams(of: stream), at: await cluster.now())
            let ended = try await body(watch)
            try await takeRest(watch)
            await watch.stop()
            if ended.end != nil { try await journal.finish() }
            return ended
        } catch {
            await watch.stop()
            throw error
        }
    }

    private func work(_ run: RolloutRun, _ watch: any ClusterWatch) async throws -> RolloutRun {
        var run = run
        // The runner before may have died before it wrote down whose doing its last call was.
        if let done = run.newestCall { try await journal.attribute(done, of: run) }
        let takenOnAt = await cluster.now()
        var tries = Tries()
        while run.end == nil {
            if let trouble = try await settleOpenCalls(of: &run) {
                try await waitForSight(trouble, &tries, watch)
                continue
            }
            for event in try await journal.requests(of: run.id) { try run.apply(event) }
            var sight: Sight
            do {
                sight = try await self.sight(of: run)
            } catch {
                try await waitForSight(try Self.outage(error), &tries, watch)
                continue
            }
            sight.attendedSince = takenOnAt
            try await tell(.seeing(sight))
            switch run.decision(sight) {
            case .act(let action):
                switch try await perform(action, &run) {
                case .done: tries = Tries()
                case .unseen(let error): try await waitForSight(error, &tries, watch)
                case .nothingToDo where tries.idle < Self.idleLimit:
                    tries.idle += 1
                    try await wait(watch, until: nil)
                case .nothingToDo:
                    throw ShipslogError(
                        .unavailable, "The cluster does not tell that this is done: \(action.description).",
                        hint: "`shipslog resume` goes on with the run.")
                case .refused(let error) where error.code == 409 && tries.conflicts < Self.conflictLimit:
                    tries.conflicts += 1
                    try await wait(watch, until: nil)
                case .unanswered(let error) where tries.unanswered < Self.unansweredLimit:
                    tries.unanswered += 1
                    try await tell(.waiting(error.message))
                    try await pass(Self.pauseBetweenTries, watch)
                case .putOff(let error) where tries.unanswered < Self.unansweredLimit:
                    tries.unanswered += 1
                    try await tell(.waiting(error.explained.message))
                    try await pass(error.retryAfter ?? Self.pauseBetweenTries, watch)
                case .putOff(let error) where error.code == 401:
                    // Who may not say who they are can bring nothing back either.
                    throw ShipslogError(
                        .unavailable, error.explained.message,
                        hint: "Renew the credentials; `shipslog resume` goes on with the run.")
                case .refused(let error), .putOff(let error):
                    try await giveUp(error.explained.message, &run)
                    tries = Tries()
                case .unanswered(let error), .impossible(let error):
                    try await giveUp(error.message, &run)
                    tries = Tries()
                }
            case .wait(let deadline, let words):
                guard waits else { return run }
                try await tell(.waiting(words))
                let now = await cluster.now()
                let attention = attention.map { now + $0 }
                try await wait(watch, until: min(deadline, attention ?? deadline))
            case .pause(let reason):
                try await hold(reason, &run)
            case .hold(let words):
                guard waits else { return run }
                try await tell(.waiting(words))
                try await journal.awaitRequest()
                try await record(watch.changes(until: await cluster.now()))
            case .check(let check):
                try await tell(.acting("check: \(check.summary)"))
                try await note(.checkCompleted(try await self.check(check)), &run)
            case .begin(let step):
                try await tell(.acting("step \(step.number): \(step.weight)%"))
                try await note(.rolloutStepStarted(step), &run)
            case .complete(let step):
                try await note(.rolloutStepCompleted(step), &run)
            case .turnBack(let reason):
                try await tell(.turnedBack(reason))
                try await note(.rollbackStarted(RolloutTurn(reason: reason)), &run)
            case .restored(let reason):
                try await tell(.restored)
                try await note(.rollbackCompleted(RolloutTurn(reason: reason)), &run)
            case .end(let end):
                let turn = RolloutTurn(reason: end.reason)
                let fact: Fact =
                    switch end.outcome {
                    case .succeeded: .rolloutSucceeded(turn)
                    case .failed: .rolloutFailed(turn)
                    case .aborted: .rolloutAborted(turn)
                    }
                try await note(fact, &run)
                try await tell(.seeing(try await self.sight(of: run)))
                try await tell(.ended)
            }
        }
        return run
    }

    /// Lets a cluster that does not answer come back.
    ///
    /// - Throws: The error, if it has been too long.
    private func waitForSight(_ error: ShipslogError, _ tries: inout Tries, _ watch: any ClusterWatch) async throws {
        guard tries.unseen < Self.unseenLimit else { throw error }
        tries.unseen += 1
        try await tell(.waiting(error.message))
        try await pass(Self.pauseBetweenTries, watch)
    }

    /// Leaves the run to somebody.
    private func hold(_ reason: String, _ run: inout RolloutRun) async throws {
        try await tell(.held(reason))
        try await note(.rolloutPaused(RolloutRequest(run: run.id, failure: reason)), &run)
    }

    /// Turns back or waits for somebody, if that is wanted and there is anything to take back; else the run has failed.
    private func giveUp(_ reason: String, _ run: inout RolloutRun) async throws {
        let words = reason.hasSuffix(".") ? String(reason.dropLast()) : reason
        if run.turnedBack == nil, run.plan.onFailure == .pause { return try await hold(words, &run) }
        if run.turnedBack == nil, run.plan.onFailure == .rollback, !run.calls.isEmpty {
            try await tell(.turnedBack(words))
            try await note(.rollbackStarted(RolloutTurn(reason: words)), &run)
            return
        }
        let turnedBack = run.turnedBack.map { "\($0.reason); the way back failed too: " } ?? ""
        try await note(.rolloutFailed(RolloutTurn(reason: turnedBack + words)), &run)
    }

    private func sight(of run: RolloutRun) async throws -> Sight {
        var states: [StreamName: SubjectState] = [:]
        for stream in run.plan.streams(of: run.stream) { states[stream] = try await journal.state(of: stream) }
        var sight = Sight(states: states, now: await cluster.now())
        if let name = run.plan.route { sight.route = try await cluster.get(.httpRoutes, name, namespace: namespace) }
        return sight
    }

    /// Records what there is, before anything is decided.
    private func takeStock(of watched: [Resource], _ watch: any ClusterWatch) async throws {
        var missing = Set(watched)
        while !missing.isEmpty {
            let patience = Timestamp(microseconds: await cluster.now().microseconds + 60_000_000)
            let changes = try await watch.changes(until: patience)
            if changes.isEmpty {
                throw ShipslogError(.unavailable, "The cluster does not tell what there is in \(namespace).")
            }
            try await record(changes)
            for case .all(let selection, _) in changes { missing.remove(selection.resource) }
        }
    }

    /// Waits for a change, at most until a moment; without one, for a second: what is behind will have caught up.
    private func wait(_ watch: any ClusterWatch, until deadline: Timestamp?) async throws {
        let now = await cluster.now()
        let changes = try await watch.changes(until: deadline ?? Timestamp(microseconds: now.microseconds + 1_000_000))
        try await record(changes)
    }

    /// Lets time pass, whatever happens meanwhile.
    private func pass(_ duration: Duration, _ watch: any ClusterWatch) async throws {
        let end = await cluster.now() + duration
        while await cluster.now() < end { try await record(watch.changes(until: end)) }
    }

    /// Records what the cluster has to tell at this moment.
    private func takeRest(_ watch: any ClusterWatch) async throws {
        for _ in 1...Self.restLimit {
            let changes = try await watch.changes(until: await cluster.now())
            if changes.isEmpty { return }
            try await record(changes)
        }
    }

    func record(_ changes: [ClusterChange]) async throws {
        try await journal.record(changes, at: await cluster.now())
    }

    /// What was tried in vain since anything was done.
    private struct Tries {
        var conflicts = 0
        var idle = 0
        var unanswered = 0
        var unseen = 0
    }

    /// Writes down a fact of the run.
    @discardableResult
    func note(_ fact: Fact, _ run: inout RolloutRun) async throws -> EventID {
        let now = await cluster.now()
        let event = try Event(
            id: makeID(now), stream: run.stream, fact: fact, occurredAt: now, rollout: run.id, cause: run.id,
            actor: run.actor, origin: .engine)
        try await journal.append([event])
        try run.apply(event)
        return event.id
    }
}
