import EventLedger
import RolloutModel

/// Chooses what goes into the bundle of a rollout: whatever `show` tells of it, and what is needed to rerun it.
struct BundleSelection {
    let ledger: Ledger

    /// What the bundle of a rollout holds.
    ///
    /// - Throws: ``ShipslogError`` as the ledger's queries.
    func contents(for rollout: Rollout) async throws -> BundleContents {
        let end = try await lastPosition(of: rollout)
        let services = try services(of: rollout)
        var streams = [rollout.stream: end]
        for service in services { streams[service] = try lastPosition(of: service, during: rollout, end: end) }
        for stream in try subjects(behind: services, of: rollout) where streams[stream] == nil { streams[stream] = end }
        let place = Place(of: rollout.stream)
        for gaps in try ledger.streams(cluster: place.cluster, namespace: place.namespace, kind: "recording") {
            streams[gaps] = end
        }
        return BundleContents(rollout: rollout, end: end, streams: streams)
    }

    /// Where all is told that the ledger knows of a rollout.
    ///
    /// Some is known only after its end: why it was made, if that was written down late; what became of its pods, if a
    /// recorder was told of them late; and what became of a pod that went, which the next pod tells.
    private func lastPosition(of rollout: Rollout) async throws -> Position {
        guard var last = rollout.endPosition else { return try ledger.head().size }
        let next = try ledger.rollouts(RolloutQuery(stream: rollout.stream, number: rollout.number + 1)).first
        if rollout.stream.kind == "pod", let next { last = max(last, next.startPosition) }
        if rollout.stream.kind == "deployment" { last = try await lastNewsOfPods(of: rollout, after: last) }
        let causes = EventQuery(
            after: last, through: next.map { Position(rawValue: $0.startPosition.rawValue - 1) },
            streams: [rollout.stream], types: [EventType(rawValue: "deployment.change_cause_set")])
        for try await cause in ledger.events(causes) { last = cause.position }
        return last
    }

    /// Where the last is told of what became of the pods of a Deployment's rollout; its end if nothing is told after it.
    private func lastNewsOfPods(of rollout: Rollout, after end: Position) async throws -> Position {
        if try isToldWhole(rollout, at: end) { return end }
        for try await event in ledger.events(EventQuery(after: end, streams: [rollout.stream])) {
            if try isToldWhole(rollout, at: event.position) { return event.position }
        }
        return end
    }

    /// Whether all that is known of its pods was told by then.
    private func isToldWhole(_ rollout: Rollout, at position: Position) throws -> Bool {
        guard case .deployment(let state) = try ledger.state(of: rollout.stream, at: .position(position)),
            let told = state.rollout(numbered: rollout.number)
        else { return true }
        return told.diagnosis == rollout.diagnosis && told.pods == rollout.pods
    }

    /// The Service itself, or those whose traffic goes to the pods of the rollout.
    private func services(of rollout: Rollout) throws -> [StreamName] {
        if rollout.stream.kind == "service" { return [rollout.stream] }
        return try RolloutCatalog(ledger: ledger, now: rollout.startedAt).services(over: rollout)
    }

    /// Where the last outage of a Service ends that touches the rollout; at least where the rollout does.
    private func lastPosition(of service: StreamName, during rollout: Rollout, end: Position) throws -> Position {
        let touching = try ledger.outages(of: service).filter { outage in
            outage.startedAt <= rollout.endedAt ?? outage.startedAt
                && rollout.startedAt <= outage.endedAt ?? rollout.startedAt
        }
        return touching.map { $0.endPosition ?? $0.startPosition }.reduce(end, max)
    }

    /// The Deployments and pods that the Services sent their traffic to from the start of the rollout to its end.
    private func subjects(behind services: [StreamName], of rollout: Rollout) throws -> [StreamName] {
        let selectors = try services.flatMap { service in
            try [rollout.firstPosition, rollout.endPosition ?? ledger.head().size].map { position in
                guard case .service(let state) = try ledger.state(of: service, at: .position(position)) else {
                    return [String: String]()
                }
                return state.selector
            } + [rollout.fromSelector ?? [:]]
        }
        let place = Place(of: rollout.stream)
        return try ["deployment", "pod"].flatMap { kind in
            try ledger.streams(cluster: place.cluster, namespace: place.namespace, kind: kind).filter { stream in
                try ledger.revisions(of: stream).contains { revision in
                    let labels = Template.labels(revision.template)
                    return selectors.contains { $0.selects(labels) }
                }
            }
        }
    }
}
