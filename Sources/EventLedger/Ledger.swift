import Foundation
import RolloutModel

/// The log of all that happened, in one SQLite file: events are only ever appended.
///
/// A ledger keeps these promises:
/// - When ``append(_:if:)`` returns, the events survive a power cut. An append that fails leaves nothing, or, where that
///   cannot be known, says so; appending the same events again is exact.
/// - Positions are gapless from 1 and in the order of commits; versions are gapless from 1 in each stream.
/// - Every event is a leaf of a Merkle tree (RFC 6962) over exactly what is stored.
/// - The projections are the fold of the events, always; ``rebuild(progress:)`` makes them again, byte for byte.
///
/// One file may be open in any number of processes and of ledgers in a process.
///
/// - SeeAlso: `schema/README.md`
public final class Ledger: Sendable {
    /// Where the file is.
    public let path: String
    let options: LedgerOptions
    let reader: Reader
    let appender: GroupCommit?
    /// The bundle whose events these are; `nil` for a ledger proper.
    public let bundle: BundleHeader?
    /// The file, which is open at least as long as the connections are.
    private let file: OpenFile?

    private init(path: String, mode: OpenMode, options: LedgerOptions) throws {
        self.path = path
        self.options = options
        bundle = nil
        let (connections, file) = try LedgerFile.open(path) {
            (
                appender: mode == .readWrite ? GroupCommit(try Writer(path: path, options: options)) : nil,
                reader: try Reader(path: path, options: options)
            )
        }
        self.file = file
        appender = connections.appender
        reader = connections.reader
        if let checkpoints = options.checkpoints { try reader.check(against: checkpoints) }
    }

    /// Reads the events of a bundle, which were put into a file of their own.
    init(of bundle: BundleHeader, at path: String, unpackedIn connection: Connection) {
        self.path = path
        self.bundle = bundle
        options = LedgerOptions()
        appender = nil
        file = nil
        reader = Reader(connection)
    }

    /// Creates a ledger without events and opens it for reading and appending.
    ///
    /// Makes the folder if need be. Only the owner may read the file (mode 0600).
    ///
    /// - Throws: `ShipslogError` with code `invalidArgument` if there is a file at the path; `unavailable` if the folder
    ///   cannot be written to.
    public static func create(at path: String, options: LedgerOptions = LedgerOptions()) throws -> Ledger {
        try LedgerFile.create(at: path, uid: options.randomBytes(16), timeout: options.lockTimeout)
        return try open(at: path, options: options)
    }

    /// Opens a ledger that is there.
    ///
    /// - Throws: `ShipslogError` with code `notFound` if there is no file; `invalidArgument` if it is no ledger;
    ///   `unsupportedSchema` if a newer version wrote it; `unavailable` if it is locked or its permissions forbid it;
    ///   `tampered` if it does not go on from the head that is remembered of it in the options' store.
    public static func open(
        at path: String, mode: OpenMode = .readWrite, options: LedgerOptions = LedgerOptions()
    ) throws -> Ledger {
        try Ledger(path: path, mode: mode, options: options)
    }

    /// Appends events, all or none, to any streams.
    ///
    /// When this returns, the events are on disk and visible to every reader. They get consecutive positions in the order
    /// given. Concurrent calls share a transaction; each is judged for itself.
    ///
    /// Events that are there already, by their ids, are not appended again: a call that has only such returns the
    /// positions of the first append, before any condition is judged. An id is the same event if stream, type, schema
    /// version and payload are equal.
    ///
    /// - Parameters:
    ///   - events: 1...10,000 events. All of an event but its payload must encode to at most 65,535 bytes.
    ///   - conditions: What must hold for the new events to be appended, or for the memory to change if there are none.
    ///   - memory: What a recorder wants remembered with them, in the same transaction; then there may be no events.
    /// - Returns: The position of each event, in the order given.
    /// - Throws: `ShipslogError` with code `conflict` if a condition does not hold (read again and retry) or an id is that
    ///   of another event; `invalidArgument` if a limit is broken or a payload does not have the shape of its type (do
    ///   not retry); `unavailable` if the ledger is open for reading only, locked, or its medium full or failing (retry
    ///   with the same events).
    public func append(
        _ events: [Event], if conditions: [AppendCondition] = [], remembering memory: RecorderMemory? = nil
    ) async throws -> [Position] {
        guard let appender else {
            throw ShipslogError(.unavailable, "The ledger \(path) is open for reading only.")
        }
        return try await appender.append(AppendCall(events, if: conditions, remembering: memory, options))
    }

    /// What a recorder remembers, by key; empty if there is none of that name.
    public func memory(of recorder: String) throws -> [String: Data] { try reader.memory(of: recorder) }

    /// Where the log stands.
    ///
    /// - Throws: `ShipslogError` with code `unavailable` or `tampered`, as every reading below.
    public func head() throws -> Head { try reader.head() }

    /// The last position whose moment can be shown: that of the head, but of a bundle the end of its rollout.
    public func end() throws -> Position { try bundle?.end ?? head().size }

    /// Where the log stood when it had so many events; `nil` if it has not reached that size.
    public func head(atSize size: Position) throws -> Head? { try reader.head(atSize: size) }

    /// The identity of the ledger, drawn when it was created; `nil` if it is damaged.
    ///
    /// - Throws: `ShipslogError` with code `unavailable`.
    public func identity() throws -> UUID? { try reader.identity() }

    /// The events that a query asks for, in the order of the log.
    public func events(_ query: EventQuery = EventQuery()) -> EventSequence {
        EventSequence(reader: reader, query: query)
    }

    /// The events after a position, and each new one within 100 milliseconds of its append, by whatever process.
    public func follow(after position: Position) -> FollowSequence {
        FollowSequence(reader: reader, after: position)
    }

    /// The streams that have events, in the order of their names.
    public func streams(
        cluster: String? = nil, namespace: String? = nil, kind: String? = nil, name: String? = nil
    ) throws -> [StreamName] {
        try reader.streams(cluster: cluster, namespace: namespace, kind: kind, name: name)
    }

    /// The position of an event; `nil` if the ledger does not have it.
    public func position(of event: EventID) throws -> Position? { try reader.position(of: event) }

    /// The labels of a subject, as they were seen last; empty if it has none, or is not known.
    public func labels(of stream: StreamName) throws -> [String: String] { try reader.labels(of: stream) }

    /// Who did what an event says, as is best known by now; `nil` if nothing tells.
    public func actor(of event: RecordedEvent) throws -> Actor? { try reader.actor(of: event) }

    /// What was found out about who did what an event says, the surest first, and of these the newest.
    public func attributions(of event: EventID) throws -> [ActorAttributed] { try reader.attributions(of: event) }

    /// The state of a subject at a moment; that before the first event if there is none by then.
    ///
    /// At a time: the fold of the events that had occurred by then, in the order of the log.
    public func state(of stream: StreamName, at moment: Moment = .now) throws -> SubjectState {
        try reader.state(of: stream, at: moment)
    }

    /// The rollouts that a query asks for, the oldest first, by the position at which they began.
    public func rollouts(_ query: RolloutQuery = RolloutQuery()) throws -> [Rollout] { try reader.rollouts(query) }

    /// The revisions of a subject, the oldest first.
    public func revisions(of stream: StreamName) throws -> [Revision] { try reader.revisions(of: stream) }

    /// The outages of a Service, the oldest first.
    public func outages(of stream: StreamName) throws -> [Outage] { try reader.outages(of: stream) }

    /// Closes the file, after writing the write-ahead log back.
    ///
    /// The ledger must not be used again.
    ///
    /// All that was appended is safe without it. The head is remembered in the options' store.
    public func close() throws {
        if let checkpoints = options.checkpoints { try checkpoints.save(reader.head()) }
        try reader.close()
        try appender?.withWriter { try $0.close() }
    }
}
