import Foundation
import RolloutModel

/// Reads the entries of one audit log, in the order in which they stand in it.
struct AuditLogReader {
    private typealias Line = Result<[AuditEntry], WatchStreamReader.BrokenLine>

    private var lines: LineReader
    private var lineNumber = 0
    /// Parts of the log that are being parsed, the first first: on as many cores as there are.
    private var parsing: [Task<[Line], Never>] = []
    /// Lines that are parsed and still to be given, the last first.
    private var parsed: [Line] = []
    /// The entries of the line that was read last which are still to be given, the last first.
    private var remaining: [AuditEntry] = []

    /// How many bytes of a log are parsed at once, a line more or less.
    private static let partSize = 1 << 17
    private static let partsAtOnce = ProcessInfo.processInfo.activeProcessorCount

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
    mutating func next() async throws -> Result<AuditEntry, WatchStreamReader.BrokenLine>? {
        while true {
            if let entry = remaining.popLast() { return .success(entry) }
            switch parsed.popLast() {
            case .success(let entries): remaining = entries.reversed()
            case .failure(let broken): return .failure(broken)
            case nil:
                while parsing.count < Self.partsAtOnce, let part = try nextPart() { parsing.append(part) }
                if parsing.isEmpty { return nil }
                parsed = await parsing.removeFirst().value.reversed()
            }
        }
    }

    /// Reads on, and begins to parse what was read; `nil` at the end.
    private mutating func nextPart() throws -> Task<[Line], Never>? {
        var part: [(number: Int, line: LineReader.Line)] = []
        var size = 0
        while size < Self.partSize, let line = try lines.next() {
            lineNumber += 1
            part.append((lineNumber, line))
            if case .text(let text) = line { size += text.count }
        }
        if part.isEmpty { return nil }
        let read = part
        return Task { read.compactMap { Self.parse($0.line, number: $0.number) } }
    }

    private static func parse(_ line: LineReader.Line, number: Int) -> Line? {
        guard case .text(let text) = line else {
            return .failure(.init(line: number, reason: "the line is longer than 16 MiB"))
        }
        if text.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { return nil }
        do {
            return .success(try AuditText.entries(of: text))
        } catch let error as AuditText.UnknownKind {
            return .failure(.init(line: number, reason: "it is a \(error.kind), no audit event"))
        } catch {
            return .failure(.init(line: number, reason: WatchStreamReader.reason(error, what: "audit event")))
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
    private var heads: [Result<AuditEntry, WatchStreamReader.BrokenLine>?] = []

    /// - Throws: as ``LineReader/init(path:)``.
    init(paths: [String]) throws {
        readers = try paths.map { try AuditLogReader(path: $0) }
    }

    /// How many bytes of all logs were taken in so far.
    var bytesRead: Int { readers.reduce(0) { $0 + $1.bytesRead } }

    /// The next entry, and which of the logs it is of.
    ///
    /// - Throws: as ``LineReader/next()``.
    mutating func next() async throws -> (log: Int, result: Result<AuditEntry, WatchStreamReader.BrokenLine>)? {
        if heads.isEmpty { for index in readers.indices { heads.append(try await readers[index].next()) } }
        var first: (log: Int, at: Timestamp)?
        for (index, head) in heads.enumerated() {
            guard let head else { continue }
            guard case .success(let entry) = head else {
                first = (index, Timestamp(microseconds: .min))
                break
            }
            if first.map({ entry.at < $0.at }) ?? true { first = (index, entry.at) }
        }
        guard let first, let head = heads[first.log] else { return nil }
        heads[first.log] = try await readers[first.log].next()
        return (first.log, head)
    }
}
