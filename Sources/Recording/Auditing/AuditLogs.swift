import Foundation
import RolloutModel

/// Reads the entries of one audit log, in the order in which they stand in it.
struct AuditLogReader {
    private var lines: ParsedLines<[AuditEntry]>
    /// The entries of the line that was read last which are still to be given, the last first.
    private var remaining: [AuditEntry] = []

    /// Of most lines little is kept.
    private static let partSize = 1 << 17

    var bytesRead: Int { lines.bytesRead }

    /// - Throws: as ``LineReader/init(path:)``.
    init(path: String) throws {
        lines = try ParsedLines(
            path: path, what: "audit event", partSize: Self.partSize, parse: AuditText.entries(of:))
    }

    /// The next entry, or what is wrong with the next line; `nil` at the end.
    ///
    /// - Throws: as ``LineReader/next()``.
    mutating func next() async throws -> Result<AuditEntry, BrokenLine>? {
        while true {
            if let entry = remaining.popLast() { return .success(entry) }
            switch try await lines.next() {
            case .success(let entries): remaining = entries.reversed()
            case .failure(let broken): return .failure(broken)
            case nil: return nil
            }
        }
    }
}

/// Several audit logs as one: the parts of a log that was rotated, or those of several API servers.
///
/// The order: each log keeps its own; of the logs' next entries, the oldest comes first, on a tie that of the log named
/// first. A broken line comes as soon as it is its turn in its log.
struct MergedAuditLogs {
    private var readers: [AuditLogReader]
    /// The next entry of each; empty before the first is asked for.
    private var heads: [Result<AuditEntry, BrokenLine>?] = []

    /// - Throws: as ``LineReader/init(path:)``.
    init(paths: [String]) throws {
        readers = try paths.map { try AuditLogReader(path: $0) }
    }

    /// How many bytes of all logs were taken in so far.
    var bytesRead: Int { readers.reduce(0) { $0 + $1.bytesRead } }

    /// The next entry, and which of the logs it is of.
    ///
    /// - Throws: as ``LineReader/next()``.
    mutating func next() async throws -> (log: Int, result: Result<AuditEntry, BrokenLine>)? {
        if heads.isEmpty { for index in readers.indices { heads.append(try await readers[index].next()) } }
        guard let first = Merging.turn(of: heads, by: { try? $0.get().at }), let head = heads[first] else { return nil }
        heads[first] = try await readers[first].next()
        return (first, head)
    }
}
