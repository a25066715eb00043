import RolloutModel

/// Performs a plan on a cluster, real or simulated, and tells what came of it.
///
/// What there was at the beginning is made first and comes to rest. Then each action is done when its time has come and
/// what it waits for has happened. What the cluster does is taken in by a witness, who makes events of it.
package struct Rehearsal: Sendable {
    let plan: ReplayPlan
    let cluster: any Cluster
    let witness: any ReplayWitness
    /// The namespace in which each of the recording's is played.
    let namespaces: [String: String]
    /// How many times as fast as recorded.
    let speed: Double
    /// What the objects carry that it makes; without it they are as recorded.
    let mark: ReplayMark?
    /// Asked before each action, and told of what came of it.
    let stage: any ReplayStage

    /// - Parameters:
    ///   - namespaces: The namespace in which each of the recording's is played; it is itself if it is not named.
    ///   - mark: What the objects are to carry that it makes: then it changes no others.
    ///   - speed: How many times as fast as recorded; infinite for as fast as the cluster is.
    package init(
        _ plan: ReplayPlan, on cluster: any Cluster, witness: any ReplayWitness, namespaces: [String: String] = [:],
        mark: ReplayMark? = nil, speed: Double = 1, stage: any ReplayStage = SilentStage()
    ) {
        self.plan = plan
        self.cluster = cluster
        self.witness = witness
        self.namespaces = namespaces
        self.mark = mark
        self.speed = speed
        self.stage = stage
    }

    /// For how long a cluster may be at work on what there was at the beginning.
    private static let settling = Duration.seconds(300)
    /// For how much longer than in the recording something is waited for.
    private static let patience = Duration.seconds(60)
    /// How long is looked on after the end, for what was under way.
    private static let aftermath = Duration.seconds(2)

    private static let watched: [Resource] = [.deployments, .replicaSets, .services, .endpointSlices, .pods]

    /// Performs the plan.
    ///
    /// - Parameter opening: The moment at which it begins, by the cluster's clock, if what there was is at rest by then.
    /// - Returns: What came of it, by the clock of the recording.
    /// - Throws: What the cluster, the witness and the stage throw.
    package func perform(opening: Timestamp) async throws -> Performance {
        let places = Set(plan.namespaces.map { namespaces[$0] ?? $0 }).sorted()
        let watch = try await cluster.watch(
            places.flatMap { place in Self.watched.map { ClusterSelection($0, namespace: place) } })
        do {
            var act = Act(rehearsal: self, watch: watch)
            try await act.setUp(opening: opening)
            try await act.play()
            var performance = act.performance
            performance.failure = act.reader.failure
            await watch.stop()
            return performance
        } catch {
            await watch.stop()
            throw error
        }
    }

    /// A performance under way.
    private struct Act {
        let rehearsal: Rehearsal
        let watch: any ClusterWatch
        var reader: MilestoneReader
        var performance = Performance()
        var begun = Timestamp(microseconds: 0)
        var states: [StreamName: SubjectState] = [:]
        /// Whether milestones are kept.
        var isOpen = false

        var plan: ReplayPlan { rehearsal.plan }

        init(rehearsal: Rehearsal, watch: any ClusterWatch) {
            self.rehearsal = rehearsal
            self.watch = watch
            reader = MilestoneReader(revisions: rehearsal.plan.revisions)
        }

        // MARK: The beginning

        mutating func setUp(opening: Timestamp) async throws {
            for object in plan.objects {
                let (resource, namespace, name) = try object.request.target
                let place = rehearsal.namespaces[namespace] ?? namespace
                _ = try await rehearsal.cluster.perform(
                    .creation(of: object.request, resource, name, namespace: place, mark: rehearsal.mark))
            }
            let limit = max(opening, await rehearsal.cluster.now()) + Rehearsal.settling
            while true {
                let now = await rehearsal.cluster.now()
                if now >= opening, isAtRest { break }
                guard now < limit else {
                    throw ShipslogError(
                        .unavailable,
                        "What there was at the beginning did not come to rest: \(unrest.joined(separator: ", ")).",
                        hint: "`shipslog plan` prints how its pods live; a plan can be changed and handed in.")
                }
                try await look(until: now < opening ? opening : min(limit, now + .seconds(1)))
            }
            begun = await rehearsal.cluster.now()
            for (stream, state) in states { reader.begin(with: state, of: stream) }
            reader.begin()
            isOpen = true
        }

        private var unrest: [String] {
            plan.objects.compactMap { object in
                switch states[object.subject] {
                // Of its pods may be told before it.
                case .deployment(let state) where state.uid != nil:
                    let ready = state.pods.values.count { $0.ready && !$0.terminating }
                    if state.paused { return nil }
                    guard ready == state.desired, state.pods.count == ready else {
                        return "\(object.subject.shortName) has \(ready) of \(state.desired) pods ready"
                    }
                    return state.rollout?.outcome == .running
                        ? "\(object.subject.shortName) is not rolled out yet" : nil
                case .pod(let state):
                    return state.pod?.ready == true ? nil : "\(object.subject.shortName) is not ready"
                case .service(let state): return state.uid == nil ? "\(object.subject.shortName) is not there" : nil
                case .deployment, .some(.none), nil: return "\(object.subject.shortName) is not there"
                }
            }
        }

        private var isAtRest: Bool { unrest.isEmpty }

        // MARK: The actions

        mutating func play() async throws {
            for (index, action) in plan.actions.enumerated() {
                try await wait(until: time(of: action.at))
                let limit = await rehearsal.cluster.now() + Rehearsal.patience
                while let other = action.waitsFor.first(where: isRunning) {
                    let now = await rehearsal.cluster.now()
                    guard now < limit else {
                        performance.problems.append(
                            "\(action.summary): \(other.shortName) had ended its rollout before, and has not now")
                        break
                    }
                    try await look(until: min(limit, now + .seconds(1)))
                }
                let asked = await rehearsal.cluster.now()
                guard try await rehearsal.stage.shouldPerform(action, number: index + 1, of: plan.actions.count) else {
                    performance.isStopped = true
                    return
                }
                // While somebody lets it wait, the recording's clock stands; the cluster goes on.
                begun = begun + .microseconds(await rehearsal.cluster.now().microseconds - asked.microseconds)
                if action.at >= plan.comparedFrom, performance.comparedFrom == nil {
                    performance.comparedFrom = recorded(await rehearsal.cluster.now())
                }
                try await perform(action)
            }
            try await wait(until: time(of: plan.endsAt))
            let ending = Set(plan.expectations.filter(\.isOutcome).map(\.about))
            let limit = await rehearsal.cluster.now() + Rehearsal.patience
            while !ending.isSubset(of: performance.milestones.map(\.about)), await rehearsal.cluster.now() < limit {
                try await look(until: min(limit, await rehearsal.cluster.now() + .seconds(1)))
            }
            performance.endedAt = max(plan.endsAt, recorded(await rehearsal.cluster.now()))
            try await wait(until: await rehearsal.cluster.now() + Rehearsal.aftermath)
        }

        private mutating func perform(_ action: ReplayPlan.Action) async throws {
            guard let request = action.requests.first else { return }
            let (resource, namespace, recordedName) = try request.target
            let place = rehearsal.namespaces[namespace] ?? namespace
            let name = action.role.map { self.name(of: $0) } ?? recordedName
            guard let name else {
                return try await fail(action, "there is no such pod")
            }
            let current =
                request.method == "POST"
                ? nil : try await rehearsal.cluster.get(resource, name, namespace: place)
            if let current, rehearsal.mark != nil, action.role == nil, ReplayMark(of: current) != rehearsal.mark {
                return try await fail(
                    action, "\(resource.kind.lowercased()) \"\(name)\" in \(place) was not made by this replay")
            }
            do {
                let call = try action.call(on: current, name: name, namespace: place, mark: rehearsal.mark)
                if let call { _ = try await rehearsal.cluster.perform(call) }
                performance.done += 1
                try await rehearsal.stage.performed(action, refusal: nil)
            } catch let error as StatusError where error.code < 500 {
                try await fail(action, error.message)
            } catch let error as ShipslogError where error.code == .notFound {
                try await fail(action, error.message)
            }
        }

        private mutating func fail(_ action: ReplayPlan.Action, _ reason: String) async throws {
            performance.refusals.append(Performance.Refusal(action: action, reason: reason))
            try await rehearsal.stage.performed(action, refusal: reason)
        }

        private func name(of role: PodRole) -> String? {
            let uid = reader.roles.first { $0.value == role }?.key
            guard let uid, case .deployment(let state) = states[role.subject] else { return nil }
            return state.pods[uid]?.name
        }

        private func isRunning(_ stream: StreamName) -> Bool { states[stream]?.rollout?.outcome == .running }

        // MARK: Time

        /// A moment of the recording by the cluster's clock.
        private func time(of moment: Timestamp) -> Timestamp {
            let passed = Double(moment.microseconds - plan.startsAt.microseconds) / rehearsal.speed
            return Timestamp(microseconds: begun.microseconds + Int64(max(0, passed)))
        }

        /// A moment of the cluster's clock by that of the recording.
        private func recorded(_ moment: Timestamp) -> Timestamp {
            let factor = rehearsal.speed.isFinite ? rehearsal.speed : 1
            let passed = Double(moment.microseconds - begun.microseconds) * factor
            return Timestamp(microseconds: plan.startsAt.microseconds + Int64(passed))
        }

        private mutating func wait(until deadline: Timestamp) async throws {
            while await rehearsal.cluster.now() < deadline { try await look(until: deadline) }
        }

        private mutating func look(until deadline: Timestamp) async throws {
            let changes = try await watch.changes(until: deadline)
            let now = await rehearsal.cluster.now()
            for event in try await rehearsal.witness.take(changes, at: now) {
                let stream = event.event.stream
                if isOpen {
                    let milestones = try reader.take(event, at: recorded(now))
                    states[stream] = reader.states[stream]
                    performance.milestones += milestones
                    for milestone in milestones { try await rehearsal.stage.saw(milestone) }
                } else {
                    _ = try states[stream, default: SubjectState(of: stream)].apply(event)
                }
            }
        }
    }
}
