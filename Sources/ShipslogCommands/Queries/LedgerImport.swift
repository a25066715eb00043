import EventLedger
import Recording
import RolloutModel

/// Takes over what other ledgers hold, each fact once, in the order in which one who saw everything would have it.
struct LedgerImport {
    let target: Ledger
    let sources: [Source]

    /// A ledger, as far as it has been verified.
    struct Source {
        var ledger: Ledger
        var end: Position
    }

    /// Takes over all events that the ledger does not have.
    ///
    /// A ledger is only appended to, and states follow from the order of its events; so nothing is taken over if a part of
    /// it belongs before what the ledger has already.
    ///
    /// - Parameter progress: Told how many events of the sources have been dealt with; each is twice.
    /// - Throws: ``ShipslogError`` with code `conflict` if a name stands for different clusters, if something belongs
    ///   before what is there, if somebody else appends meanwhile, or if two ledgers say different things under one id;
    ///   what reading and appending throw.
    func run(progress: (Int64) -> Void) async throws {
        let (clusters, end) = (try clusters, try target.head().size)
        var done: Int64 = 0
        var claims: [String: String] = [:]
        for cluster in clusters {
            claims[cluster] = try uid(of: cluster)
            try await refuseWhatComesLate(in: cluster, to: end) {
                done += 1
                progress(done)
            }
        }
        for (cluster, uid) in claims { try await ClusterClaim.make(cluster, standFor: uid, in: target) }
        for cluster in clusters {
            let appender = SoleAppender(to: target, of: cluster, after: end)
            var batches = EventBatches { events in
                try await appender.append(events)
                return []
            }
            var merged = MergedHistories(sources.map { $0.events(of: cluster) })
            while let (_, recorded) = try await merged.next() {
                done += 1
                if try isKnownHint(recorded.event) { continue }
                if try await batches.add([recorded.event]) { progress(done) }
            }
            try await batches.finish()
        }
    }

    /// The clusters that the sources tell of.
    var clusters: [String] {
        get throws { try Set(sources.flatMap { try $0.ledger.streams().map(\.cluster) }).sorted() }
    }

    /// To whose history a core Event goes depends on what was seen before it: two ledgers may have it in two.
    private func isKnownHint(_ event: Event) throws -> Bool {
        try event.type.rawValue == "hint.observed" && target.position(of: event.id) != nil
    }

    /// The cluster that a name stands for; `nil` if nobody knows.
    private func uid(of cluster: String) throws -> String? {
        var known = try ClusterClaim.uid(of: cluster, in: target).map { (uid: $0, path: target.path) }
        for source in sources {
            guard let uid = try ClusterClaim.uid(of: cluster, in: source.ledger) else { continue }
            if let known, known.uid != uid {
                throw ShipslogError(
                    .conflict,
                    "What is called \(cluster) in \(source.ledger.path) is another cluster than in \(known.path).",
                    hint: "Their namespaces kube-system have different UIDs. Nothing was imported.")
            }
            known = (uid, source.ledger.path)
        }
        return known?.uid
    }

    private func refuseWhatComesLate(
        in cluster: String, to end: Position, _ noteSourceEvent: () -> Void
    ) async throws {
        var added: [StreamName: Source] = [:]
        let own = Source(ledger: target, end: end)
        var merged = MergedHistories(([own] + sources).map { $0.events(of: cluster) })
        while let (history, recorded) = try await merged.next() {
            let event = recorded.event
            if history > 0 { noteSourceEvent() }
            guard try event.fact().isOfState else { continue }
            if history > 0 {
                if try target.position(of: event.id) == nil { added[event.stream] = sources[history - 1] }
            } else if let source = added[event.stream] {
                throw tooLate(event.stream, of: source)
            }
        }
    }

    private func tooLate(_ stream: StreamName, of source: Source) -> ShipslogError {
        let paths = ([target.path] + sources.map(\.ledger.path)).joined(separator: " ")
        return ShipslogError(
            .conflict,
            "Some of what \(source.ledger.path) has of \(stream) belongs before what \(target.path) has of it already.",
            hint: "Nothing was imported. Import all into a new ledger: shipslog import ledger \(paths) --ledger NEW")
    }
}

/// Appends events of a cluster as long as nobody else does, since what they were ordered against must be all there is.
private actor SoleAppender {
    private let ledger: Ledger
    private let cluster: String
    private var end: Position

    init(to ledger: Ledger, of cluster: String, after end: Position) {
        (self.ledger, self.cluster, self.end) = (ledger, cluster, end)
    }

    func append(_ events: [Event]) async throws {
        let others = EventFilter(cluster: cluster)
        do {
            let positions = try await ledger.append(events, if: [.noEvents(matching: others, after: end)])
            end = positions.reduce(end, max)
        } catch let error as ShipslogError where error.code == .conflict {
            for try await _ in ledger.events(EventQuery(after: end, cluster: cluster, limit: 1)) {
                throw ShipslogError(
                    .conflict, "Somebody else recorded something of \(cluster) in \(ledger.path) meanwhile.",
                    hint: "Stop who does, and import again: what is in already is not appended twice.")
            }
            throw error
        }
    }
}

extension LedgerImport.Source {
    fileprivate func events(of cluster: String) -> EventSequence {
        ledger.events(EventQuery(through: end, cluster: cluster))
    }
}

extension Fact {
    /// Whether the state of a subject may follow from it.
    fileprivate var isOfState: Bool {
        if case .hintObserved = self { return false }
        return object != nil
    }
}
