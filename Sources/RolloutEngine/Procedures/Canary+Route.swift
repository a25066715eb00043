import RolloutModel

extension Canary.Route {
    /// What is to be done until the Service over the new pods is there and reaches them; `nil` once it does.
    ///
    /// - Parameter limit: Until when that may take.
    func reach(_ deployment: String, in run: RolloutRun, _ sight: Sight, until limit: Timestamp) -> Decision? {
        let made = run.created(.services, canaryService)
        if manifest != nil, let state = sight.service(canaryService), state.uid != made {
            return run.failure("another Service was made under the name \(canaryService) meanwhile")
        }
        return run.reach(
            deployment, through: canaryService, makingItFrom: made == nil ? manifest : nil, sight, until: limit)
    }

    /// What is to be done so that a part of the traffic goes to the new pods; `nil` once it does.
    func share(_ weight: Int, from service: String, in run: RolloutRun) -> Decision? {
        set(rules(atWeight: weight, from: service, in: run.stream.namespace), in: run)
    }

    /// What is to be done until all gateways that carry the route have taken its rules on; `nil` once they have, or if none
    /// says anything.
    ///
    /// - SeeAlso: <https://gateway-api.sigs.k8s.io/reference/spec/#routeparentstatus>
    func awaitGateways(in run: RolloutRun, _ sight: Sight, until limit: Timestamp) -> Decision? {
        let generation = sight.route?["metadata"]?["generation"]?.integer ?? 0
        for parent in sight.route?["status"]?["parents"]?.array ?? [] {
            let gateway = "gateway \(parent["parentRef"]?["name"]?.string ?? "")"
            for condition in parent["conditions"]?.array ?? []
            where ["Accepted", "ResolvedRefs"].contains(condition["type"]?.string) {
                guard condition["observedGeneration"]?.integer ?? generation >= generation else {
                    let words = "\(gateway) has not taken on the rules of httproute/\(name)"
                    return sight.now >= limit ? run.failure(words) : .wait(until: limit, words)
                }
                guard condition["status"]?.string != "False" else {
                    let reason = [condition["reason"]?.string, condition["message"]?.string].compactMap(\.self)
                    return run.failure(
                        "\(gateway) does not take httproute/\(name): \(reason.joined(separator: ": "))")
                }
            }
        }
        return nil
    }

    /// What is to be done so that the traffic goes where it went before the run; `nil` once it does.
    func restore(in run: RolloutRun) -> Decision? { set(rules, in: run) }

    private func set(_ wanted: JSONValue, in run: RolloutRun) -> Decision? {
        let current = run.rules(of: name) ?? rules
        return wanted.isSaid(by: current) ? nil : .act(.route(name: name, uid: uid, from: current, to: wanted))
    }
}
