extension ServiceState {
    /// For how many seconds after a switch was through the loss of all ready endpoints still speaks against it.
    ///
    /// Kubernetes has no rule for it; the slices follow a selector within moments, but not at once.
    static let settlingSeconds = 30.0

    /// The endpoints of all slices, each pod and address once: while the controller moves one between slices it may be in
    /// two of them.
    ///
    /// - SeeAlso: <https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#duplicate-endpoints>
    public var endpoints: [EndpointsChanged.Endpoint] {
        var seen: Set<String> = []
        return slices.sorted { $0.key < $1.key }.flatMap(\.value).filter { endpoint in
            seen.insert("\(endpoint.pod ?? "") \(endpoint.addresses.joined(separator: ","))").inserted
        }
    }

    /// Takes in the next fact of the stream.
    mutating func apply(_ fact: Fact, of event: RecordedEvent) -> Changes {
        let before = (rollout, outage)
        var changes = Changes()
        switch fact {
        case .serviceCreated(let fact):
            if uid != fact.object.uid { begin(fact) }
            type = fact.type
            ports = fact.ports
            select(fact.selector, by: event, &changes)
        case .serviceSelectorSwitched(let fact):
            select(fact.selector, by: event, &changes)
        case .serviceLabelsChanged(let fact):
            changes.labels = fact.labels
        case .serviceDeleted(let fact):
            if fact.object.uid == uid {
                isDeleted = true
                slices = [:]
                rollout?.end(.aborted, by: event)
                endOutage(by: event)
            }
        case .endpointsChanged(let fact):
            let pods = pods
            slices[fact.object.uid] = fact.endpoints.isEmpty ? nil : fact.endpoints
            noteArrivals(since: pods, by: event)
            // The slices go after the Service, and say nothing of how it served.
            if isDeleted { break }
            noteOutage(by: event)
            takeBack(by: event)
            judge(by: event)
        default:
            break
        }
        if let rollout, rollout != before.0 { changes.add(rollout) }
        if let outage, outage != before.1 { changes.outages.append(outage) }
        return changes
    }

    private mutating func begin(_ fact: ServiceCreated) {
        let history = (selectors, rollout, outage)
        // Its endpoints may be told before it is: within one second nobody knows the order. Those of a Service that it
        // followed went with that one, or are still told to go.
        let (slices, arrivals) = (slices, arrivals)
        self = ServiceState(stream: stream)
        (selectors, rollout, outage) = history
        (self.slices, self.arrivals) = (slices, arrivals)
        hasServed = endpoints.contains(where: \.ready)
        uid = fact.object.uid
        createdAt = fact.createdAt
        selector = fact.selector
    }

    /// Sets the selector.
    ///
    /// The first is what the Service was made with; every other one that differs is a rollout.
    private mutating func select(_ selector: [String: String], by event: RecordedEvent, _ changes: inout Changes) {
        let old = self.selector
        let oldRevision = selectors.firstIndex { $0.selector == old }.map { $0 + 1 }
        self.selector = selector
        let revision: Int
        if let index = selectors.firstIndex(where: { $0.selector == selector }) {
            revision = index + 1
        } else {
            selectors.append(SelectorSummary(selector: selector, createdAt: event.event.occurredAt))
            revision = selectors.count
        }
        if let oldRevision, oldRevision != revision {
            start(from: oldRevision, old, to: revision, by: event, &changes)
        }
        if oldRevision != revision {
            changes.add(
                Revision(
                    stream: stream, number: revision, digest: Template.digest(template), images: [], template: template,
                    createdAt: selectors[revision - 1].createdAt ?? event.event.occurredAt,
                    rollout: selectors[revision - 1].rollout
                ))
        }
    }

    /// The selector in the form in which a ``Revision`` holds it.
    private var template: JSONValue { .object(["selector": .object(selector.mapValues(JSONValue.string))]) }

    private mutating func start(
        from oldRevision: Int, _ old: [String: String], to revision: Int, by event: RecordedEvent,
        _ changes: inout Changes
    ) {
        let previous = rollout
        let isBack = revision < oldRevision
        rollout?.end(isBack ? .rolledBack : .superseded, by: event)
        if let ended = rollout, ended != previous { changes.add(ended) }
        let number = (previous?.number ?? 0) + 1
        let endpoints = endpoints
        rollout = Rollout(
            stream: stream, number: number, kind: isBack ? .rollback : .rollout, strategy: .blueGreen,
            outcome: .running,
            fromImages: [], toImages: [], fromSelector: old, toSelector: selector, revision: revision,
            fromRevision: oldRevision, restores: isBack ? selectors[revision - 1].rollout : nil,
            startedAt: event.event.occurredAt, actor: event.event.actor, actorEvent: event.event.id,
            desired: endpoints.count, pods: [],
            lowestReady: endpoints.count(where: \.ready), mostPods: endpoints.count, firstPosition: event.position,
            startPosition: event.position
        )
        before = outgoing(from: old, at: event.event.occurredAt)
        if selectors[revision - 1].rollout == nil, revision > 1 { selectors[revision - 1].rollout = number }
        judge(by: event)
    }

    /// The pods that a switch takes out of the slices.
    ///
    /// A selector that only asks for more or for less may take out none. What came into a slice in the second of the switch
    /// may have come by it: then the slice was told before the selector.
    private func outgoing(from old: [String: String], at time: Timestamp) -> Set<String> {
        guard old.contains(where: { key, value in selector[key].map { $0 != value } ?? false }) else { return [] }
        return pods.filter { pod in arrivals?[pod].map { $0 < time.wholeSeconds } ?? true }
    }

    /// The pods of all slices, by UID.
    private var pods: Set<String> { Set(slices.values.lazy.joined().compactMap(\.pod)) }

    private mutating func noteArrivals(since before: Set<String>, by event: RecordedEvent) {
        let pods = pods
        var arrivals = (arrivals ?? [:]).filter { pods.contains($0.key) }
        for pod in pods.subtracting(before) { arrivals[pod] = event.event.occurredAt }
        self.arrivals = arrivals.isEmpty ? nil : arrivals
    }

    /// A switch that leaves nothing ready as soon as it was through is not through.
    private mutating func takeBack(by event: RecordedEvent) {
        guard rollout?.outcome == .succeeded, let endedAt = rollout?.endedAt,
            event.event.occurredAt.seconds(since: endedAt) <= Self.settlingSeconds, !endpoints.contains(where: \.ready)
        else { return }
        rollout?.resume()
    }

    /// A switch is through once the slices hold a ready endpoint, and no pod that it was to take out.
    private mutating func judge(by event: RecordedEvent) {
        guard rollout?.outcome == .running else { return }
        let endpoints = endpoints
        let ready = endpoints.count(where: \.ready)
        rollout?.measure(desired: endpoints.count, ready: ready, pods: endpoints.count)
        if ready > 0, endpoints.allSatisfy({ $0.pod.map { !before.contains($0) } ?? true }) {
            rollout?.pods = endpoints.compactMap(\.podName).sorted()
            rollout?.end(.succeeded, by: event)
            (before, arrivals) = ([], nil)
        } else {
            rollout?.diagnosis = ready == 0 ? "no ready endpoint behind the new selector" : nil
        }
    }

    /// An outage begins when the last ready endpoint goes, and ends when one comes.
    private mutating func noteOutage(by event: RecordedEvent) {
        let serves = endpoints.contains(where: \.ready)
        if serves {
            hasServed = true
            endOutage(by: event)
        } else if hasServed, outage == nil || outage?.endedAt != nil {
            outage = Outage(
                stream: stream, number: (outage?.number ?? 0) + 1, startedAt: event.event.occurredAt,
                startPosition: event.position
            )
        }
    }

    private mutating func endOutage(by event: RecordedEvent) {
        guard outage != nil, outage?.endedAt == nil else { return }
        outage?.endedAt = event.event.occurredAt
        outage?.endPosition = event.position
    }
}
