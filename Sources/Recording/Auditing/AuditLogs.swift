import Foundation
import RolloutModel

/// Reads the entries of one audit log, in the order in which they stand in it.
struct AuditLogReader {
    private var lines: LineReader
    private let decoder = JSONDecoder()
    private var lineNumber = 0
    /// The entries of the line that was read last which are still to be given, the last first.
    private var remaining: [AuditEntry] = []

    var bytesRead: Int { lines.bytesRead }

    /// - Throws: as ``LineReader/init(path:)``.
    init(path: String) throws {
        lines = try LineReader(path: path)
    }

    /// The next entry, or what is wrong with the next line; `nil` at the end.
    ///
    /// Empty lines are passed over.
    ///
    /// - Throws: as ``LineReader/next()``.
    mutating func next() throws -> Result<AuditEntry, WatchStreamReader.BrokenLine>? {
        while true {
            if let entry = remaining.popLast() { return .success(entry) }
            guard let line = try lines.next() else { return nil }
            lineNumber += 1
            guard case .text(let text) = line else {
                return .failure(.init(line: lineNumber, reason: "the line is longer than 16 MiB"))
            }
            if text.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { continue }
            do {
                remaining = try decoder.decode(AuditLine.self, from: text).entries.reversed()
            } catch let error as AuditLine.UnknownKind {
                return .failure(.init(line: lineNumber, reason: "it is a \(error.kind), no audit event"))
            } catch {
                let reason = WatchStreamReader.reason(error, what: "audit event")
                return .failure(.init(line: lineNumber, reason: reason))
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
    private var heads: [Result<AuditEntry, WatchStreamReader.BrokenLine>?]

    /// - Throws: as ``LineReader/init(path:)``.
    init(paths: [String]) throws {
        readers = try paths.map { try AuditLogReader(path: $0) }
        heads = []
        for index in readers.indices { heads.append(try readers[index].next()) }
    }

    /// How many bytes of all logs were taken in so far.
    var bytesRead: Int { readers.reduce(0) { $0 + $1.bytesRead } }

    /// The next entry, and which of the logs it is of.
    ///
    /// - Throws: as ``LineReader/next()``.
    mutating func next() throws -> (log: Int, result: Result<AuditEntry, WatchStreamReader.BrokenLine>)? {
        var first: (log: Int, at: Timestamp)?
        for (index, head) in heads.enumerated() {
            guard let head else { continue }
            guard case .success(let entry) = head else {
                first = (index, Timestamp(microseconds: .min))
                break
            }
            if first.map({ entry.request.at < $0.at }) ?? true { first = (index, entry.request.at) }
        }
        guard let first, let head = heads[first.log] else { return nil }
        heads[first.log] = try readers[first.log].next()
        return (first.log, head)
    }
}
