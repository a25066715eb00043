#if Network
    import RolloutModel

    /// Work on a live cluster that goes on until it is stopped.
    protocol LiveSession: Sendable {
        /// Works until the task is cancelled, and tidies up before it returns.
        func run() async throws

        /// How it goes.
        func report(at time: Timestamp) async -> LiveReport
    }

    /// How work on a live cluster goes.
    struct LiveReport: Sendable {
        /// Whether it has caught up with what there is.
        var isReady: Bool
        /// What keeps it from its work, in a sentence; `nil` if nothing does.
        var trouble: String?
        /// What it lost since the report before, a sentence each.
        var warnings: [String] = []
        /// For a person, on one line.
        var line: String
        /// For a log, beside `ready`, `time` and `trouble`.
        var log: [String: JSONValue]
        /// For a person, when it has ended: a sentence.
        var summary: String

        /// Whether it does all of its work: what a supervisor wants to know.
        var isWorking: Bool { isReady && trouble == nil }
    }
#endif
