/// How long to wait before each further attempt: at first shortly, then twice as long each time, up to a limit.
struct Backoff {
    /// The shortest and the longest pause.
    let range: ClosedRange<Duration>
    private(set) var attempts = 0

    init(_ range: ClosedRange<Duration>) {
        self.range = range
    }

    /// The pause before the next attempt.
    ///
    /// - Parameter jitter: From 0 to 1, at random, so that not all come back at once. At 1 the pause is whole, at 0 half.
    mutating func next(jitter: Double) -> Duration {
        // Further doubling would leave the range of numbers, and any limit that makes sense.
        let whole = min(range.lowerBound * (1 << min(attempts, 30)), range.upperBound)
        attempts += 1
        return whole * (0.5 + 0.5 * jitter)
    }

    /// An attempt has succeeded.
    mutating func reset() { attempts = 0 }
}
