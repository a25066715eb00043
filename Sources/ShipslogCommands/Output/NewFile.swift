import Foundation
import RolloutModel

/// A file that is written whole or not at all.
struct NewFile {
    private let handle: FileHandle
    private let path: String

    /// Writes a file under another name in the same folder, and gives it its own once it is complete.
    ///
    /// Only the owner may read it.
    ///
    /// - Parameters:
    ///   - replacing: Whether a file that is there may be overwritten.
    ///   - body: Appends what is in it.
    /// - Throws: ``ShipslogError`` with code `invalidArgument` if there is such a file; `unavailable` if it cannot be
    ///   written; what `body` throws.
    static func write<Result>(
        to path: String, replacing: Bool, _ body: (NewFile) throws -> Result
    ) throws -> Result {
        if !replacing, FileManager.default.fileExists(atPath: path) { throw exists(path) }
        let draft = "\(path).\(UUID().uuidString.prefix(8)).new"
        guard FileManager.default.createFile(atPath: draft, contents: nil, attributes: [.posixPermissions: 0o600]),
            let handle = FileHandle(forWritingAtPath: draft)
        else {
            throw ShipslogError(
                .unavailable, "The file \(path) cannot be written.", hint: "Look at the folder and its permissions.")
        }
        defer { unlink(draft) }
        let result = try body(NewFile(handle: handle, path: path))
        try handle.close()
        // A link, unlike a rename, refuses to take the place of a file that came in the meantime.
        let isDone = replacing ? rename(draft, path) == 0 : link(draft, path) == 0
        guard isDone else { throw errno == EEXIST ? exists(path) : unwritable(path) }
        return result
    }

    /// Appends bytes.
    func append(_ bytes: Data) throws {
        do {
            try handle.write(contentsOf: bytes)
        } catch {
            throw ShipslogError(.unavailable, "The file \(path) cannot be written: \(error.localizedDescription)")
        }
    }

    private static func exists(_ path: String) -> ShipslogError {
        ShipslogError(.invalidArgument, "There is a file at \(path) already.", hint: "--force overwrites it.")
    }

    private static func unwritable(_ path: String) -> ShipslogError {
        ShipslogError(.unavailable, "The file \(path) cannot be written: \(String(cString: strerror(errno))).")
    }
}
