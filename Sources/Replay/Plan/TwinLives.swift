import RolloutModel

/// How the pods of a recorded span lived, as scripts that others can live by.
struct TwinLives {
    private var twins: [String: RecordedTwin] = [:]
    /// By their first fact, since that is the order in which a ReplicaSet made them.
    private var order: [String] = []

    /// Takes in a pod.
    ///
    /// - Parameter wasThere: Whether it is there, and ready, at the beginning; else it is created now.
    mutating func add(_ pod: PodState, role: PodRole, template: String?, at time: Timestamp, wasThere: Bool) {
        guard twins[pod.uid] == nil else { return }
        twins[pod.uid] = RecordedTwin(
            role: role, template: template, images: pod.containers, createdAt: time, wasThere: wasThere)
        order.append(pod.uid)
    }

    /// Takes in a fact; only those of pods count.
    mutating func take(_ fact: Fact, at time: Timestamp) {
        guard let pod = fact.object, twins[pod.uid] != nil else { return }
        switch fact {
        case .podTerminating:
            if twins[pod.uid]?.goingAt == nil { twins[pod.uid]?.goingAt = time }
        case .podDeleted: twins[pod.uid]?.goneAt = time
        case .podCreated, .podLabelsChanged, .podOwnerChanged, .podImageChanged: break
        default: twins[pod.uid]?.facts.append((fact, pod.resourceVersion, time))
        }
    }

    /// The rules: one for each pod by its role, and one for each revision for pods that have no twin.
    ///
    /// They name namespaces only if there are several, since a plan may be played in others.
    func behaviours() -> PodBehaviours {
        let isOne = Set(twins.values.map(\.role.subject.namespace)).count < 2
        var rules: [PodBehaviours.Rule] = []
        var others: [(match: PodMatch, script: PodScript)] = []
        for twin in order.compactMap({ twins[$0] }) {
            let script = twin.script
            let subject = twin.role.subject
            var match = PodMatch(
                namespace: isOne ? nil : subject.namespace, owner: subject.name, template: twin.template)
            match.image = twin.container.map { Pattern($0.image) }
            if twin.isTold {
                var relative = script
                relative.createdAt = nil
                others.append((match, relative))
            }
            match.ordinal = twin.role.ordinal
            // What became of a pod that was asked to go before anything was seen of it tells nothing.
            if twin.isTold || twin.wasThere { rules.append(.init(match: match, scripts: [script])) }
        }
        for match in others.map(\.match).reduce(into: [PodMatch](), { if !$0.contains($1) { $0.append($1) } }) {
            rules.append(.init(match: match, scripts: others.filter { $0.match == match }.map(\.script)))
        }
        // Pods of a revision of which nothing was seen live as those of the others did that were well.
        let well = others.map(\.script).filter { $0.steps.contains { $0.isReady == true } }
        let owners = Set(others.map { PodMatch(namespace: $0.match.namespace, owner: $0.match.owner) })
        for match in owners.sorted(by: { ($0.namespace ?? "", $0.owner ?? "") < ($1.namespace ?? "", $1.owner ?? "") })
        where !well.isEmpty { rules.append(.init(match: match, scripts: well)) }
        return PodBehaviours(rules: rules)
    }

    /// The roles of the pods whose lives are told.
    var told: Set<PodRole> { Set(twins.values.filter { $0.isTold || $0.wasThere }.map(\.role)) }
}

extension PodBehaviours.Rule {
    fileprivate init(match: PodMatch, scripts: [PodScript]) {
        var behaviour = PodBehaviour()
        behaviour.scripts = scripts
        self.init(match: match, behaviour: behaviour)
    }
}
