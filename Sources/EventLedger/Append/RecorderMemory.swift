import Foundation
import GRDB

/// What a recorder wants remembered together with the events that it appends: both are on disk, or neither is.
public struct RecorderMemory: Sendable {
    /// Whose memory it is.
    public var recorder: String
    /// The new values by key; `nil` for what is to be forgotten.
    public var changes: [String: Data?]

    /// Notes changes.
    public init(recorder: String, changes: [String: Data?]) {
        self.recorder = recorder
        self.changes = changes
    }

    /// What a recorder remembers under a key; `nil` if nothing.
    static func value(of recorder: String, _ key: String, in database: Database) throws -> Data? {
        try database.query(
            "SELECT value FROM recorder_memory WHERE recorder = ? AND key = ?", .text(recorder), .text(key)
        ).first { $0.data(0) }
    }

    func write(to database: Database) throws {
        for (key, value) in changes {
            if let value {
                try database.query(
                    """
                    INSERT INTO recorder_memory (recorder, key, value) VALUES (?, ?, ?)
                    ON CONFLICT (recorder, key) DO UPDATE SET value = excluded.value
                    """, .text(recorder), .text(key), .data(value)
                ).run()
            } else {
                try database.query(
                    "DELETE FROM recorder_memory WHERE recorder = ? AND key = ?", .text(recorder), .text(key)
                ).run()
            }
        }
    }
}
