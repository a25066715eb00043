/// How a watch goes about its work.
public struct WatchOptions: Sendable {
    /// How many objects are listed at a time.
    public var pageSize = 500
    /// How long the server is asked to tell changes before the watch asks anew, chosen at random from this range, so
    /// that not all watches do it at once.
    public var lifetime: ClosedRange<Duration> = .seconds(300) ... .seconds(600)
    /// The shortest and the longest pause between two attempts after something went wrong.
    public var pauses: ClosedRange<Duration> = .milliseconds(250) ... .seconds(30)
    /// How long the server may refuse what it has allowed before, until the watch gives up.
    public var patience: Duration = .seconds(60)
    /// The cluster that it is about, by its ``KubernetesClient/clusterUID()``; `nil` for whichever answers.
    ///
    /// If another cluster answers, the watch ends with an error before it tells anything of it.
    public var clusterUID: String?

    /// What suits most.
    public init() {}
}
