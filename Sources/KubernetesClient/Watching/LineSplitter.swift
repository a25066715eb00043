#if Network
    import Foundation
    import NIOCore
    import NIOFoundationCompat

    /// Cuts bytes that come in pieces into lines.
    struct LineSplitter {
        private var buffer = ByteBuffer()
        /// How many bytes at the beginning have been looked at, and have no line's end.
        private var searched = 0

        /// How many bytes wait for the end of their line.
        var pending: Int { buffer.readableBytes }

        mutating func append(_ piece: ByteBuffer) {
            buffer.discardReadBytes()
            buffer.writeImmutableBuffer(piece)
        }

        /// The next whole line, without its end; `nil` if there is none yet.
        mutating func next() -> Data? {
            let rest = buffer.readableBytesView.dropFirst(searched)
            guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else {
                searched = buffer.readableBytes
                return nil
            }
            let length = end - buffer.readerIndex
            let line = buffer.readData(length: length, byteTransferStrategy: .copy)
            buffer.moveReaderIndex(forwardBy: 1)
            searched = 0
            return line
        }
    }
#endif
