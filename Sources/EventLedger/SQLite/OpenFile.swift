import Foundation
import RolloutModel
import Synchronization

/// A database file that this process has open, for as long as the value lives.
///
/// Whoever closes any descriptor of a file loses all POSIX locks of the process on it, SQLite's among them; then another
/// process may take the write-ahead log away under it. So there is one descriptor beside SQLite's, which is kept until
/// the file is open no longer.
///
/// - SeeAlso: <https://www.sqlite.org/howtocorrupt.html#_posix_advisory_locks_canceled_by_a_separate_thread_doing_close_>
final class OpenFile: Sendable {
    private let identity: Identity

    private struct Identity: Hashable {
        var device: UInt64
        var inode: UInt64

        init?(_ path: String) {
            var status = stat()
            guard stat(path, &status) == 0 else { return nil }
            self.init(status)
        }

        init?(_ descriptor: Int32) {
            var status = stat()
            guard fstat(descriptor, &status) == 0 else { return nil }
            self.init(status)
        }

        private init(_ status: stat) {
            device = UInt64(status.st_dev)
            inode = UInt64(status.st_ino)
        }
    }

    private struct Kept {
        var descriptor: Int32
        var count: Int
    }

    private static let kept = Mutex<[Identity: Kept]>([:])

    private init(_ identity: Identity) { self.identity = identity }

    deinit {
        let identity = identity
        Self.kept.withLock { kept in
            guard var file = kept[identity] else { return }
            file.count -= 1
            kept[identity] = file.count > 0 ? file : nil
            if file.count == 0 { close(file.descriptor) }
        }
    }

    /// Looks at the first bytes of a file, and opens it through SQLite.
    ///
    /// - Parameters:
    ///   - check: Given the first 100 bytes, or as many as there are.
    ///   - body: Opens the file.
    /// - Throws: ``ShipslogError`` with code `unavailable` if the file cannot be read; what `check` and `body` throw.
    static func open<Value>(
        _ path: String, check: ([UInt8]) throws -> Void, _ body: () throws -> Value
    ) throws -> (value: Value, file: OpenFile) {
        let file = try keep(path)
        try check(header(of: file.identity))
        return (try body(), file)
    }

    private static func keep(_ path: String) throws -> OpenFile {
        try kept.withLock { kept in
            if let identity = Identity(path), kept[identity] != nil {
                kept[identity]?.count += 1
                return OpenFile(identity)
            }
            let descriptor = Foundation.open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0, let identity = Identity(descriptor) else {
                if descriptor >= 0 { close(descriptor) }
                throw ShipslogError(
                    .unavailable, "The ledger \(path) cannot be read.", hint: "Look at its permissions.")
            }
            kept[identity] = Kept(descriptor: descriptor, count: 1)
            return OpenFile(identity)
        }
    }

    private static func header(of identity: Identity) -> [UInt8] {
        let descriptor = kept.withLock { $0[identity]?.descriptor ?? -1 }
        var bytes = [UInt8](repeating: 0, count: 100)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        return Array(bytes.prefix(max(0, count)))
    }
}
