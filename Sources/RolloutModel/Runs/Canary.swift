/// A second Deployment takes over from the first step by step.
///
/// As the one grows, the other shrinks, and the traffic of the Service over both is shared by their numbers of pods. Or an
/// HTTPRoute shares it by weights between a Service over each; then the first keeps its pods to the last step.
public struct Canary: Hashable, Sendable, Codable {
    /// The Deployment that serves, in whose stream the run is.
    public var stable: Incumbent
    /// The one that is to serve.
    public var canary: Candidate
    /// The name of the Service whose selector matches the pods of both; with a route, those of the first alone.
    public var service: String
    /// The parts of the traffic that go to the new pods, in per cent, rising, from 1 to 100; the last is 100.
    public var steps: [Int]
    /// For how long each part is held before the next, in seconds.
    public var pauseSeconds: Int
    /// How often the containers of a new pod may be started again, added up, before the run has failed.
    public var restartLimit: Int
    /// By what the new pods are checked at each step, when its pods are there and before the next; `nil` for nothing.
    public var check: PodCheck?
    /// The HTTPRoute that shares the traffic; `nil` if the numbers of pods do.
    public var route: Route?

    public init(
        stable: Incumbent, canary: Candidate, service: String, steps: [Int], pauseSeconds: Int, restartLimit: Int,
        check: PodCheck? = nil, route: Route? = nil
    ) {
        self.stable = stable
        self.canary = canary
        self.service = service
        self.steps = steps
        self.pauseSeconds = pauseSeconds
        self.restartLimit = restartLimit
        self.check = check
        self.route = route
    }

    /// How many new and old pods give a part of the traffic, or bear it.
    ///
    /// Together they are as many as the old ones were; there is at least one of each, unless the part is all. With a route
    /// all old ones stay, unless the part is all.
    public func pods(atWeight weight: Int) -> (canary: Int, stable: Int) {
        let all = max(1, stable.replicas)
        guard weight < 100 else { return (all, 0) }
        let canary = min(max(1, (all * weight + 50) / 100), max(1, all - 1))
        return (canary, route == nil ? max(1, all - canary) : all)
    }

    /// How many pods more than at the beginning there are at most: at each step the new ones come before the old ones go.
    public var mostAdditionalPods: Int {
        let stages = [(canary: 0, stable: stable.replicas)] + steps.map(pods(atWeight:))
        let most = zip(stages, stages.dropFirst()).map { $1.canary + $0.stable }.max() ?? 0
        return max(0, most - stable.replicas - (canary.existing?.replicas ?? 0))
    }
}
