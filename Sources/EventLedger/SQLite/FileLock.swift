import Foundation
import RolloutModel

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A lock between processes, and between ledgers in one process, on a file of its own beside the ledger.
///
/// It is held around each write transaction and each checkpoint: in SQLite before 3.51.3 a checkpoint that races with
/// a reset of the write-ahead log by another connection can damage the file.
///
/// - SeeAlso: <https://www.sqlite.org/wal.html#walresetbug>
final class FileLock: Sendable {
    private let path: String
    private let descriptor: Int32

    /// Opens the lock file of a ledger, and creates it if need be.
    init(ledger path: String) throws {
        self.path = path
        descriptor = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw ShipslogError(
                .unavailable, "The lock file \(path).lock cannot be opened: \(String(cString: strerror(errno))).",
                hint: "Writing to a ledger needs write access to its folder."
            )
        }
    }

    deinit { close(descriptor) }

    /// Calls a function while holding the lock.
    ///
    /// - Throws: `ShipslogError` with code `unavailable` if it was not to be had within the timeout; what the function
    ///   throws.
    func withLock<Result>(timeout: Duration, _ body: () throws -> Result) throws -> Result {
        try acquire(timeout: timeout)
        defer { flock(descriptor, LOCK_UN) }
        return try body()
    }

    /// Calls a function while holding the lock, if it is free; else does nothing, and returns `nil`.
    func withLockIfFree<Result>(_ body: () throws -> Result) rethrows -> Result? {
        guard tryToAcquire() else { return nil }
        defer { flock(descriptor, LOCK_UN) }
        return try body()
    }

    private func tryToAcquire() -> Bool { flock(descriptor, LOCK_EX | LOCK_NB) == 0 }

    /// Polls, because a lock that is waited for in the kernel cannot be given up in time.
    private func acquire(timeout: Duration) throws {
        let deadline = ContinuousClock.now + timeout
        var pause: UInt32 = 50
        while !tryToAcquire() {
            guard errno == EWOULDBLOCK || errno == EINTR, ContinuousClock.now < deadline else {
                throw ShipslogError.locked(path)
            }
            usleep(pause)
            pause = min(pause * 2, 2_000)
        }
    }
}
