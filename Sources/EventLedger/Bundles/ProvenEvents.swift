import Foundation
import GRDB
import RolloutModel

/// An event of a ledger with what proves that it is one.
struct ProvenEvent {
    var recorded: RecordedEvent
    var salt: Hash256
    var commitment: Hash256
    var proof: InclusionProof

    /// The hash of the leaf that it has in the tree of a log.
    static func leaf(
        of recorded: RecordedEvent, log: EventID, commitment: Hash256, payloadBytes: Int
    ) -> Hash256 {
        MerkleTree.leafHash(
            of: Envelope.bytes(
                log: log.bytes, position: recorded.position.rawValue, version: recorded.version,
                recordedAt: recorded.recordedAt.microseconds, stream: recorded.event.stream.description,
                event: recorded.event, payloadBytes: payloadBytes, commitment: commitment
            ))
    }
}

extension Reader {
    /// The head with the frontier it comes from.
    func edge() throws -> (head: Head, frontier: Frontier) {
        try connection.snapshot { try Self.head(in: $0) }
    }

    /// The position of an event; `nil` if it is not in the log.
    func position(of event: EventID) throws -> Position? {
        try connection.access { database in
            try database.query("SELECT position FROM event WHERE id = ?", .blob(event.bytes))
                .first { Position(rawValue: $0.integer(0)) }
        }
    }

    /// Calls a function with the events of a query page by page, each proven against a head.
    func forEachProvenPage(
        of query: EventQuery, in head: Head, _ body: ([ProvenEvent]) throws -> Void
    ) throws {
        var query = query
        while true {
            let page = try connection.snapshot { try provenPage(of: query, in: head, $0) }
            guard let last = page.last?.recorded.position else { return }
            try body(page)
            query.after = last
        }
    }

    private func provenPage(of query: EventQuery, in head: Head, _ database: Database) throws -> [ProvenEvent] {
        let tree = TileStore(database).tree(ofSize: Int(head.size.rawValue))
        // Neighbours share most of their proofs.
        var known: [Subtree: Hash256] = [:]
        return try storedEvents(of: query, database).map { event in
            let index = Int(event.recorded.position.rawValue) - 1
            let proof = try InclusionProof(index: index, size: tree.size) { subtree in
                if let hash = known[subtree] { return hash }
                let hash = try tree.hash(of: subtree)
                known[subtree] = hash
                return hash
            }
            let leaf = ProvenEvent.leaf(
                of: event.recorded, log: EventID(head.logID), commitment: event.commitment,
                payloadBytes: event.recorded.event.payload.count
            )
            let isOwn =
                Envelope.commitment(salt: event.salt, payload: event.recorded.event.payload) == event.commitment
            guard isOwn, proof.verifies(leafHash: leaf, root: head.root) else {
                throw ShipslogError(
                    .tampered, "The event at position \(event.recorded.position) is not the one that was appended.",
                    hint: "Run `shipslog verify`."
                )
            }
            return ProvenEvent(
                recorded: event.recorded, salt: event.salt, commitment: event.commitment, proof: proof)
        }
    }

    private typealias StoredEvent = (recorded: RecordedEvent, salt: Hash256, commitment: Hash256)

    private func storedEvents(of query: EventQuery, _ database: Database) throws -> [StoredEvent] {
        var events: [StoredEvent] = []
        try names.withLock { names in
            try EventSelection(query.filter, in: database).query(
                "\(EventRows.columns), p.salt, e.commitment", after: query.after.rawValue,
                through: query.through?.rawValue ?? .max, limit: Self.provenPageSize, in: database
            )?.forEach { row in
                let recorded = try EventRows.event(row, &names, in: database)
                guard let salt = row.hash(15), let commitment = row.hash(16) else {
                    throw ShipslogError(
                        .tampered, "The event at position \(recorded.position) is damaged.",
                        hint: "Run `shipslog verify`.")
                }
                events.append((recorded, salt, commitment))
            }
        }
        return events
    }

    private static let provenPageSize = 256
}
