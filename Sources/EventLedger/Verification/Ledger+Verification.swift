import Foundation
import GRDB
import RolloutModel

extension Ledger {
    /// Verifies the whole file, in four layers: SQLite's pages; events against their leaves and the tree; the head, also
    /// against a remembered one; and the projections against the fold.
    ///
    /// Sees one state of the ledger, and keeps nobody from appending. Memory does not grow with the number of events.
    ///
    /// - Parameters:
    ///   - remembered: A head of this ledger that was written down outside the file; `nil` if there is none. Only with one
    ///     does the loss of the newest events show.
    ///   - progress: Called now and then; each event is dealt with twice.
    /// - Returns: What was found. A ledger that was tampered with is a finding, not an error.
    /// - Throws: `ShipslogError` with code `unavailable` if the file cannot be read.
    public func verify(
        remembered: Checkpoint? = nil, progress: (LedgerProgress) -> Void = { _ in }
    ) throws -> VerificationReport {
        let connection = try Reader.connect(path: path, timeout: options.lockTimeout)
        defer { try? connection.close() }
        return try connection.snapshot { try Verification(database: $0, remembered: remembered).run(progress) }
    }

    /// Drops the projections and makes them again from the events, in one transaction.
    ///
    /// - Parameter progress: Called now and then.
    /// - Throws: `ShipslogError` with code `unavailable` if the ledger is open for reading only, locked, or its medium
    ///   full; `tampered` if an event cannot be read. Then the projections are as before.
    public func rebuild(progress: (LedgerProgress) -> Void = { _ in }) throws {
        guard let appender else { throw ShipslogError(.unavailable, "The ledger \(path) is open for reading only.") }
        try appender.withWriter { writer in
            try writer.transaction { try ProjectionRows.rebuild(in: $0, progress: progress) }
        }
    }
}

/// One verification of a ledger.
private struct Verification {
    let database: Database
    let remembered: Checkpoint?

    func run(_ progress: (LedgerProgress) -> Void) throws -> VerificationReport {
        let size = try catching(0, { try database.query("SELECT size FROM head").first { $0.integer(0) } ?? 0 }).value
        let pages = try layer(.pages) { try PageVerifier(database: database).verify() }
        let uid = try catching([], { try database.query("SELECT uid FROM ledger").first { $0.bytes(0) } ?? [] }).value
        var verifier = EventVerifier(database, logUID: uid, rememberedSize: remembered?.size)
        let events = try layer(.events) {
            try verifier.verify { progress(LedgerProgress(done: $0, total: 2 * size)) }
        }
        let computed = EventID(bytes: uid).map {
            Head(size: Position(rawValue: Int64(verifier.frontier.size)), root: verifier.frontier.root, logID: $0.uuid)
        }
        let head = try layer(.head) { try headLayer(verifier, computed, areEventsSound: events.problem == nil) }
        let projections = try layer(.projections) {
            var projections = ProjectionVerifier(database)
            return try projections.verify { progress(LedgerProgress(done: size + $0, total: 2 * size)) }
        }
        progress(LedgerProgress(done: 2 * size, total: 2 * size))
        return VerificationReport(layers: [pages, events, head, projections], computedHead: computed)
    }

    private func headLayer(
        _ verifier: EventVerifier, _ computed: Head?, areEventsSound: Bool
    ) throws -> VerificationReport.Layer {
        var layer = VerificationReport.Layer(kind: .head, summary: "size \(verifier.frontier.size)")
        func problem(_ position: Position?, _ message: String) -> VerificationReport.Layer {
            layer.problem = VerificationReport.Problem(position: position, message: message)
            return layer
        }
        if let remembered {
            layer.summary += ", remembered at \(remembered.size)"
            guard computed?.logID == remembered.logID else {
                return problem(nil, "It is not the ledger that is remembered.")
            }
            guard let root = verifier.rememberedRoot else {
                // The walk stops at the first bad event, which then is the finding.
                guard areEventsSound else {
                    return problem(nil, "The events up to the remembered head cannot be verified.")
                }
                let first = Position(rawValue: Int64(verifier.frontier.size) + 1)
                return problem(
                    first,
                    "The ledger was rolled back: its events from position \(first) to \(remembered.size) are gone.")
            }
            guard root == remembered.root else {
                return problem(nil, "The history up to position \(remembered.size) is not the one that is remembered.")
            }
        }
        let stored = try Reader.head(in: database)
        guard !areEventsSound || stored.frontier == verifier.frontier else {
            return problem(
                nil, "The head, of size \(stored.head.size), is not that of the \(verifier.frontier.size) events.")
        }
        return layer
    }

    private func layer(
        _ kind: VerificationReport.Kind, _ body: () throws -> VerificationReport.Layer
    ) throws -> VerificationReport.Layer {
        let (layer, message) = try catching(VerificationReport.Layer(kind: kind, summary: "not readable"), body)
        guard let message else { return layer }
        var damaged = layer
        damaged.problem = VerificationReport.Problem(position: nil, message: message)
        return damaged
    }

    /// Damage that SQLite or a reader runs into is a finding like any other.
    private func catching<Value>(_ fallback: Value, _ body: () throws -> Value) throws -> (
        value: Value, message: String?
    ) {
        do {
            return (try body(), nil)
        } catch let error as DatabaseError
            where [.SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_ERROR].contains(error.resultCode)
        {
            return (fallback, "SQLite cannot read it: \(error.message ?? "\(error.extendedResultCode)").")
        } catch let error as ShipslogError where [.tampered, .unsupportedSchema].contains(error.code) {
            return (fallback, error.message)
        }
    }
}
