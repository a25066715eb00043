import Foundation
import GRDB
import RolloutModel

/// A bundle that was opened: one rollout with all that is needed to look at it without its ledger.
///
/// - SeeAlso: `schema/README.md`, section "Bundles".
public struct RolloutBundle: Sendable {
    /// Which rollout it is of, and which log it was taken from.
    public let header: BundleHeader
    /// The number of events; each was proven to be in that log.
    public let events: Int
    /// The positions of those events whose payload was masked: of these the content cannot be proven.
    public let masked: [Position]
    /// The events, at the positions that they have in their ledger, to be read as that is.
    public let ledger: Ledger

    /// Opens a bundle, and verifies all that it holds.
    ///
    /// Its events are put into a file that loses its name at once, and so is gone when the ledger is, however the process
    /// ends.
    ///
    /// - Parameters:
    ///   - path: The bundle.
    ///   - folder: Where that file may be.
    ///   - progress: Called now and then; in bytes of the bundle.
    /// - Throws: `ShipslogError` with code `notFound` if there is no file; `invalidArgument` if it is no bundle;
    ///   `unsupportedSchema` if a newer version made it; `tampered` if it was altered or cut; `unavailable` if it cannot be
    ///   read, or the folder not be written to.
    public static func open(
        at path: String, in folder: String = NSTemporaryDirectory(), progress: (LedgerProgress) -> Void = { _ in }
    ) throws -> RolloutBundle {
        var reader = try BundleReader(path: path)
        let total = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int64 ?? 0
        let file = URL(fileURLWithPath: folder).appendingPathComponent("shipslog-\(UUID().uuidString).db").path
        guard FileManager.default.createFile(atPath: file, contents: nil, attributes: [.posixPermissions: 0o600])
        else {
            throw ShipslogError(
                .unavailable, "The folder \(folder) for temporary files cannot be written to.",
                hint: "Set TMPDIR to one that can.")
        }
        let connection: Connection
        do {
            defer { unlink(file) }
            connection = try Connection(path: file, role: .writer, timeout: .seconds(1))
        }
        try connection.access { database in
            try UnpackedBundle(database, of: path, reader.header, edge: reader.edge, file: file).fill {
                progress(LedgerProgress(done: Int64(reader.bytesRead), total: total))
                return try reader.next()
            }
        }
        let header = reader.header
        let ledger = Ledger(of: header, at: path, unpackedIn: connection)
        let query = RolloutQuery(stream: header.stream, number: header.number)
        guard let rollout = try ledger.rollouts(query).first else {
            throw ShipslogError.altered(
                bundle: path, "it does not hold the rollout \(header.number) of \(header.stream).")
        }
        guard header.end >= rollout.endPosition ?? rollout.startPosition else {
            throw ShipslogError.altered(
                bundle: path, "by its first line it ends at position \(header.end), before its rollout does.")
        }
        return RolloutBundle(header: header, events: reader.events, masked: reader.masked, ledger: ledger)
    }
}

/// The file of an opened bundle: the tables of a ledger, with the events of the bundle only.
///
/// It is only read after it was filled, and its tree is known by its right edge only.
private struct UnpackedBundle {
    private let database: Database
    private let bundle: String

    init(_ database: Database, of bundle: String, _ header: BundleHeader, edge: Frontier, file: String) throws {
        self.database = database
        self.bundle = bundle
        // It need not survive anything.
        try database.execute(sql: "PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY;")
        try LedgerFile.makeTables(in: database, path: file, uid: header.ledger.bytes, frontier: edge)
        // The trigger asks for positions without gaps, which the events of a part of a log do not have.
        try database.execute(sql: "DROP TRIGGER event_insert")
    }

    /// Writes events until there are no more, and the projections that follow from them.
    func fill(from next: () throws -> (event: BundleEvent, seal: EventInsertion.Seal)?) throws {
        let knowledge = try Knowledge(database)
        let insertion = try EventInsertion(database)
        var streams: [StreamName: Int64] = [:]
        try database.query("BEGIN IMMEDIATE").run()
        while let (event, seal) = try next() {
            let isKnown = try database.query("SELECT 1 FROM event WHERE id = ?", .blob(event.id.bytes)).first { _ in
                true
            }
            guard isKnown == nil else {
                throw ShipslogError.altered(
                    bundle: bundle, "the event at position \(event.position) has the id of another.")
            }
            let stream = try streams[event.stream] ?? knowledge.insert(event.stream, in: database)
            streams[event.stream] = stream
            let type = try knowledge.typeID(of: event.type, in: database)
            try insertion.insert(event.recorded, stream: stream, type: type, seal: seal)
        }
        try ProjectionRows.rebuild(in: database) { _ in }
        try database.query("COMMIT").run()
        try database.execute(sql: "PRAGMA query_only = ON")
    }
}
