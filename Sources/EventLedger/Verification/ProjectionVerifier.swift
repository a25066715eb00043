import Foundation
import GRDB
import RolloutModel

/// Verifies the projections, by folding all events again and comparing every row.
struct ProjectionVerifier {
    private let database: Database
    private var counts: [String: Int64] = [:]

    init(_ database: Database) {
        self.database = database
    }

    mutating func verify(progress: (Int64) -> Void) throws -> VerificationReport.Layer {
        var layer = VerificationReport.Layer(kind: .projections, summary: "")
        do {
            try compare(progress)
            try verifyCounts()
        } catch let finding as Finding {
            layer.problem = VerificationReport.Problem(position: finding.position, message: finding.message)
        } catch let error as ShipslogError where error.code == .tampered {
            layer.problem = VerificationReport.Problem(position: nil, message: error.message)
        }
        layer.summary = ProjectionRows.tables.map { "\(counts[$0, default: 0]) \($0)s" }.joined(separator: ", ")
        return layer
    }

    private struct Finding: Error {
        var position: Position?
        var message: String
    }

    private mutating func compare(_ progress: (Int64) -> Void) throws {
        let projection = try ProjectionFold(database)
        var names = Names()
        var done: Int64 = 0
        for (id, stream) in projection.streams {
            var rows = ProjectionRows()
            try projection.fold(id, stream, &names) { changes, snapshot in
                rows.add(changes, of: id)
                if let snapshot {
                    try check(snapshot, stream)
                    counts["snapshot", default: 0] += 1
                }
                done += 1
                if done.isMultiple(of: 1_024) { progress(done) }
            }
            for row in try rows.rows() {
                guard try row.isStored(in: database) else {
                    throw Finding(
                        position: row.startPosition,
                        message: "The \(row.table.rawValue) \(row.number) of \(stream) is not the fold of its events."
                    )
                }
                counts[row.table.rawValue, default: 0] += 1
            }
        }
    }

    private func check(_ snapshot: Snapshot, _ stream: StreamName) throws {
        let isSame = try database.query(
            "SELECT position, max_occurred, min_occurred, state FROM snapshot WHERE stream = ? AND version = ?",
            .integer(snapshot.stream), .integer(snapshot.version)
        ).first {
            $0.integer(0) == snapshot.position && $0.integer(1) == snapshot.maxOccurred
                && $0.integer(2) == snapshot.minOccurred && $0.data(3) == snapshot.state
        }
        guard isSame == true else {
            throw Finding(
                position: Position(rawValue: snapshot.position),
                message: "The snapshot of \(stream) at version \(snapshot.version) is not the fold of its events."
            )
        }
    }

    private func verifyCounts() throws {
        for table in ProjectionRows.tables {
            let count = try database.query("SELECT count(*) FROM \(table)").first { $0.integer(0) } ?? 0
            guard count == counts[table, default: 0] else {
                throw Finding(
                    position: nil,
                    message:
                        "The projection \(table) has \(count) rows, where the events make \(counts[table, default: 0])."
                )
            }
        }
    }
}

extension ProjectionRow {
    /// The event that a rollout began with.
    fileprivate var startPosition: Position? {
        guard let index = table.columns.firstIndex(of: "start_position"), case .integer(let start) = values[index]
        else { return nil }
        return Position(rawValue: start)
    }
}
