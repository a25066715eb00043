import Foundation
import RolloutModel

/// A head that was written down outside the ledger, so that a later head can be held against it.
public typealias Checkpoint = Head

/// Remembers the newest head of each ledger, in a folder away from the ledgers: one small file each.
///
/// Whoever replaces a ledger by an older copy of itself, or rewrites it, does not come by this folder.
public struct CheckpointStore: Sendable {
    private let folder: String

    /// Names the folder, by convention `$XDG_STATE_HOME/shipslog`.
    ///
    /// It is made when the first head is saved.
    public init(folder: String) {
        self.folder = folder
    }

    /// The remembered head of a ledger; `nil` if none was saved.
    ///
    /// - Throws: `ShipslogError` with code `tampered` if the file is damaged; `unavailable` if it cannot be read.
    public func load(_ logID: UUID) throws -> Checkpoint? {
        let path = file(logID)
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        guard let text = FileManager.default.contents(atPath: path) else {
            throw ShipslogError(.unavailable, "The remembered head \(path) cannot be read.")
        }
        let lines = String(decoding: text, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count == 4, lines[0] == Self.origin(logID), lines[3].isEmpty, let size = Int64(lines[1]), size >= 0,
            let bytes = Data(base64Encoded: String(lines[2])), let root = Hash256(bytes: bytes)
        else { throw ShipslogError(.tampered, "The remembered head \(path) is damaged.") }
        return Checkpoint(size: Position(rawValue: size), root: root, logID: logID)
    }

    /// Remembers a head, unless a larger one is remembered.
    ///
    /// - Throws: As ``load(_:)``; `ShipslogError` with code `unavailable` if the folder cannot be written to.
    public func save(_ checkpoint: Checkpoint) throws {
        if let known = try load(checkpoint.logID), known.size >= checkpoint.size { return }
        let text = """
            \(Self.origin(checkpoint.logID))
            \(checkpoint.size)
            \(Data(checkpoint.root.bytes).base64EncodedString())

            """
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700]
            )
            try Data(text.utf8).write(to: URL(fileURLWithPath: file(checkpoint.logID)), options: .atomic)
        } catch {
            throw ShipslogError(.unavailable, "The head of the ledger cannot be remembered in \(folder).")
        }
    }

    private func file(_ logID: UUID) -> String { "\(folder)/\(logID.uuidString.lowercased()).checkpoint" }

    /// The first line of a checkpoint names the log.
    ///
    /// - SeeAlso: <https://c2sp.org/tlog-checkpoint>
    private static func origin(_ logID: UUID) -> String { "shipslog/\(logID.uuidString.lowercased())" }
}

extension Reader {
    /// Holds the ledger against what is remembered of it.
    ///
    /// - Throws: `ShipslogError` with code `tampered` if it is shorter, or had another root at that size.
    func check(against checkpoints: CheckpointStore) throws {
        try connection.snapshot { database in
            let head = try Reader.head(in: database).head
            guard let remembered = try checkpoints.load(head.logID) else { return }
            let hint = "Run `shipslog verify`, and look for the newer file: this may be an old copy."
            guard remembered.size <= head.size else {
                throw ShipslogError(
                    .tampered,
                    "The ledger \(connection.path) was rolled back: it ends at position \(head.size), but had reached \(remembered.size).",
                    hint: hint
                )
            }
            guard try TileStore(database).root(atSize: Int(remembered.size.rawValue)) == remembered.root else {
                throw ShipslogError(
                    .tampered,
                    "The history of the ledger \(connection.path) up to position \(remembered.size) is not the one it had.",
                    hint: hint
                )
            }
        }
    }
}
