import GRDB
import RolloutModel

/// Folds the state of one stream at any moment, from the nearest snapshot.
struct StateReader {
    private let id: Int64
    private let stream: StreamName
    private let database: Database

    /// `nil` if the stream has no events.
    init?(_ stream: StreamName, in database: Database) throws {
        guard let id = try Names.id(of: stream, in: database) else { return nil }
        self.id = id
        self.stream = stream
        self.database = database
    }

    /// The state at a moment.
    ///
    /// - Throws: `ShipslogError` with code `tampered`.
    func state(at moment: Moment, _ names: inout Names) throws -> SubjectState {
        switch moment {
        case .now: return try state(through: .max, &names)
        case .position(let position): return try state(through: position.rawValue, &names)
        case .time(let time): return try state(by: time.microseconds, &names)
        }
    }

    private func state(through last: Int64, _ names: inout Names) throws -> SubjectState {
        let base = try newestSnapshot("position <= ?", last)
        var state = base.state
        try fold(into: &state, after: base.position, through: last, until: .max, &names)
        return state
    }

    /// Events need not have occurred in the order of the log.
    ///
    /// All up to the base have occurred by then; of the blocks of 256 events after it, those that began later are not
    /// read.
    private func state(by time: Int64, _ names: inout Names) throws -> SubjectState {
        let base = try newestSnapshot("max_occurred <= ?", time)
        var state = base.state
        var blocks: [(end: Int64, minOccurred: Int64)] = []
        try database.query(
            "SELECT position, min_occurred FROM snapshot WHERE stream = ? AND version > ? ORDER BY version",
            .integer(id), .integer(base.version)
        ).forEach { blocks.append(($0.integer(0), $0.integer(1))) }
        var position = base.position
        for block in blocks {
            if block.minOccurred <= time {
                try fold(into: &state, after: position, through: block.end, until: time, &names)
            }
            position = block.end
        }
        try fold(into: &state, after: position, through: .max, until: time, &names)
        return state
    }

    private func newestSnapshot(
        _ condition: String, _ value: Int64
    ) throws -> (state: SubjectState, version: Int64, position: Int64) {
        try database.query(
            """
            SELECT state, version, position FROM snapshot
            WHERE stream = ? AND \(condition) ORDER BY version DESC LIMIT 1
            """, .integer(id), .integer(value)
        ).first { (try Snapshot.decode($0.data(0)), $0.integer(1), $0.integer(2)) } ?? (SubjectState(of: stream), 0, 0)
    }

    private func fold(
        into state: inout SubjectState, after: Int64, through: Int64, until: Int64, _ names: inout Names
    ) throws {
        try database.query(
            """
            SELECT \(EventRows.columns) FROM event AS e INDEXED BY event_by_stream
            JOIN payload AS p ON p.position = e.position
            WHERE e.stream = ? AND e.position > ? AND e.position <= ? AND e.occurred_at <= ? ORDER BY e.position
            """, .integer(id), .integer(after), .integer(through), .integer(until)
        ).forEach { _ = try state.applyIfKnown(EventRows.event($0, &names, in: database)) }
    }
}
