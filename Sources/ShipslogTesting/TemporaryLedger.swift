import EventLedger
import Foundation
import RolloutModel

/// A folder for one test, which goes away with it.
public final class TemporaryFolder: Sendable {
    /// Where it is.
    public let path: String

    /// Makes an empty folder.
    public init() throws {
        path = NSTemporaryDirectory() + "shipslog-test-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        // A test that cleans up badly is not a test that fails.
        try? FileManager.default.removeItem(atPath: path)
    }

    /// The path of a file in the folder.
    public func file(_ name: String) -> String { "\(path)/\(name)" }
}

/// A new ledger in a folder of its own, which goes away with it.
///
/// Its clock and its random numbers are those of a test: equal appends give equal files.
public final class TemporaryLedger: Sendable {
    /// The folder.
    public let folder: TemporaryFolder
    /// The ledger, open for appending.
    public let ledger: Ledger
    /// Where the file is.
    public var path: String { ledger.path }

    /// Creates an empty ledger.
    public init(options: LedgerOptions = .deterministic()) throws {
        folder = try TemporaryFolder()
        ledger = try Ledger.create(at: folder.file("ledger.db"), options: options)
    }

    /// Opens a copy of a ledger that was closed.
    ///
    /// - Parameter file: Its bytes.
    init(of file: Data) throws {
        folder = try TemporaryFolder()
        let path = folder.file("ledger.db")
        let isMade = FileManager.default.createFile(
            atPath: path, contents: file, attributes: [.posixPermissions: 0o600])
        guard isMade else { throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: path]) }
        ledger = try Ledger.open(at: path, options: .deterministic())
    }
}

extension LedgerOptions {
    /// A clock that moves on by a millisecond at each look from 2026-01-01T00:00:00Z, and random numbers that are none.
    public static func deterministic(lockTimeout: Duration = .seconds(30)) -> LedgerOptions {
        let counter = Counter()
        return LedgerOptions(
            lockTimeout: lockTimeout,
            now: { Timestamp(microseconds: 1_767_225_600_000_000 + Int64(counter.next()) * 1_000) },
            randomBytes: { count in
                var state = UInt64(truncatingIfNeeded: counter.next()) &* 0x9E37_79B9_7F4A_7C15
                return (0..<count).map { _ in
                    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                    return UInt8(truncatingIfNeeded: state >> 56)
                }
            }
        )
    }
}

/// Counts calls.
///
/// Unchecked, because the compiler does not know that the lock guards the value.
private final class Counter: @unchecked Sendable {
    private let lock = NSLock()
    private var value = 0

    func next() -> Int {
        lock.withLock {
            value += 1
            return value
        }
    }
}
