import RolloutModel

extension RolloutRun {
    /// What is to be done until a Service reaches pods of a Deployment, and no others; `nil` once it does.
    ///
    /// - Parameters:
    ///   - manifest: What it is made from if it is not there; `nil` if it must be.
    ///   - limit: Until when that may take.
    func reach(
        _ deployment: String, through service: String, makingItFrom manifest: JSONValue?, _ sight: Sight,
        until limit: Timestamp
    ) -> Decision? {
        guard let state = sight.service(service) else {
            guard let manifest else { return failure("svc/\(service) was deleted") }
            return .act(.create(.services, name: service, manifest: manifest))
        }
        if state.reachesOnly(sight.pods(of: deployment)) { return nil }
        let words = "svc/\(service) reaches none of the new pods"
        return sight.now >= limit ? failure(words) : .wait(until: limit, words)
    }

    /// What is to be done until a Service is gone again, if the run made it; `nil` once that is so.
    func takeAway(service name: String, _ sight: Sight) -> Decision? {
        guard let uid = created(.services, name), sight.service(name)?.uid == uid,
            lastCall(on: .services, name)?.verb != .delete
        else { return nil }
        return .act(.delete(.services, name: name, uid: uid))
    }
}

extension ServiceState {
    /// The pods that its traffic reaches, by UID.
    var reachedPods: [String] { endpoints.filter(\.ready).compactMap(\.pod) }

    /// Whether it reaches pods, and only some of these.
    func reachesOnly(_ pods: Set<String>) -> Bool {
        let reached = reachedPods
        return !reached.isEmpty && reached.allSatisfy(pods.contains)
    }
}
