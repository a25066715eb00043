import Foundation

/// A value that threads take turns on.
///
/// Unchecked, because the compiler does not know that the lock guards the value.
final class Locked<Value>: @unchecked Sendable {
    private var value: Value
    private let lock = NSLock()

    init(_ value: Value) {
        self.value = value
    }

    /// Calls a function with the value, while no other thread has it.
    func withLock<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
        lock.lock()
        defer { lock.unlock() }
        return try body(&value)
    }

    /// Calls a function with the value if no other thread has it; else does nothing, and returns `nil`.
    func withLockIfFree<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result? {
        guard lock.try() else { return nil }
        defer { lock.unlock() }
        return try body(&value)
    }
}
