import Crypto
import Foundation
import RolloutModel

/// What goes into a bundle.
public struct BundleContents: Hashable, Sendable {
    /// The rollout that it is about.
    public var rollout: Rollout
    /// The position up to which it tells all that belongs to the rollout.
    public var end: Position
    /// The streams that it holds from their first events on, each with the position up to which it does.
    ///
    /// Beyond that it holds what was found out about who did those events, and what was noted of the rollout.
    public var streams: [StreamName: Position]

    /// Names what goes into a bundle.
    public init(rollout: Rollout, end: Position, streams: [StreamName: Position]) {
        self.rollout = rollout
        self.end = end
        self.streams = streams
    }
}

/// What was written into a bundle.
public struct BundleSummary: Hashable, Sendable {
    /// Where the log stood, against which the events are proven.
    public var checkpoint: Checkpoint
    /// The number of events.
    public var events: Int
    /// The number of events whose payload was masked.
    public var masked: Int
}

extension Ledger {
    /// Writes a bundle: events with the proofs that they are in this log.
    ///
    /// Memory does not grow with the number of events.
    ///
    /// - Parameters:
    ///   - contents: What it is to hold.
    ///   - madeAt: The time.
    ///   - mask: Gives what is to be handed out in place of a payload, `nil` where it may be seen; without it, every payload
    ///     is handed out as it is.
    ///   - progress: Called now and then.
    ///   - write: Takes the bytes of the file, in order.
    /// - Throws: `ShipslogError` with code `tampered` if an event is not the one that was appended; `unavailable` if the
    ///   file cannot be read; what the functions throw.
    public func writeBundle(
        of contents: BundleContents, madeAt: Timestamp, masking mask: ((Data) throws -> Data?)? = nil,
        progress: (LedgerProgress) -> Void = { _ in }, to write: @escaping (Data) throws -> Void
    ) throws -> BundleSummary {
        var output = BundleOutput(write: write)
        let (head, frontier) = try reader.edge()
        try output.append(
            BundleHeader(
                stream: contents.rollout.stream, number: contents.rollout.number, end: contents.end,
                isMasked: mask != nil, madeAt: madeAt, madeBy: Version.current, ledger: EventID(head.logID),
                size: frontier.size, root: head.root, frontier: frontier.subtreeRoots
            ))
        let last = contents.streams.values.max() ?? 0
        let streams = contents.streams.keys.sorted()
        var query = EventQuery(through: min(last, head.size), streams: streams)
        func append(_ page: [ProvenEvent]) throws {
            for proven in page {
                let masked = try mask?(proven.recorded.event.payload)
                try output.append(BundleEvent(proven, masked: masked))
                output.events += 1
                if masked != nil { output.masked += 1 }
            }
            if let position = page.last?.recorded.position {
                progress(LedgerProgress(done: position.rawValue, total: last.rawValue))
            }
        }
        try reader.forEachProvenPage(of: query, in: head) { page in
            try append(page.filter { try contents.holds($0.recorded, in: reader) })
        }
        query = EventQuery(after: last, through: head.size, streams: streams, types: BundleContents.looseTypes)
        try reader.forEachProvenPage(of: query, in: head) { page in
            try append(page.filter { try contents.holds($0.recorded, in: reader) })
        }
        try output.finish()
        return BundleSummary(checkpoint: head, events: output.events, masked: output.masked)
    }
}

extension BundleContents {
    /// What may come later than the rest of its stream: it is about what came before, and changes no state.
    static let looseTypes = ["actor.attributed", "note.added"].map(EventType.init)

    /// Whether an event of one of the streams belongs in.
    fileprivate func holds(_ recorded: RecordedEvent, in reader: Reader) throws -> Bool {
        let event = recorded.event
        guard let through = streams[event.stream] else { return false }
        if recorded.position <= through { return true }
        guard Self.looseTypes.contains(event.type) else { return false }
        switch try event.fact() {
        case .actorAttributed(let fact): return try reader.position(of: fact.event).map { $0 <= through } ?? false
        case .noteAdded(let note): return event.stream == rollout.stream && note.rollout == rollout.number
        default: return false
        }
    }
}

/// The lines of a bundle as they are written.
private struct BundleOutput {
    let write: (Data) throws -> Void
    var events = 0
    var masked = 0
    private var digest = SHA256()

    init(write: @escaping (Data) throws -> Void) { self.write = write }

    mutating func append(_ value: some Encodable) throws {
        let line = try CanonicalJSON.encode(value) + Data("\n".utf8)
        digest.update(data: line)
        try write(line)
    }

    func finish() throws {
        let end = BundleEnd(events: events, masked: masked, digest: Hash256(digest.finalize()))
        try write(end.line + Data("\n".utf8))
    }
}
