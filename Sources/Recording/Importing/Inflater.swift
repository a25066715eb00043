import CZlib
import Foundation
import RolloutModel

/// Takes gzip back, piece by piece; members that follow one another, as in log files put together, are one text.
///
/// - SeeAlso: <https://www.rfc-editor.org/rfc/rfc1952>
final class Inflater {
    private var stream = z_stream()
    private var chunk = [UInt8](repeating: 0, count: 1 << 18)
    /// Whether the input so far ends between two members.
    private(set) var isBetweenMembers = true

    /// What gzip begins with.
    static let magic: [UInt8] = [0x1F, 0x8B]

    /// - Throws: ``ShipslogError`` with code `unavailable` if there is no memory for it.
    init() throws {
        guard zlib_inflate_init_gzip(&stream) == Z_OK else {
            throw ShipslogError(.unavailable, "There is not enough memory to read what gzip has compressed.")
        }
    }

    deinit { inflateEnd(&stream) }

    /// Inflates the next piece of the input.
    ///
    /// - Returns: What it holds; `nil` if it is not what gzip writes.
    func inflate(_ input: Data) -> Data? {
        var output = Data()
        let isValid = input.withUnsafeBytes { bytes in
            // zlib does not write to its input; it was declared before C had `const`.
            stream.next_in = UnsafeMutablePointer(mutating: bytes.bindMemory(to: UInt8.self).baseAddress)
            stream.avail_in = UInt32(bytes.count)
            repeat {
                guard step(&output) else { return false }
            } while stream.avail_in > 0 || stream.avail_out == 0
            return true
        }
        return isValid ? output : nil
    }

    private func step(_ output: inout Data) -> Bool {
        let capacity = chunk.count
        let status = chunk.withUnsafeMutableBufferPointer { buffer in
            stream.next_out = buffer.baseAddress
            stream.avail_out = UInt32(capacity)
            return CZlib.inflate(&stream, Z_NO_FLUSH)
        }
        output.append(contentsOf: chunk[..<(capacity - Int(stream.avail_out))])
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
