import RolloutModel

/// A plan while it is read off a history.
struct PlanDraft {
    let span: ReplaySpan
    let clock: RecordedClock
    var revisions: [StreamName: [String: Int]] = [:]
    private var reader = MilestoneReader(revisions: [:])
    private var lives = TwinLives()
    private var startsAt = Timestamp(microseconds: 0)
    private var comparedFrom: Timestamp?
    private var endsAt = Timestamp(microseconds: 0)
    private var objects: [ReplayPlan.Setup] = []
    private var actions: [ReplayPlan.Action] = []
    private var expectations: [Milestone] = []
    private var aftermath: [Milestone] = []
    /// The subjects whose rollouts ended since the last action.
    private var ended: Set<StreamName> = []
    /// The version of the object that the last action changed.
    private var actedOn: (subject: StreamName, version: String)?
    private var roles: Set<PodRole> = []
    private var deletions = 0

    /// Says an action in words.
    private let describe: @Sendable (Fact) -> String

    init(span: ReplaySpan, clock: RecordedClock, describe: @escaping @Sendable (Fact) -> String) {
        self.span = span
        self.clock = clock
        self.describe = describe
    }

    /// How long before the beginning the objects are made that are there then.
    static let lead = Duration.seconds(3600)

    mutating func begin(at time: Timestamp) {
        startsAt = time
        endsAt = time
        reader = MilestoneReader(revisions: revisions)
    }

    /// Takes in what there is at the beginning.
    mutating func begin(with state: SubjectState, of subject: StreamName) throws {
        reader.begin(with: state, of: subject)
        if let request = state.creation(of: subject) {
            objects.append(ReplayPlan.Setup(subject: subject, request: request))
        }
        let created = Timestamp(microseconds: startsAt.microseconds - Self.lead.wholeMicroseconds)
        switch state {
        case .deployment(let state):
            for pod in state.pods.values.sorted(by: { ($0.createdAt, $0.name) < ($1.createdAt, $1.name) }) {
                guard let role = reader.roles[pod.uid] else { continue }
                lives.add(pod, role: role, template: digest(of: pod, in: state), at: created, wasThere: true)
            }
        case .pod(let state):
            if let pod = state.pod, let role = reader.roles[pod.uid] {
                lives.add(pod, role: role, template: nil, at: created, wasThere: true)
            }
        case .service, .none: break
        }
    }

    /// Takes in that all is known that there is at the beginning.
    mutating func beginReading() { reader.begin() }

    /// Takes in the next event.
    ///
    /// - Throws: As `Event.fact()`.
    mutating func take(_ event: RecordedEvent) throws {
        let subject = event.event.stream
        let time = clock.time(of: event)
        let fact = try event.event.fact()
        let isCompared = event.position > span.after
        if isCompared, comparedFrom == nil { comparedFrom = time }
        endsAt = max(endsAt, time)
        // Before the act itself begins another.
        let waitsFor = ended.filter { reader.states[$0]?.rollout?.outcome != .running }.sorted()
        let milestones = try reader.take(event, at: time)
        if isCompared { expectations += milestones }
        noteLife(fact, subject, time)
        if var action = action(fact, event, time) {
            action.waitsFor = waitsFor
            add(action, fact)
        }
        if milestones.contains(where: \.isOutcome) { ended.insert(subject) }
    }

    /// Takes in the next event after the span.
    ///
    /// - Returns: Whether it may be what was still under way: somebody's next act ends that.
    /// - Throws: As `Event.fact()`.
    mutating func takeAftermath(_ event: RecordedEvent) throws -> Bool {
        let time = clock.time(of: event)
        let fact = try event.event.fact()
        let milestones = try reader.take(event, at: time)
        if action(fact, event, time) != nil { return false }
        lives.take(fact, at: time)
        aftermath += milestones
        return true
    }

    /// The plan.
    ///
    /// - Throws: ``ShipslogError`` with code `invalidArgument` if nobody did anything.
    func finish(gaps: [RecordingGap]) throws -> ReplayPlan {
        guard !actions.isEmpty else {
            throw ShipslogError(
                .invalidArgument, "Nobody changed anything in \(span.name), so there is nothing to replay.",
                hint: "`shipslog events` lists what happened; a wider span may hold the cause.")
        }
        var remarks = gaps.map {
            "The recording has a gap in \($0.resource): what happened in it is not replayed, and pods live as others did."
        }
        let untold = roles.subtracting(lives.told).count
        if untold > 0 {
            remarks.append(
                "Of \(untold == 1 ? "one pod" : "\(untold) pods") too little was seen: \(untold == 1 ? "it lives" : "they live") as others of the revision did."
            )
        }
        if deletions > 0 {
            remarks.append(
                "\(deletions == 1 ? "One pod was" : "\(deletions) pods were") deleted though as many were wanted: that counts as somebody's act."
            )
        }
        return ReplayPlan(
            name: span.name, cluster: span.subjects[0].cluster, startsAt: startsAt,
            comparedFrom: comparedFrom ?? startsAt, endsAt: endsAt, objects: objects.sorted(), actions: actions,
            behaviours: lives.behaviours(), expectations: expectations, aftermath: aftermath,
            revisions: revisions, remarks: remarks)
    }

    // MARK: Actions

    private mutating func add(_ action: ReplayPlan.Action, _ fact: Fact) {
        let version = fact.object?.resourceVersion
        if action.role != nil { deletions += 1 }
        if let last = actedOn, last.subject == action.subject, last.version == version, action.role == nil,
            let index = actions.indices.last
        {
            // One request of somebody's changed several things.
            actions[index].requests += action.requests
            actions[index].summary += ", " + action.summary
        } else {
            actions.append(action)
            ended = []
        }
        actedOn = version.map { (action.subject, $0) }
    }

    private func action(
        _ fact: Fact, _ event: RecordedEvent, _ time: Timestamp
    ) -> ReplayPlan.Action? {
        let subject = event.event.stream
        var action = ReplayPlan.Action(
            position: event.position, subject: subject, at: time, summary: describe(fact), requests: [], role: nil,
            waitsFor: [])
        if let request = Request(of: fact, in: subject) {
            action.requests = [request]
            return action
        }
        guard case .podTerminating(let fact) = fact, case .deployment(let state) = reader.states[subject],
            let role = reader.roles[fact.object.uid], wasDeleted(fact.object.uid, state)
        else { return nil }
        action.role = role
        action.requests = [Request(deletingPod: fact.object)]
        return action
    }

    /// Whether somebody deleted a pod: its ReplicaSet wants more than are left.
    private func wasDeleted(_ uid: String, _ state: DeploymentState) -> Bool {
        guard !state.isDeleted, let owner = state.pods[uid]?.owner, let set = state.replicaSets[owner.uid],
            !set.isDeleted
        else { return false }
        let left = state.pods.values.count { $0.owner?.uid == owner.uid && !$0.terminating && $0.phase != "Failed" }
        return left < set.desired
    }

    // MARK: Lives

    private mutating func noteLife(_ fact: Fact, _ subject: StreamName, _ time: Timestamp) {
        if case .podCreated(let created) = fact, let role = reader.roles[created.object.uid] {
            roles.insert(role)
            switch reader.states[subject] {
            case .deployment(let state):
                guard let pod = state.pods[created.object.uid] else { break }
                lives.add(pod, role: role, template: digest(of: pod, in: state), at: time, wasThere: false)
            case .pod(let state):
                guard let pod = state.pod, pod.uid == created.object.uid else { break }
                lives.add(pod, role: role, template: nil, at: time, wasThere: false)
            case .service, .some(.none), nil: break
            }
        }
        lives.take(fact, at: time)
    }

    private func digest(of pod: PodState, in state: DeploymentState) -> String? {
        state.revision(of: pod).map { state.revisions[$0 - 1].digest }
    }
}

extension ReplayPlan.Setup: Comparable {
    /// Pods before the Services over them, as kubectl users apply them; else by name.
    package static func < (left: Self, right: Self) -> Bool { left.subject < right.subject }
}
