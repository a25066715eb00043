import RolloutModel

/// Decides what a watch does after something went wrong.
struct Recovery {
    /// What to do.
    enum Decision: Hashable {
        /// The same again. Without a pause it is not worth telling.
        case tryAgain(after: Duration)
        /// List everything again: what followed the last version will not be told.
        case listAgain(Change.Gap.Reason, after: Duration)
        /// It will not get better by itself.
        case giveUp
    }

    private var backoff: Backoff
    private let patience: Duration
    private var wasConnected = false
    private var refusedSince: ContinuousClock.Instant?

    /// - Parameters:
    ///   - pauses: The shortest and the longest time between two attempts.
    ///   - patience: How long a server may refuse what it has allowed before: one that has just started does not know
    ///     all roles and resources at once.
    init(pauses: ClosedRange<Duration>, patience: Duration) {
        backoff = Backoff(pauses)
        self.patience = patience
    }

    /// The server has begun to tell changes.
    mutating func connected() { wasConnected = true }

    /// It has told some.
    mutating func progressed() {
        backoff.reset()
        refusedSince = nil
    }

    /// Decides after an error.
    ///
    /// - Parameter jitter: From 0 to 1, at random.
    mutating func decide(on error: any Error, at now: ContinuousClock.Instant, jitter: Double) -> Decision {
        let isFirst = backoff.attempts == 0
        let pause = backoff.next(jitter: jitter)
        switch error {
        case is WentBack:
            return .listAgain(.wentBack, after: isFirst ? .zero : pause)
        case let error as StatusError where error.isExpired:
            return .listAgain(.expired, after: isFirst ? .zero : pause)
        case let error as StatusError where error.code >= 500 || error.code == 429 || error.code == 408:
            return .tryAgain(after: max(pause, error.retryAfter ?? .zero))
        case let error as NetworkError where error.kind == .silent && isFirst:
            // Servers without bookmarks are silent when nothing happens.
            return .tryAgain(after: .zero)
        case let error as NetworkError where error.kind != .untrusted:
            return .tryAgain(after: pause)
        case let error as ShipslogError where error.code == .unavailable && wasConnected:
            // A plugin asks somebody over the same network. Before it has ever worked, it may not be set up.
            return .tryAgain(after: pause)
        default:
            let since = refusedSince ?? now
            refusedSince = since
            return wasConnected && now - since < patience ? .tryAgain(after: pause) : .giveUp
        }
    }
}

/// The server is at an earlier version than it has been.
struct WentBack: Error {}
