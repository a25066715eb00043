import RolloutModel

/// Records what audit logs of API servers tell, and who did it: files with one JSON object a line, each an `Event` or an
/// `EventList` of audit.k8s.io/v1, plain or compressed by gzip.
///
/// A log alone tells the rollouts of a cluster as far as its policy lets the answers to writes in; beside watch streams of
/// the same cluster it adds who did what. In whichever order they are imported, no fact is recorded twice, and importing
/// the same logs again appends nothing. Memory is bounded by the number of objects alive at once.
///
/// - SeeAlso: <https://kubernetes.io/docs/tasks/debug/debug-cluster/audit/>
public struct AuditImport: Sendable {
    let paths: [String]
    let cluster: String
    let isStrict: Bool
    let calls: [String: [CalledEvent]]

    /// Prepares an import; nothing is read yet.
    ///
    /// - Parameters:
    ///   - paths: The files: the parts of one log, or those of several API servers; `-` is standard input.
    ///   - cluster: What the cluster is called.
    ///   - isStrict: Whether one broken line keeps everything out; then every file is read twice.
    ///   - calls: What calls of Shipslog's own brought about, by what audit logs call them: so those are joined though the
    ///     log does not hold their answers.
    public init(paths: [String], cluster: String, isStrict: Bool = false, calls: [String: [CalledEvent]] = [:]) {
        self.calls = calls
        self.paths = paths
        self.cluster = cluster
        self.isStrict = isStrict
    }

    /// What came of an import.
    public struct Summary: Hashable, Sendable {
        /// Entries of audit logs.
        public var entries = 0
        /// Those of them that changed an object that rollouts touch.
        public var changes = 0
        /// Events that were handed on to be appended, those included that the ledger knew already.
        public var events = 0
        /// How many of them say who did another.
        public var attributions = 0
        /// Changes that the log tells of without their outcome, and that nothing it shows could be joined with.
        public var unjoined = 0
        /// How many lines could not be taken in.
        public var brokenLineCount = 0
        /// The first 20 of them.
        public var brokenLines: [BrokenLine] = []
        /// Files that hold no line at all.
        public var emptyFiles: [String] = []
        /// What the ledger refused, a sentence for each event; a gap stands in its place.
        public var refusals: [String] = []
    }

    /// Reads the logs and hands on the events they tell of, in order, in batches.
    ///
    /// One batch is appended while the next is read.
    ///
    /// - Parameters:
    ///   - append: Appends a batch; called for one batch at a time.
    ///   - progress: Told how many bytes have been read, after each batch.
    /// - Throws: ``ShipslogError`` with code `notFound`, `unavailable` or `invalidArgument` if a file cannot be read, if
    ///   none of them holds an audit event, or, with `isStrict`, if a line is broken; then nothing was appended. What
    ///   `append` throws ends the import; what was appended before stays, and the import can be repeated.
    public func run(
        append: @escaping @Sendable ([Event]) async throws -> Void, progress: (Int) -> Void = { _ in }
    ) async throws -> Summary {
        var logs = try await MergedFiles<AuditLogReader, Timestamp>(paths: paths, isStrict: isStrict, order: \.at)
        var observer = AuditObserver(cluster: cluster, calls: calls)
        let appending = PastRefusals { events, _ in try await append(events) }
        var batches = EventBatches { try await appending($0) }
        var summary = Summary()
        while let entry = try await logs.next() {
            summary.entries += 1
            if try await batches.add(observer.observe(entry)) { progress(logs.bytesRead) }
        }
        _ = try await batches.add(observer.finish())
        try await batches.finish()
        progress(logs.bytesRead)
        summary.events = batches.count
        summary.refusals = batches.refusals
        summary.changes = observer.changes
        summary.attributions = observer.attributions
        summary.unjoined = observer.unjoined
        summary.brokenLineCount = logs.brokenLineCount
        summary.brokenLines = logs.brokenLines
        summary.emptyFiles = logs.emptyFiles
        if summary.entries == 0 { throw noEntry(summary) }
        return summary
    }

    private func noEntry(_ summary: Summary) -> ShipslogError {
        let first = summary.brokenLines.first.map { "; the first line that is none is \($0)" } ?? ""
        return ShipslogError(
            .invalidArgument, "There is no audit event in \(paths.joined(separator: ", "))\(first).",
            hint: "Start the API server with --audit-policy-file and --audit-log-path."
        )
    }
}
