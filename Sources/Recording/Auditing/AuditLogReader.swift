import Foundation
import RolloutModel

/// Reads the entries of one audit log, in the order in which they stand in it.
struct AuditLogReader: FileReader {
    private var lines: ParsedLines<AuditEntry>

    /// Of most lines little is kept.
    private static let partSize = 1 << 17

    var bytesRead: Int { lines.bytesRead }

    init(path: String) throws {
        lines = try ParsedLines(path: path, what: "audit event", partSize: Self.partSize) { line in
            try AuditText.entries(of: line).map { entry in
                entry.mapError { BrokenLine.Refusal(reason: $0.reason) }
            }
        }
    }

    mutating func next() async throws -> Result<AuditEntry, BrokenLine>? { try await lines.next() }
}
