import CZlib
import Foundation
import RolloutModel

/// Takes gzip back, piece by piece; members that follow one another, as in log files put together, are one text.
///
/// - SeeAlso: <https://www.rfc-editor.org/rfc/rfc1952>
final class Inflater {
    private var stream = z_stream()
    private var input = Data()
    /// How much of the input was taken.
    private var offset = 0
    private var chunk = [UInt8](repeating: 0, count: pieceLimit)
    /// Whether the input so far ends between two members.
    private(set) var isBetweenMembers = true

    /// What gzip begins with.
    static let magic: [UInt8] = [0x1F, 0x8B]
    /// How much comes of it at once at most, however much is compressed in a few bytes.
    static let pieceLimit = 1 << 18

    /// - Throws: ``ShipslogError`` with code `unavailable` if there is no memory for it.
    init() throws {
        guard zlib_inflate_init_gzip(&stream) == Z_OK else {
            throw ShipslogError(.unavailable, "There is not enough memory to read what gzip has compressed.")
        }
    }

    deinit { inflateEnd(&stream) }

    /// Takes in more input.
    ///
    /// - Precondition: ``next()`` has given all that came of the input before.
    func take(_ more: Data) {
        input = more
        offset = 0
    }

    /// The next piece of what the input holds.
    ///
    /// - Returns: Nothing if more input is needed; `nil` if it is not what gzip writes.
    func next() -> Data? {
        repeat {
            guard let piece = step() else { return nil }
            if !piece.isEmpty { return piece }
        } while offset < input.count
        return Data()
    }

    private func step() -> Data? {
        let status = input.withUnsafeBytes { bytes in
            // zlib does not write to its input; it was declared before C had `const`.
            stream.next_in = UnsafeMutablePointer(mutating: bytes.bindMemory(to: UInt8.self).baseAddress)?
                .advanced(by: offset)
            stream.avail_in = UInt32(bytes.count - offset)
            return chunk.withUnsafeMutableBufferPointer { buffer in
                stream.next_out = buffer.baseAddress
                stream.avail_out = UInt32(buffer.count)
                return CZlib.inflate(&stream, Z_NO_FLUSH)
            }
        }
        offset = input.count - Int(stream.avail_in)
        return isValid(status) ? Data(chunk[..<(chunk.count - Int(stream.avail_out))]) : nil
    }

    private func isValid(_ status: Int32) -> Bool {
        switch status {
        case Z_STREAM_END:
            isBetweenMembers = true
            return inflateReset(&stream) == Z_OK
        case Z_OK:
            isBetweenMembers = false
            return true
        case Z_BUF_ERROR:
            // Nothing to do until more comes.
            return stream.avail_in == 0
        default:
            return false
        }
    }
}
