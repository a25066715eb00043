import Foundation

/// A place that text is written to, in the order of the calls, from any thread.
public final class TextSink: @unchecked Sendable {
    // `@unchecked`: `lock` guards `pending`; `send` is called with the lock held only.
    private let lock = NSLock()
    private var pending: [UInt8] = []
    private let capacity: Int
    private let send: ([UInt8]) throws -> Void

    /// Hands what is written to a function, in pieces of about `capacity` bytes; with 0, each text at once.
    public init(capacity: Int = 0, send: @escaping @Sendable ([UInt8]) throws -> Void) {
        self.capacity = capacity
        self.send = send
    }

    /// Writes to an open file, a pipe or a terminal.
    public static func fileDescriptor(_ descriptor: Int32, buffered: Bool = true) -> TextSink {
        TextSink(capacity: buffered ? 1 << 16 : 0) { try write($0, to: descriptor) }
    }

    /// Takes a text; it may stay here until ``flush()``.
    ///
    /// - Throws: ``OutputClosed`` if nobody reads any more; `POSIXError` if it cannot be written.
    public func write(_ text: String) throws {
        try lock.withLock {
            pending.append(contentsOf: text.utf8)
            if pending.count > capacity { try sendPending() }
        }
    }

    /// Sends off what was taken and not yet sent.
    ///
    /// - Throws: as ``write(_:)``.
    public func flush() throws {
        try lock.withLock { try sendPending() }
    }

    private func sendPending() throws {
        let bytes = pending
        pending.removeAll(keepingCapacity: true)
        if !bytes.isEmpty { try send(bytes) }
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) throws {
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 {
                written += count
            } else if errno == EPIPE {
                throw OutputClosed()
            } else if errno != EINTR {
                throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
            }
        }
    }
}

/// Nobody reads the output any more, as in `shipslog events | head -1`: no error, but the end of the work.
public struct OutputClosed: Error {}
