import RolloutModel

/// Records what saved watch streams show: files with one JSON object a line, as `kubectl get --raw '…?watch=1'` prints
/// them.
///
/// Importing the same streams again appends nothing. Memory is bounded by the number of objects alive at once.
public struct WatchImport: Sendable {
    let paths: [String]
    let cluster: String
    let isStrict: Bool

    /// Prepares an import; nothing is read yet.
    ///
    /// - Parameters:
    ///   - paths: The files, captured side by side; `-` is standard input. The order in which their events are taken is
    ///     that of their resourceVersions.
    ///   - cluster: What the cluster is called.
    ///   - isStrict: Whether one broken line keeps everything out; then every file is read twice.
    public init(paths: [String], cluster: String, isStrict: Bool = false) {
        self.paths = paths
        self.cluster = cluster
        self.isStrict = isStrict
    }

    /// What came of an import.
    public struct Summary: Hashable, Sendable {
        /// Lines that were watch events of a kind that rollouts touch, bookmarks and errors.
        public var lines = 0
        /// Events that were handed on to be appended, those included that the ledger knew already.
        public var events = 0
        /// Objects of other kinds, which were passed over: how many of each kind.
        public var ignoredKinds: [String: Int] = [:]
        /// How many lines could not be taken in.
        public var brokenLineCount = 0
        /// The first 20 of them.
        public var brokenLines: [BrokenLine] = []
        /// Files that hold no line at all.
        public var emptyFiles: [String] = []
        /// What the ledger refused, a sentence for each event; a gap stands in its place.
        public var refusals: [String] = []

        /// Nothing so far.
        public init() {}
    }

    /// Reads the streams and hands on the events they tell of, in order, in batches.
    ///
    /// One batch is appended while the next is read.
    ///
    /// - Parameters:
    ///   - append: Appends a batch; called for one batch at a time.
    ///   - progress: Told how many bytes have been read, after each batch.
    /// - Throws: ``ShipslogError`` with code `notFound`, `unavailable` or `invalidArgument` if a file cannot be read, if
    ///   none of them holds a watch event, or, with `isStrict`, if a line is broken; then nothing was appended. What
    ///   `append` throws ends the import; what was appended before stays, and the import can be repeated.
    public func run(
        append: @escaping @Sendable ([Event]) async throws -> Void, progress: (Int) -> Void = { _ in }
    ) async throws -> Summary {
        var streams = try await MergedFiles<WatchStreamReader, ResourceVersion>(
            paths: paths, isStrict: isStrict, order: \.version)
        var observer = Observer(cluster: cluster, origin: .import)
        var summary = Summary()
        let appending = PastRefusals { events, _ in try await append(events) }
        var batches = EventBatches { try await appending($0) }
        while let line = try await streams.next() {
            if case .other(let kind) = line.event.object {
                summary.ignoredKinds[kind, default: 0] += 1
                continue
            }
            summary.lines += 1
            let events =
                if case .status(let status) = line.event.object {
                    try observer.observeGap(resource: line.resource, status: status)
                } else {
                    try observer.observe(line.event)
                }
            if try await batches.add(events) { progress(streams.bytesRead) }
        }
        _ = try await batches.add(observer.finish())
        try await batches.finish()
        progress(streams.bytesRead)
        summary.events = batches.count
        summary.refusals = batches.refusals
        summary.brokenLineCount = streams.brokenLineCount
        summary.brokenLines = streams.brokenLines
        summary.emptyFiles = streams.emptyFiles
        try refuseNothing(summary)
        return summary
    }

    private func refuseNothing(_ summary: Summary) throws {
        guard summary.lines == 0 else { return }
        let names = paths.joined(separator: ", ")
        if let kind = summary.ignoredKinds.keys.sorted().first, summary.brokenLineCount == 0 {
            throw ShipslogError(
                .invalidArgument,
                "There is no watch event in \(names) of a kind that rollouts touch: they hold \(kind).",
                hint: "Save the streams of Deployments, ReplicaSets, Pods, Services, EndpointSlices and HTTPRoutes."
            )
        }
        guard let first = summary.brokenLines.first else {
            throw ShipslogError(
                .invalidArgument, "There is no watch event in \(names).",
                hint: "Save a stream with kubectl get --raw '/apis/apps/v1/deployments?watch=1'."
            )
        }
        throw ShipslogError(
            .invalidArgument, "There is no watch event in \(names); the first line that is none is \(first).",
            hint: "Save a stream with kubectl get --raw '/apis/apps/v1/deployments?watch=1'."
        )
    }
}
