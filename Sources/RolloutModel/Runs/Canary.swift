/// A second Deployment takes over from the first step by step: as the one grows, the other shrinks, and the traffic of the
/// Service over both is shared by their numbers of pods.
public struct Canary: Hashable, Sendable, Codable {
    /// The Deployment that serves, in whose stream the run is.
    public var stable: Incumbent
    /// The one that is to serve.
    public var canary: Candidate
    /// The name of the Service whose selector matches the pods of both.
    public var service: String
    /// The parts of the traffic that go to the new pods, in per cent, rising, from 1 to 100; the last is 100.
    public var steps: [Int]
    /// For how long each part is held before the next, in seconds.
    public var pauseSeconds: Int
    /// How often the containers of a new pod may be started again, added up, before the run has failed.
    public var restartLimit: Int
    /// A command or URL by which the new pods are checked at each step; `nil` for none.
    public var check: String?

    public init(
        stable: Incumbent, canary: Candidate, service: String, steps: [Int], pauseSeconds: Int, restartLimit: Int,
        check: String? = nil
    ) {
        self.stable = stable
        self.canary = canary
        self.service = service
        self.steps = steps
        self.pauseSeconds = pauseSeconds
        self.restartLimit = restartLimit
        self.check = check
    }

    /// How many new and old pods give a part of the traffic.
    ///
    /// Together they are as many as the old ones were; there is at least one of each, unless the part is all.
    public func pods(atWeight weight: Int) -> (canary: Int, stable: Int) {
        let all = max(1, stable.replicas)
        guard weight < 100 else { return (all, 0) }
        let canary = min(max(1, (all * weight + 50) / 100), max(1, all - 1))
        return (canary, max(1, all - canary))
    }

    /// How many pods more than at the beginning there are at most: at each step the new ones come before the old ones go.
    public var mostAdditionalPods: Int {
        let stages = [(canary: 0, stable: stable.replicas)] + steps.map(pods(atWeight:))
        let most = zip(stages, stages.dropFirst()).map { $1.canary + $0.stable }.max() ?? 0
        return max(0, most - stable.replicas - (canary.existing?.replicas ?? 0))
    }
}
