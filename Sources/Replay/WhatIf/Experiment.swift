import ClusterSimulator
import RolloutModel

/// A recorded rollout of a Deployment on which things can be changed, on a simulated cluster, to see what comes of it.
///
/// A function of plan, variant and seed. Pods live as in the recording, each so long after its creation; pods that the
/// recording does not have live as one of their revision did, drawn by the seed.
package struct Experiment: Sendable {
    private let plan: ReplayPlan
    private let subject: StreamName

    /// - Throws: ``ShipslogError`` with code `invalidArgument` if the plan is of no Deployment.
    package init(_ plan: ReplayPlan, of subject: StreamName) throws {
        guard subject.kind == "deployment" else {
            throw ShipslogError(
                .invalidArgument, "\(plan.name) is no rollout of a Deployment: only of one can be asked what if.",
                hint: "Name it deploy/NAME@NUMBER.")
        }
        self.plan = plan
        self.subject = subject
    }

    /// What came of a variant.
    package struct Figures: Hashable, Sendable {
        package var outcome: Rollout.Outcome
        /// What stood against the pods, if it did not succeed.
        package var trouble: String?
        /// From the change to the end, in seconds.
        package var seconds: Double
        package var lowestReady: Int
        package var mostPods: Int
        /// How long no pod was ready.
        package var nothingReadySeconds: Double
    }

    /// For how long it is looked on at most after the last action.
    private static let limit = Duration.seconds(3600)

    /// Tries a variant.
    ///
    /// - Parameter seed: `nil`: each pod lives as its twin did, where it has one; else all lives are drawn.
    /// - Throws: ``ShipslogError`` with code `invalidArgument` if the cluster refuses it.
    package func figures(of variant: Variant, seed: UInt64? = nil) throws -> Figures {
        var trial = try Trial(plan, subject, variant, seed)
        return try trial.run()
    }

    private struct Trial {
        let plan: ReplayPlan
        let subject: StreamName
        let variant: Variant
        var cluster: SimulatedCluster
        /// The Deployments whose pods count: two while a second one takes over.
        var names: [String]
        var begun: Timestamp?
        /// Whether the change has been made whose outcome is asked for; before, a paused Deployment may look complete.
        var isRolling = false
        var last: Timestamp
        var lowest = Int.max
        var most = 0
        var nothing: Int64 = 0
        var ready = 0

        init(_ recorded: ReplayPlan, _ subject: StreamName, _ variant: Variant, _ seed: UInt64?) throws {
            plan = recorded.varied(by: variant, of: subject, seed: seed)
            self.subject = subject
            self.variant = variant
            names = [subject.name]
            let lead = PlanDraft.lead.wholeMicroseconds
            cluster = SimulatedCluster(
                at: Timestamp(microseconds: plan.startsAt.microseconds - lead), seed: seed ?? 0,
                behaviours: plan.behaviours, namespaces: plan.namespaces.filter { $0 != "default" }, keepsChanges: false
            )
            last = cluster.now
            for object in plan.objects {
                try perform(
                    .creation(
                        of: object.request, object.request.target.resource, object.subject.name,
                        namespace: object.subject.namespace))
            }
            cluster.settle(within: PlanDraft.lead)
            cluster.advance(to: plan.startsAt)
        }

        // MARK: The course

        mutating func run() throws -> Figures {
            var outcome: Rollout.Outcome?
            for action in plan.actions {
                outcome = try watch(until: action.at) ?? outcome
                if action.subject == subject, action.at >= plan.comparedFrom {
                    if begun == nil { begin() }
                    if isByAnother, action.requests.contains(where: \.changesTemplate) {
                        return try takeOver(by: action)
                    }
                    if isRolling, outcome == nil, action.requests.contains(where: { $0.changesTemplate }),
                        cluster.tally(of: subject.name, in: subject.namespace)?.isPaused == false
                    {
                        return figures(.rolledBack)
                    }
                }
                if outcome != nil { break }
                try perform(action)
                if begun != nil, action.subject == subject, action.requests.contains(where: \.changesTemplate) {
                    isRolling = true
                }
            }
            if isByAnother { throw hasNothingToTakeOver }
            outcome = try outcome ?? watch(until: max(cluster.now, plan.endsAt) + Experiment.limit)
            return figures(outcome ?? .running)
        }

        /// Whether the pods of a second Deployment are to take over.
        private var isByAnother: Bool { variant.strategy == .blueGreen || variant.strategy == .canary }

        private var hasNothingToTakeOver: ShipslogError {
            ShipslogError(
                .invalidArgument,
                "\(plan.name) gives no Deployment that is there another template: there is nothing that a second one could take over.",
                hint: "Ask it of a rollout that changes an image.")
        }

        private mutating func begin() {
            begun = cluster.now
            last = cluster.now
            ready = names.reduce(0) { $0 + (cluster.tally(of: $1, in: subject.namespace)?.ready ?? 0) }
            (lowest, most, nothing) = (.max, 0, 0)
        }

        private func figures(_ outcome: Rollout.Outcome) -> Figures {
            let tallies = names.compactMap { cluster.tally(of: $0, in: subject.namespace, withTrouble: true) }
            return Figures(
                outcome: outcome, trouble: outcome == .succeeded ? nil : tallies.compactMap(\.trouble).first,
                seconds: last.seconds(since: begun ?? last), lowestReady: lowest == .max ? 0 : lowest, mostPods: most,
                nothingReadySeconds: Double(nothing) / 1_000_000)
        }

        /// Lets time pass, and measures.
        ///
        /// - Returns: The outcome, once there is one.
        private mutating func watch(until limit: Timestamp) throws -> Rollout.Outcome? {
            while cluster.step(until: limit) {
                guard begun != nil else { continue }
                if let outcome = measure() { return outcome }
            }
            return nil
        }

        private mutating func measure() -> Rollout.Outcome? {
            var (now, pods, isComplete, isLate) = (0, 0, true, false)
            for name in names {
                guard let tally = cluster.tally(of: name, in: subject.namespace) else { continue }
                now += tally.ready
                pods += tally.pods
                isComplete = isComplete && tally.isComplete
                isLate = isLate || tally.isLate
            }
            if ready == 0 { nothing += cluster.now.microseconds - last.microseconds }
            (ready, last) = (now, cluster.now)
            (lowest, most) = (min(lowest, now), max(most, pods))
            guard isRolling else { return nil }
            if isLate { return .failed }
            return isComplete && cluster.nextDue != cluster.now ? .succeeded : nil
        }

        // MARK: A second Deployment

        /// Brings up a second Deployment, all at once or step by step, and takes the first down.
        ///
        /// - Parameter action: Changes the template of the first.
        /// - Throws: ``ShipslogError`` with code `invalidArgument` if that is not there.
        private mutating func takeOver(by action: ReplayPlan.Action) throws -> Figures {
            guard let current = try cluster.get(.deployments, subject.name, namespace: subject.namespace) else {
                throw hasNothingToTakeOver
            }
            let target = try action.requests.reduce(current) { try $1.applied(to: $0) }
            let wanted = Int(current["spec"]?["replicas"]?.integer ?? 1)
            let other = "\(subject.name)-next"
            var spec = target["spec"] ?? .object([:])
            spec["selector"] = ["matchLabels": ["shipslog-what-if": .string(other)]]
            var labels = spec["template"]?["metadata"]?["labels"]?.object ?? [:]
            labels["shipslog-what-if"] = .string(other)
            labels["pod-template-hash"] = nil
            spec["template"]?["metadata"]?["labels"] = .object(labels)
            spec["paused"] = nil
            var counts: [Int] = []
            for percent in variant.strategy == .canary ? [25, 50, 100] : [100] {
                let count = min(wanted, max(1, (wanted * percent + 99) / 100))
                if counts.last != count { counts.append(count) }
            }
            names.append(other)
            isRolling = true
            for (index, count) in counts.enumerated() {
                spec["replicas"] = .integer(Int64(count))
                if index == 0 {
                    try perform(
                        ClusterCall(
                            .create, .deployments, other, namespace: subject.namespace,
                            body: [
                                "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": .string(other)],
                                "spec": spec.withoutNulls,
                            ]))
                } else {
                    try scale(other, to: count)
                }
                // Until the new ones are there the old ones stay.
                let coming = try settle()
                guard coming == .succeeded else { return figures(coming) }
                try scale(subject.name, to: wanted - count)
                let going = try settle()
                guard going == .succeeded else { return figures(going) }
            }
            return figures(.succeeded)
        }

        /// Lets time pass until both Deployments are complete, or one is late; that may be so at once.
        private mutating func settle() throws -> Rollout.Outcome {
            try measure() ?? watch(until: cluster.now + Experiment.limit) ?? .running
        }

        private mutating func scale(_ name: String, to count: Int) throws {
            try perform(
                ClusterCall(
                    .patch, .deployments, name, namespace: subject.namespace,
                    body: ["spec": ["replicas": .integer(Int64(count))]]))
        }

        // MARK: Calls

        private mutating func perform(_ call: ClusterCall) throws {
            do {
                _ = try cluster.perform(call)
            } catch let error as StatusError {
                throw ShipslogError(
                    .invalidArgument,
                    "The cluster would refuse this\(variant.summary.isEmpty ? "" : " (\(variant.summary))"): \(error.message)"
                )
            }
        }

        private mutating func perform(_ action: ReplayPlan.Action) throws {
            // Which pod of equals somebody deleted makes no difference to what is measured.
            guard action.role == nil, let request = action.requests.first else { return }
            let (resource, namespace, name) = try request.target
            let current = try cluster.get(resource, name, namespace: namespace)
            guard request.method == "POST" || current != nil else { return }
            if let call = try action.call(on: current, name: name, namespace: namespace) { try perform(call) }
        }
    }
}

extension Request {
    /// Whether it begins a rollout.
    fileprivate var changesTemplate: Bool {
        method == "POST" || (body.array ?? []).contains { $0["path"] == "/spec/template" }
    }
}
