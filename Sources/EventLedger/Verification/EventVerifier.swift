import Foundation
import GRDB
import RolloutModel

/// Verifies the events and the tree over them, by computing every hash again.
///
/// Walks the log once; its memory grows with the number of streams only.
struct EventVerifier {
    private let database: Database
    private let logUID: [UInt8]
    private let rememberedSize: Int64?

    /// The tree over the events that were walked.
    private(set) var frontier = Frontier()
    /// The root that the tree had at the remembered size; `nil` if it is not that large.
    private(set) var rememberedRoot: Hash256?
    private var versions: [Int64: Int64] = [:]
    /// For each level the hashes that are not yet a full tile.
    private var edges: [[Hash256]] = []
    private var tileCount: Int64 = 0

    init(_ database: Database, logUID: [UInt8], rememberedSize: Position?) {
        self.database = database
        self.logUID = logUID
        self.rememberedSize = rememberedSize?.rawValue
        if self.rememberedSize == 0 { rememberedRoot = MerkleTree.emptyRoot }
    }

    mutating func verify(progress: (Int64) -> Void) throws -> VerificationReport.Layer {
        var layer = VerificationReport.Layer(kind: .events, summary: "")
        do {
            try walk(progress)
            try verifyCounts()
        } catch let finding as Finding {
            layer.problem = VerificationReport.Problem(position: finding.position, message: finding.message)
        } catch let error as ShipslogError where error.code == .tampered {
            let position = Position(rawValue: Int64(frontier.size) + 1)
            layer.problem = VerificationReport.Problem(position: position, message: error.message)
        }
        layer.summary = "\(frontier.size) events in \(versions.count) streams, \(tileCount) tiles"
        return layer
    }

    private struct Finding: Error {
        var position: Position?
        var message: String
    }

    private mutating func walk(_ progress: (Int64) -> Void) throws {
        var names = Names()
        try database.query(
            """
            SELECT \(EventRows.columns), p.salt, e.commitment, e.leaf FROM event AS e NOT INDEXED
            LEFT JOIN payload AS p ON p.position = e.position ORDER BY e.position
            """
        ).forEach { row in
            let expected = Int64(frontier.size) + 1
            let position = row.integer(0)
            guard position == expected else {
                throw Finding(
                    position: Position(rawValue: expected),
                    message: "There is no event at position \(expected); the next one is at \(position)."
                )
            }
            try verify(row, EventRows.event(row, &names, in: database))
            if expected.isMultiple(of: 4_096) { progress(expected) }
        }
    }

    private mutating func verify(_ row: Query.Row, _ recorded: RecordedEvent) throws {
        let position = recorded.position
        func finding(_ message: String) -> Finding {
            Finding(position: position, message: "The event at position \(position) \(message)")
        }
        let stream = row.integer(4)
        let version = versions[stream, default: 0] + 1
        guard recorded.version == version else {
            throw finding("has version \(recorded.version) in \(recorded.event.stream), where \(version) is due.")
        }
        versions[stream] = version
        guard let salt = row.hash(15), let commitment = row.hash(16), let leaf = row.hash(17) else {
            throw finding("has no payload.")
        }
        guard Envelope.commitment(salt: salt, payload: recorded.event.payload) == commitment else {
            throw finding("has another payload than was appended.")
        }
        let envelope = Envelope.bytes(
            log: logUID, position: position.rawValue, version: version,
            recordedAt: recorded.recordedAt.microseconds, stream: recorded.event.stream.description,
            event: recorded.event, payloadBytes: recorded.event.payload.count, commitment: commitment
        )
        guard MerkleTree.leafHash(of: envelope) == leaf else { throw finding("is not the one that was appended.") }
        frontier.append(leaf)
        if Int64(frontier.size) == rememberedSize { rememberedRoot = frontier.root }
        try extend(level: 0, with: leaf)
    }

    private mutating func extend(level: Int, with hash: Hash256) throws {
        if edges.count == level { edges.append([]) }
        edges[level].append(hash)
        guard edges[level].count == Tile.width else { return }
        let hashes = edges[level]
        edges[level] = []
        let root = MerkleTree.root(ofPerfect: hashes)
        let number = (frontier.size >> (8 * (level + 1))) - 1
        guard try TileStore(database).matches(Tile(level: level, index: number), root: root, hashes: hashes) else {
            throw Finding(
                position: Position(rawValue: Int64(frontier.size)),
                message: "Tile \(number) of level \(level) is not that of the events up to position \(frontier.size)."
            )
        }
        tileCount += 1
        try extend(level: level + 1, with: root)
    }

    /// What the walk cannot meet: rows that belong to no event.
    private func verifyCounts() throws {
        let counts: [(rows: String, expected: Int64)] = [
            ("payload", Int64(frontier.size)), ("stream", Int64(versions.count)), ("tile", tileCount), ("ledger", 1),
        ]
        for (table, expected) in counts {
            let count = try database.query("SELECT count(*) FROM \(table)").first { $0.integer(0) }
            guard count == expected else {
                throw Finding(
                    position: nil,
                    message: "The table \(table) has \(count ?? 0) rows, where the events make \(expected)."
                )
            }
        }
        let unused = try database.query(
            "SELECT name FROM event_type AS t WHERE NOT EXISTS (SELECT 1 FROM event WHERE type = t.id)"
        ).first { $0.text(0) }
        if let unused { throw Finding(position: nil, message: "The event type \(unused) has no events.") }
    }
}
