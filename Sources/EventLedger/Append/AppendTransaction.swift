import Foundation
import GRDB
import RolloutModel

/// The appends of one write transaction, and what the writer knows after it if it commits.
///
/// A call is judged whole before its first row is written: so one that is refused leaves no trace in the transaction, and
/// the others in it go on.
struct AppendTransaction {
    let database: Database
    let logUID: [UInt8]
    let recordedAt: Timestamp
    /// What the writer knows: kept up with what is written here.
    let knowledge: Knowledge
    /// Whether a call was answered with events that were there, and so must be durable too when this commits.
    private(set) var foundEvents = false
    private(set) var appendedCount = 0
    private var rows = ProjectionRows()
    private let insertion: EventInsertion

    init(_ database: Database, logUID: [UInt8], recordedAt: Timestamp, knowledge: Knowledge) throws {
        self.database = database
        self.logUID = logUID
        self.recordedAt = recordedAt
        self.knowledge = knowledge
        insertion = try EventInsertion(database)
    }

    /// Judges a call and writes its events.
    ///
    /// - Throws: `ShipslogError` with code `conflict`, `invalidArgument` or `tampered` if the call is refused;
    ///   `DatabaseError` if the transaction has failed.
    mutating func append(_ call: AppendCall) throws -> [Position] {
        let known = try KnownEvents(call, in: database, next: Int64(knowledge.frontier.size) + 1)
        let isRetry = known.fresh.isEmpty && !call.items.isEmpty
        if !isRetry {
            for condition in call.conditions { try judge(condition) }
            let plan = try plan(known.fresh)
            try write(plan)
        }
        try call.memory?.write(to: database)
        foundEvents = foundEvents || known.fresh.count < call.items.count
        return known.positions
    }

    /// Writes what is written once for all calls.
    func finish() throws {
        try rows.write(to: database)
        try database.query(
            "UPDATE head SET size = ?, frontier = ?", .integer(Int64(knowledge.frontier.size)),
            .blob(knowledge.frontier.encoded)
        ).run()
    }

    // MARK: Conditions

    private func judge(_ condition: AppendCondition) throws {
        switch condition {
        case .noStream(let stream):
            let version = try version(of: stream)
            guard version == 0 else {
                throw ShipslogError(.conflict, "The stream \(stream) has events already: it is at version \(version).")
            }
        case .streamExists(let stream):
            guard try version(of: stream) > 0 else {
                throw ShipslogError(.conflict, "The stream \(stream) has no events.")
            }
        case .version(let stream, let expected):
            let version = try version(of: stream)
            guard version == expected else {
                throw ShipslogError(
                    .conflict, "The stream \(stream) is at version \(version), not \(expected).",
                    hint: "Read what came since and retry."
                )
            }
        case .noEvents(let filter, let after):
            let found = try EventSelection(filter, in: database)
                .query("e.position", after: after.rawValue, through: .max, limit: 1, in: database)?
                .first { $0.integer(0) }
            if let found {
                throw ShipslogError(
                    .conflict, "The event at position \(found), after \(after), is one that must not have come.",
                    hint: "Read what came since and retry."
                )
            }
        case .remembers(let recorder, let key, let value):
            guard try RecorderMemory.value(of: recorder, key, in: database) ?? value == value else {
                throw ShipslogError(.conflict, "The recorder \(recorder) remembers something else as its \(key).")
            }
        }
    }

    private func version(of stream: StreamName) throws -> Int64 {
        try knowledge.fold(of: stream, in: database)?.version ?? 0
    }

    // MARK: Planning

    /// All that a call will write.
    private struct Plan {
        struct Row {
            let item: AppendCall.Item
            let position: Int64
            let stream: Int64
            let version: Int64
            let leaf: Hash256
            let changes: Changes
            let snapshot: Snapshot?
        }

        var rows: [Row] = []
        var folds: [StreamName: StreamFold] = [:]
        var newStreams: [StreamFold] = []
    }

    private func plan(_ items: [AppendCall.Item]) throws -> Plan {
        var plan = Plan()
        var position = Int64(knowledge.frontier.size)
        for item in items {
            let event = item.event
            position += 1
            var fold: StreamFold
            if let planned = plan.folds.removeValue(forKey: event.stream) {
                fold = planned
            } else if let known = try knowledge.fold(of: event.stream, in: database) {
                fold = known
            } else {
                fold = StreamFold(stream: event.stream, id: knowledge.nextStreamID + Int64(plan.newStreams.count))
                plan.newStreams.append(fold)
            }
            let version = fold.version + 1
            let changes = try apply(item, at: position, version, to: &fold)
            plan.rows.append(
                Plan.Row(
                    item: item, position: position, stream: fold.id, version: version,
                    leaf: try leaf(of: item, of: fold.name, at: position, version), changes: changes,
                    snapshot: try fold.dueSnapshot(at: position)
                )
            )
            plan.folds[event.stream] = fold
        }
        return plan
    }

    private func apply(
        _ item: AppendCall.Item, at position: Int64, _ version: Int64, to fold: inout StreamFold
    ) throws -> Changes {
        let event = RecordedEvent(
            position: Position(rawValue: position), version: version, recordedAt: recordedAt, event: item.event
        )
        do {
            return try fold.append(event)
        } catch let error as ShipslogError where error.code == .tampered {
            throw ShipslogError(
                .invalidArgument, "The event \(item.event.id) cannot be appended: \(error.message)"
            )
        }
    }

    private func leaf(
        of item: AppendCall.Item, of stream: String, at position: Int64, _ version: Int64
    ) throws -> Hash256 {
        let event = item.event
        let envelope = Envelope.bytes(
            log: logUID, position: position, version: version, recordedAt: recordedAt.microseconds,
            stream: stream, event: event, payloadBytes: event.payload.count,
            commitment: item.commitment
        )
        guard envelope.count <= Envelope.maxBytes else {
            throw ShipslogError(
                .invalidArgument,
                "The event \(event.id) cannot be appended: its envelope has \(envelope.count) bytes, more than \(Envelope.maxBytes)."
            )
        }
        return MerkleTree.leafHash(of: envelope)
    }

    // MARK: Writing

    private mutating func write(_ plan: Plan) throws {
        for fold in plan.newStreams { try knowledge.insert(fold.stream, in: database) }
        for row in plan.rows {
            try insert(row)
            knowledge.frontier.append(row.leaf)
            try insertTiles()
            rows.add(row.changes, of: row.stream)
            rows.add(row.snapshot)
        }
        for fold in plan.folds.values { knowledge.keep(fold) }
        appendedCount += plan.rows.count
    }

    private func insert(_ row: Plan.Row) throws {
        let recorded = RecordedEvent(
            position: Position(rawValue: row.position), version: row.version, recordedAt: recordedAt,
            event: row.item.event
        )
        let type = try knowledge.typeID(of: row.item.event.type, in: database)
        let seal = EventInsertion.Seal(salt: row.item.salt, commitment: row.item.commitment, leaf: row.leaf)
        try insertion.insert(recorded, stream: row.stream, type: type, seal: seal)
    }

    private func insertTiles() throws {
        for tile in Tile.completed(atSize: knowledge.frontier.size) {
            try TileStore(database).insert(tile)
        }
    }
}
