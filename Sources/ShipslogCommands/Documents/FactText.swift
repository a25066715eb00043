import RolloutModel

/// What an event says, in a few words for a person.
struct FactText: Equatable {
    /// The object it is about if that is not the subject itself: `pod/web-5d9-abc`.
    var about: String?
    /// What happened to it: `ready`.
    var text: String
    /// How much it tells.
    var weight = Weight.telling

    /// How much an event tells about how a rollout goes.
    enum Weight: Equatable {
        /// Each one matters.
        case telling
        /// The first of its kind for an object matters.
        case repeating
        /// It happens in every rollout.
        case routine
    }

    /// Whether somebody may have done it.
    ///
    /// What the cluster does to the objects of a subject is nobody's doing.
    var isAct: Bool { about == nil && !isFinding }
    /// Whether it is something that Shipslog found out.
    private var isFinding = false

    /// The kind of the object it is about: `pod`.
    var kind: Substring? { about?.split(separator: "/").first }

    /// About and text in one.
    var line: String { about.map { "\($0) \(text)" } ?? text }

    init(_ fact: Fact) {
        switch fact {
        case .deploymentCreated(let fact):
            self.init("created with \(ImageText.list(Template.images(fact.template))), \(fact.replicas) replicas")
        case .deploymentTemplateChanged(let fact):
            self.init("template changed to \(ImageText.list(Template.images(fact.template)))")
        case .deploymentScaled(let fact): self.init("scaled to \(fact.replicas)")
        case .deploymentStrategyChanged(let fact): self.init("strategy changed to \(fact.strategy.text)")
        case .deploymentPaused: self.init("paused")
        case .deploymentResumed: self.init("resumed")
        case .deploymentChangeCauseSet(let fact):
            self.init("change-cause \(fact.changeCause.map { "set to \"\($0)\"" } ?? "removed")", .routine)
        case .deploymentLabelsChanged(let fact), .serviceLabelsChanged(let fact), .routeLabelsChanged(let fact):
            self.init("labelled \(ImageText.labels(fact.labels))", .routine)
        case .deploymentDeleted, .serviceDeleted, .routeDeleted: self.init("deleted")
        case .deploymentStatusObserved(let fact):
            self.init("\(fact.updated) updated, \(fact.ready) ready, \(fact.available) available", .routine)
        case .deploymentConditionObserved(let fact): self.init(fact)
        case .replicaSetCreated(let fact):
            self.init("created with \(ImageText.list(Template.images(fact.template)))", of: fact.object)
        case .replicaSetScaled(let fact): self.init("scaled to \(fact.replicas)", .routine, of: fact.object)
        case .replicaSetRenumbered(let fact):
            self.init("returned to, now revision \(fact.revision) of Kubernetes", of: fact.object)
        case .replicaSetDeleted(let fact): self.init("deleted", .routine, of: fact.object)
        case .podCreated, .podImageChanged, .podLabelsChanged, .podOwnerChanged, .podScheduled, .podUnschedulable,
            .podPhaseObserved, .podReadinessObserved, .podTerminating, .podDeleted:
            self.init(ofPod: fact)
        case .podContainerWaiting, .podContainerStarted, .podContainerTerminated, .podContainerRestarted:
            self.init(ofContainer: fact)
        case .serviceCreated(let fact): self.init("created, selects \(ImageText.labels(fact.selector))")
        case .serviceSelectorSwitched(let fact): self.init("selector switched to \(ImageText.labels(fact.selector))")
        case .endpointsChanged(let fact):
            self.init(
                "\(fact.endpoints.count { $0.ready }) of \(fact.endpoints.count) endpoints ready", of: fact.object)
        case .routeCreated(let fact): self.init("created, \(RouteRule.text(of: fact.rules))")
        case .routeWeightsChanged(let fact): self.init("routing changed, \(RouteRule.text(of: fact.rules))")
        case .hintObserved(let fact):
            self.init("\(fact.reason): \(fact.message)", .routine)
            about = "\(fact.regarding.kind.lowercased())/\(fact.regarding.name)"
        case .actorAttributed(let fact):
            self.init("attributed to \(fact.actor.text)", .routine)
            isFinding = true
        case .rolloutStarted(let fact): self.init("run started\(fact.reason.map { ": \($0)" } ?? "")")
        case .rolloutSucceeded(let fact): self.init("run succeeded: \(fact.reason)")
        case .rolloutFailed(let fact): self.init("run failed: \(fact.reason)")
        case .rolloutAborted(let fact): self.init("run given up: \(fact.reason)")
        case .rollbackStarted(let fact): self.init("run turned back: \(fact.reason)")
        case .rollbackCompleted(let fact): self.init("what was there before is back: \(fact.reason)")
        case .rolloutStepStarted(let fact): self.init("step \(fact.number) started: \(fact.weight)%")
        case .rolloutStepCompleted(let fact): self.init("step \(fact.number) reached: \(fact.weight)%")
        case .rolloutPaused(let fact): self.init("run paused\((fact.failure ?? fact.reason).map { ": \($0)" } ?? "")")
        case .rolloutResumed(let fact): self.init("run goes on\(fact.reason.map { ": \($0)" } ?? "")")
        case .rolloutPromoted(let fact):
            self.init("run promoted\(fact.isFull ? " to the full" : "")\(fact.reason.map { ": \($0)" } ?? "")")
        case .rolloutAbortRequested(let fact):
            self.init("run is to be given up\(fact.reason.map { ": \($0)" } ?? "")")
        case .checkCompleted(let fact):
            self.init(
                "check \(fact.passed ? "passed" : "failed"): \(fact.check)\(fact.said.map { " said \($0)" } ?? "")")
        case .callIntended(let fact): self.init("about to \(fact.method) \(fact.path)", .routine)
        case .callCompleted(let fact):
            self.init("call carried out\(fact.status.map { " (\($0))" } ?? ", as the cluster shows")", .routine)
        case .callFailed(let fact): self.init("call failed: \(fact.message)")
        case .replayStarted(let fact): self.init("replay of \(fact.name) of \(fact.cluster) begins")
        case .replayCompleted(let fact):
            self.init("replay ends: \(fact.matched) matched, \(fact.diverged) diverged")
        case .noteAdded(let fact): self.init("note\(fact.rollout.map { " on @\($0)" } ?? ""): \(fact.text)")
        case .recordingGap(let fact):
            self.init("gap in the recording of \(fact.resource): \(fact.reason)")
            isFinding = true
        }
    }

    /// Of an event; one that a newer version of Shipslog wrote is only named.
    ///
    /// - Throws: As `Event.fact`, but for unknown types and versions of them.
    init(of event: Event) throws {
        do {
            self.init(try event.fact())
        } catch let error as ShipslogError where error.code == .unsupportedSchema {
            self.init("\(event.type), which this version of shipslog does not know")
        }
    }

    /// A text about an object that is not the subject.
    init(about: String, text: String) {
        self.about = about
        self.text = text
    }

    private init(_ text: String, _ weight: Weight = .telling, of object: ObjectVersion? = nil) {
        self.text = text
        self.weight = weight
        about = object.map { "\($0.kind.lowercased())/\($0.name)" }
    }

    private init(_ fact: DeploymentConditionObserved) {
        let turningPoints = ["ProgressDeadlineExceeded", "NewReplicaSetAvailable", "FailedCreate"]
        let isTurningPoint = fact.reason.map(turningPoints.contains) ?? false
        self.init(
            "condition \(fact.type) is \(fact.status)\(fact.reason.map { " (\($0))" } ?? "")",
            isTurningPoint ? .repeating : .routine
        )
    }

    private init(ofPod fact: Fact) {
        switch fact {
        case .podCreated(let fact):
            self.init("created with \(ImageText.list(fact.containers.map(\.image)))", of: fact.object)
        case .podImageChanged(let fact):
            self.init("changed in place to \(ImageText.list(fact.containers.map(\.image)))", of: fact.object)
        case .podLabelsChanged(let fact): self.init("labelled \(ImageText.labels(fact.labels))", of: fact.object)
        case .podOwnerChanged(let fact):
            self.init(fact.owner.map { "adopted by \($0.name)" } ?? "released by its owner", of: fact.object)
        case .podScheduled(let fact): self.init("scheduled to \(fact.node)", .routine, of: fact.object)
        case .podUnschedulable(let fact):
            self.init("unschedulable: \(fact.message ?? fact.reason)", .repeating, of: fact.object)
        case .podPhaseObserved(let fact):
            let reason = fact.reason.map { " (\($0))" } ?? ""
            self.init("is \(fact.phase)\(reason)", fact.phase == "Failed" ? .telling : .routine, of: fact.object)
        case .podReadinessObserved(let fact): self.init(fact.ready ? "ready" : "not ready", .repeating, of: fact.object)
        case .podTerminating(let fact): self.init("terminating", .repeating, of: fact.object)
        case .podDeleted(let fact): self.init("gone", .routine, of: fact.object)
        default: self.init(fact.type.rawValue)
        }
    }

    private init(ofContainer fact: Fact) {
        switch fact {
        case .podContainerWaiting(let fact):
            let isStarting = ["ContainerCreating", "PodInitializing"].contains(fact.reason)
            self.init("waiting: \(fact.reason) \(fact.image)", isStarting ? .routine : .repeating, of: fact.object)
        case .podContainerStarted(let fact): self.init("container \(fact.container) started", .routine, of: fact.object)
        case .podContainerTerminated(let fact):
            let isFailure = fact.exitCode != 0
            self.init(
                "container \(fact.container) ended: \(fact.reason), exit code \(fact.exitCode)",
                isFailure ? .repeating : .routine, of: fact.object
            )
        case .podContainerRestarted(let fact):
            // 0 is what a pod starts with.
            let isRestart = fact.restartCount > 0
            self.init(
                "container \(fact.container) \(isRestart ? "restarted" : "not restarted yet")",
                isRestart ? .repeating : .routine, of: fact.object
            )
        default: self.init(fact.type.rawValue)
        }
    }
}

extension RouteRule {
    /// Where all rules send requests: `routes PathPrefix / to web 95, web-canary 5`.
    fileprivate static func text(of rules: [RouteRule]) -> String {
        if rules.isEmpty { return "routes nothing" }
        return "routes " + rules.map(\.text).joined(separator: "; ")
    }

    private var text: String {
        let targets = backends.map { backend in
            let kind = backend.kind == "Service" ? "" : "\(backend.kind) "
            let share = backends.count > 1 || backend.weight == 0 ? " \(backend.weight)" : ""
            return kind + (backend.namespace.map { "\($0)/" } ?? "") + backend.name + share
        }
        let requests = matches.isEmpty ? "everything" : matches.joined(separator: " or ")
        return "\(requests) to \(targets.isEmpty ? "nobody" : targets.joined(separator: ", "))"
    }
}

extension DeploymentStrategy {
    /// The type with its numbers: `RollingUpdate (max surge 25%, max unavailable 25%)`.
    var text: String {
        let numbers = [maxSurge.map { "max surge \($0)" }, maxUnavailable.map { "max unavailable \($0)" }].compactMap(
            \.self)
        return numbers.isEmpty ? type : "\(type) (\(numbers.joined(separator: ", ")))"
    }
}
