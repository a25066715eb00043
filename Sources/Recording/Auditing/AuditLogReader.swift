import Foundation
import RolloutModel

/// Reads the entries of one audit log, in the order in which they stand in it.
struct AuditLogReader: FileReader {
    private var lines: ParsedLines<[AuditEntry]>
    /// The entries of the line that was read last which are still to be given, the last first.
    private var remaining: [AuditEntry] = []

    /// Of most lines little is kept.
    private static let partSize = 1 << 17

    var bytesRead: Int { lines.bytesRead }

    init(path: String) throws {
        lines = try ParsedLines(
            path: path, what: "audit event", partSize: Self.partSize, parse: AuditText.entries(of:))
    }

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
