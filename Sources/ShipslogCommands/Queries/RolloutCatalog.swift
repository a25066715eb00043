import EventLedger
import RolloutModel

/// Rollouts together with what the log knows about them from other streams.
struct RolloutCatalog {
    let ledger: Ledger
    let now: Timestamp

    /// Completes rollouts by the time in which no endpoint was ready.
    ///
    /// - Throws: ``ShipslogError`` as the ledger's queries.
    func details(of rollouts: [Rollout]) throws -> [RolloutItem] {
        var revisions: [StreamName: [Revision]] = [:]
        var services: [Place: [ServiceHistory]] = [:]
        return try rollouts.map { rollout in
            let place = Place(of: rollout.stream)
            let ofSubject = try revisions[rollout.stream] ?? ledger.revisions(of: rollout.stream)
            let inNamespace = try services[place] ?? histories(in: place)
            revisions[rollout.stream] = ofSubject
            services[place] = inNamespace
            let template = ofSubject.first { $0.number == rollout.revision }?.template ?? .null
            let seconds = NoReadyEndpoints.seconds(
                of: rollout, labels: Template.labels(template), services: inNamespace, now: now
            )
            return RolloutItem(rollout: rollout, noReadyEndpointSeconds: seconds)
        }
    }

    /// The Services whose traffic goes to the pods of a rollout.
    ///
    /// - Throws: ``ShipslogError`` as the ledger's queries.
    func services(over rollout: Rollout) throws -> [StreamName] {
        let revisions = try ledger.revisions(of: rollout.stream)
        let template = revisions.first { $0.number == rollout.revision }?.template ?? .null
        let labels = Template.labels(template)
        let end = rollout.endPosition ?? Position(rawValue: .max)
        return try histories(in: Place(of: rollout.stream)).filter { $0.selects(labels, at: end) }.map(\.stream)
    }

    private func histories(in place: Place) throws -> [ServiceHistory] {
        try ledger.streams(cluster: place.cluster, namespace: place.namespace, kind: "service", name: nil).map {
            stream in
            let first = try ledger.revisions(of: stream).first { $0.number == 1 }
            return ServiceHistory(
                stream: stream,
                firstSelector: first?.template["selector"]?.strings,
                switches: try ledger.rollouts(RolloutQuery(stream: stream)),
                outages: try ledger.outages(of: stream)
            )
        }
    }
}

extension JSONValue {
    /// The members that are texts, if this is an object.
    var strings: [String: String]? { object?.compactMapValues(\.string) }
}
