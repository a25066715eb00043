import RolloutModel

/// Reads milestones off a history, recorded or replayed: a function of the events that it is given.
///
/// Pods are told apart by revision and order of creation; on their way out, where nobody chooses between equals by a rule
/// that names them, by revision and order of going. Told are sizes, readiness, troubles, ends and outcomes; what every pod
/// goes through on its way up is not.
package struct MilestoneReader {
    /// The states of the subjects so far.
    package private(set) var states: [StreamName: SubjectState] = [:]
    /// The roles of the pods so far, by UID, those included that are gone.
    package private(set) var roles: [String: PodRole] = [:]
    private let revisions: [StreamName: [String: Int]]
    private var created: [Group: Int] = [:]
    private var going: [String: Int] = [:]
    private var gone: [Group: Int] = [:]
    private var ready: [Group: Int] = [:]
    /// Why pods could not be made, in the words of the cluster; `nil` if they always could.
    package private(set) var failure: String?
    /// What was told of each subject last, so that nothing is told twice.
    private var told: [String: String] = [:]

    /// The pods of a revision.
    private struct Group: Hashable {
        var subject: StreamName
        var revision: Int?
    }

    /// - Parameter revisions: ``ReplayPlan/revisions``.
    package init(revisions: [StreamName: [String: Int]]) { self.revisions = revisions }

    /// Takes in what there is at the beginning; nothing is told of it.
    package mutating func begin(with state: SubjectState, of stream: StreamName) {
        states[stream] = state
        if let rollout = state.rollout { _ = noteOutcome(of: rollout) }
        switch state {
        case .deployment(let deployment):
            for pod in deployment.pods.values.sorted(by: { ($0.createdAt, $0.name) < ($1.createdAt, $1.name) }) {
                assignRole(pod.uid, Group(subject: stream, revision: revision(of: pod, in: deployment, stream)))
            }
            for (group, count) in readyCounts(of: deployment, stream) { ready[group] = count }
        case .pod(let state):
            if let pod = state.pod { assignRole(pod.uid, Group(subject: stream, revision: nil)) }
        case .service, .none: break
        }
    }

    /// Takes in that all is known that there is at the beginning.
    package mutating func begin() {
        for (stream, state) in states {
            guard case .service(let service) = state else { continue }
            let groups = service.endpoints.filter(\.ready).compactMap { $0.pod.flatMap { roles[$0] } }
                .map { Group(subject: $0.subject, revision: $0.revision) }
            for group in groups { told["\(stream.namespace)/\(stream.shortName) to \(name(group))"] = "serves" }
        }
    }

    /// Takes in the next event.
    ///
    /// - Parameter time: When it happened, by the clock of the run.
    /// - Throws: As `Event.fact()`.
    package mutating func take(_ recorded: RecordedEvent, at time: Timestamp) throws -> [Milestone] {
        let stream = recorded.event.stream
        let fact = try recorded.event.fact()
        let changes = try states[stream, default: SubjectState(of: stream)].apply(recorded)
        var told: [(about: String, what: String)] = []
        switch states[stream] {
        case .deployment(let state): told = tellDeployment(fact, state, stream)
        case .pod(let state): told = tellPod(fact, state, stream)
        case .service(let state): told = tellService(fact, state, stream)
        case .some(.none), nil: break
        }
        for rollout in changes.rollouts where noteOutcome(of: rollout) {
            told.append((about(rollout), rollout.outcome.rawValue + (rollout.diagnosis.map { ": \($0)" } ?? "")))
        }
        for outage in changes.outages {
            told.append((stream.shortName, outage.endedAt == nil ? "no ready endpoint" : "serves again"))
        }
        return told.compactMap { about, what in
            let milestone = Milestone(
                namespace: stream.namespace, about: about, what: what, at: time, position: recorded.position)
            let isRepeated = self.told.updateValue(what, forKey: "\(stream.namespace)/\(about)") == what
            return isRepeated && !milestone.isOutcome ? nil : milestone
        }
    }

    // MARK: Roles

    /// The number by which the plan knows a template.
    package func revision(ofDigest digest: String, of stream: StreamName) -> Int? { revisions[stream]?[digest] }

    private func revision(of pod: PodState, in state: DeploymentState, _ stream: StreamName) -> Int? {
        state.revision(of: pod).flatMap { revision(ofDigest: state.revisions[$0 - 1].digest, of: stream) }
    }

    private mutating func assignRole(_ uid: String, _ group: Group) {
        created[group, default: 0] += 1
        roles[uid] = PodRole(subject: group.subject, revision: group.revision, ordinal: created[group, default: 1])
    }

    // MARK: What is told

    private mutating func tellDeployment(
        _ fact: Fact, _ state: DeploymentState, _ stream: StreamName
    ) -> [(about: String, what: String)] {
        var told: [(about: String, what: String)] = []
        switch fact {
        case .podCreated(let fact):
            guard let pod = state.pods[fact.object.uid], roles[pod.uid] == nil else { break }
            assignRole(pod.uid, Group(subject: stream, revision: revision(of: pod, in: state, stream)))
            told.append((about(pod.uid), "created"))
        case .replicaSetCreated(let fact):
            told.append(size(fact.object.uid, fact.replicas, state, stream))
        case .replicaSetScaled(let fact):
            told.append(size(fact.object.uid, fact.replicas, state, stream))
        case .deploymentConditionObserved(let fact) where Self.isTold(fact):
            told.append(
                ("\(stream.shortName) \(fact.type)", fact.status + (fact.reason.map { " (\($0))" } ?? "")))
            if fact.type == "ReplicaFailure", fact.status == "True" { failure = fact.message }
        default: told += tellLife(fact, stream)
        }
        // Nothing else changes how many pods are ready.
        guard fact.object?.kind == "Pod" else { return told }
        let counts = readyCounts(of: state, stream)
        for group in Set(counts.keys).union(ready.keys).filter({ $0.subject == stream })
            .sorted(by: { ($0.revision ?? 0) < ($1.revision ?? 0) })
        where counts[group, default: 0] != ready[group, default: 0] {
            ready[group] = counts[group, default: 0]
            told.append(("\(name(group)) ready", String(counts[group, default: 0])))
        }
        return told
    }

    /// Progress that is made is told by what is made of it.
    private static func isTold(_ fact: DeploymentConditionObserved) -> Bool {
        switch fact.type {
        case "Progressing": fact.status == "False"
        case "ReplicaFailure": true
        default: false
        }
    }

    private mutating func tellPod(
        _ fact: Fact, _ state: BarePodState, _ stream: StreamName
    ) -> [(about: String, what: String)] {
        if case .podCreated(let fact) = fact, roles[fact.object.uid] == nil {
            assignRole(fact.object.uid, Group(subject: stream, revision: nil))
            return [(about(fact.object.uid), "created with \(fact.containers.map(\.image).joined(separator: ", "))")]
        }
        return tellLife(fact, stream)
    }

    /// Whose pods the Service's traffic goes to; how many of them its controller takes in at once is chance.
    private func tellService(
        _ fact: Fact, _ state: ServiceState, _ stream: StreamName
    ) -> [(about: String, what: String)] {
        guard case .endpointsChanged = fact else { return [] }
        let serving = Set(
            state.endpoints.filter(\.ready).compactMap { endpoint in
                endpoint.pod.flatMap { roles[$0] }.map { Group(subject: $0.subject, revision: $0.revision) }
            })
        return Set(created.keys).sorted { name($0) < name($1) }.compactMap { group in
            let about = "\(stream.shortName) to \(name(group))"
            let what = serving.contains(group) ? "serves" : "serves no longer"
            let isNew = told["\(stream.namespace)/\(about)"] == nil
            return isNew && !serving.contains(group) ? nil : (about, what)
        }
    }

    private mutating func tellLife(_ fact: Fact, _ stream: StreamName) -> [(about: String, what: String)] {
        switch fact {
        case .podReadinessObserved(let fact):
            guard roles[fact.object.uid] != nil, going[fact.object.uid] == nil else { return [] }
            return [("\(about(fact.object.uid)) readiness", fact.ready ? "ready" : "not ready")]
        case .podContainerWaiting(let fact):
            guard !["ContainerCreating", "PodInitializing"].contains(fact.reason) else { return [] }
            return life(fact.object, "waiting: \(fact.reason)")
        case .podContainerTerminated(let fact):
            guard !(fact.isInit && fact.exitCode == 0) else { return [] }
            return life(fact.object, "terminated: \(fact.reason) (\(fact.exitCode))")
        case .podContainerRestarted(let fact) where fact.restartCount > 0:
            guard roles[fact.object.uid] != nil else { return [] }
            return [("\(about(fact.object.uid)) restarts", String(fact.restartCount))]
        case .podUnschedulable(let fact):
            return life(fact.object, "not scheduled: \(fact.reason)")
        case .podTerminating(let fact):
            guard let role = roles[fact.object.uid], going[fact.object.uid] == nil else { return [] }
            let group = Group(subject: stream, revision: role.revision)
            gone[group, default: 0] += 1
            going[fact.object.uid] = gone[group, default: 1]
            return [("\(name(group)) going #\(gone[group, default: 1])", "terminating")]
        case .podDeleted(let fact):
            guard let role = roles[fact.object.uid] else { return [] }
            let group = Group(subject: stream, revision: role.revision)
            if going[fact.object.uid] == nil {
                gone[group, default: 0] += 1
                going[fact.object.uid] = gone[group, default: 1]
            }
            return [("\(name(group)) going #\(going[fact.object.uid] ?? 0)", "gone")]
        default: return []
        }
    }

    /// Trouble of a pod; none of one that is on its way out.
    private func life(_ pod: ObjectVersion, _ what: String) -> [(about: String, what: String)] {
        roles[pod.uid] == nil || going[pod.uid] != nil ? [] : [(about(pod.uid), what)]
    }

    /// Whether the outcome is news.
    private mutating func noteOutcome(of rollout: Rollout) -> Bool {
        guard rollout.outcome != .running else { return false }
        let outcome = rollout.outcome.rawValue
        return told.updateValue(outcome, forKey: "\(rollout.stream)@\(rollout.number)") != outcome
    }

    private func about(_ rollout: Rollout) -> String {
        "\(rollout.stream.shortName)\(Milestone.outcomeMark)\(target(of: rollout))"
    }

    /// What a rollout brings, in words that are the same in each run.
    private func target(of rollout: Rollout) -> String {
        guard case .deployment(let state) = states[rollout.stream] else {
            let labels = (rollout.toSelector ?? [:]).sorted { $0.key < $1.key }.map { "\($0)=\($1)" }
            return (labels.isEmpty ? rollout.toImages : labels).joined(separator: ",")
        }
        let number = revision(ofDigest: state.revisions[rollout.revision - 1].digest, of: rollout.stream)
        return number.map { "r\($0)" } ?? "r?"
    }

    private func size(
        _ uid: String, _ replicas: Int, _ state: DeploymentState, _ stream: StreamName
    ) -> (about: String, what: String) {
        let digest = state.replicaSets[uid].map { state.revisions[$0.revision - 1].digest }
        let group = Group(subject: stream, revision: digest.flatMap { revision(ofDigest: $0, of: stream) })
        return (name(group) + Milestone.sizeMark, String(replicas))
    }

    private func readyCounts(of state: DeploymentState, _ stream: StreamName) -> [Group: Int] {
        var counts: [Group: Int] = [:]
        for pod in state.pods.values where pod.ready && !pod.terminating {
            counts[Group(subject: stream, revision: roles[pod.uid]?.revision), default: 0] += 1
        }
        return counts
    }

    private func name(_ group: Group) -> String {
        group.subject.shortName + (group.revision.map { " r\($0)" } ?? (group.subject.kind == "pod" ? "" : " r?"))
    }

    private func about(_ uid: String) -> String {
        guard let role = roles[uid] else { return uid }
        return "\(name(Group(subject: role.subject, revision: role.revision))) #\(role.ordinal)"
    }
}
