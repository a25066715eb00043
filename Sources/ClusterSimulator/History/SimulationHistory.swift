import RolloutModel

/// A simulated cluster as the runs on it left it: the fold of their events.
///
/// The cluster is a function of what it was given and of the calls made on it, so it need not be kept anywhere: the events
/// are enough. A call that was meant and of which nothing more is told was not made; of a real cluster one could not know.
package struct SimulationHistory: Sendable {
    /// The cluster; `nil` before the first run on it.
    package private(set) var cluster: SimulatedCluster?
    /// What it was given last.
    package private(set) var scenario: Scenario?

    private let name: String
    private var intended: [EventID: CallIntended] = [:]

    /// - Parameter name: What the cluster is called in the ledger.
    package init(cluster name: String) { self.name = name }

    /// Takes in the next event of the ledger; one that no run on this cluster wrote changes nothing.
    ///
    /// - Throws: As ``Event/fact()``; ``ShipslogError`` with code `internal` if the cluster does not do what it did.
    package mutating func apply(_ event: Event) throws {
        guard event.stream.cluster == name, event.origin == .engine else { return }
        let fact = try event.fact()
        if case .rolloutStarted(let started) = fact, let scenario = started.scenario { try give(scenario) }
        cluster?.advance(to: event.occurredAt)
        switch fact {
        case .callIntended(let call): intended[event.id] = call
        case .callCompleted(let completed):
            let call = intended.removeValue(forKey: completed.call)
            // Without a status nobody was told that it was carried out: the object was so already.
            guard cluster != nil, completed.status != nil, let call else { return }
            try repeatCall(call, completed)
        case .callFailed(let failed): intended[failed.call] = nil
        default: break
        }
        _ = cluster?.takeObjectChanges()
    }

    /// Lets time pass.
    package mutating func advance(to time: Timestamp) {
        cluster?.advance(to: time)
        _ = cluster?.takeObjectChanges()
    }

    private mutating func give(_ scenario: Scenario) throws {
        if cluster == nil {
            cluster = try SimulatedCluster(scenario, named: name)
        } else {
            try cluster?.apply(scenario)
        }
        self.scenario = scenario
    }

    private mutating func repeatCall(_ intended: CallIntended, _ completed: CallCompleted) throws {
        var version: String?
        if let call = ClusterCall(intended) {
            version = try cluster?.perform(call).object["metadata"]?["resourceVersion"]?.string
        }
        guard version == completed.resourceVersion else {
            throw ShipslogError(
                .internal,
                "The simulated cluster \(name) does not come out as the ledger tells: \(intended.method) \(intended.path) gave version \(completed.resourceVersion ?? "none"), and now \(version ?? "none").",
                hint:
                    "Another version of shipslog may have simulated it. Take another name for a new one: --cluster NAME."
            )
        }
    }
}
