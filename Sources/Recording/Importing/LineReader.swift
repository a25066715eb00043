import Foundation
import RolloutModel

/// Reads a file line by line in constant memory; one that gzip has compressed, as what it was before.
struct LineReader {
    let path: String
    private let handle: FileHandle
    private var buffer = Data()
    /// Where the next line begins in the buffer.
    private var start = 0
    private var isAtEnd = false
    /// Absent if the file is not compressed.
    private var inflater: Inflater?
    /// How many bytes of the file were taken in so far.
    private(set) var bytesRead = 0

    /// No object that an API server sends is as long: it takes requests of up to 3 MiB.
    static let lineLimit = 16 << 20
    private static let chunk = 1 << 16

    enum Line: Sendable {
        /// The bytes of a line, without its newline.
        case text(Data)
        /// A line of over ``lineLimit`` bytes, passed over.
        case tooLong
    }

    /// Opens a file; `-` is standard input.
    ///
    /// - Throws: ``ShipslogError`` with code `notFound` if there is none, `unavailable` if it may not be read,
    ///   `invalidArgument` if it is a folder.
    init(path: String) throws {
        self.path = path
        if path == "-" {
            handle = .standardInput
            return
        }
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw ShipslogError(.notFound, "There is no file \(path).")
        }
        if isFolder.boolValue {
            throw ShipslogError(.invalidArgument, "\(path) is a folder.", hint: "Name the files in it.")
        }
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw ShipslogError(.unavailable, "The file \(path) may not be read.", hint: "Look at its permissions.")
        }
        self.handle = handle
    }

    /// The next line; `nil` at the end.
    ///
    /// The last one may lack its newline.
    ///
    /// - Throws: ``ShipslogError`` with code `unavailable` if the medium fails; `invalidArgument` if the file is compressed,
    ///   and damaged or cut short.
    mutating func next() throws -> Line? {
        var searched = start
        var isTooLong = false
        while true {
            if let end = newline(from: searched) {
                defer { start = end + 1 }
                return isTooLong ? .tooLong : .text(buffer[start..<end])
            }
            if buffer.endIndex - start > Self.lineLimit {
                isTooLong = true
                start = buffer.endIndex
            }
            searched = buffer.endIndex - start
            buffer.removeSubrange(..<start)
            buffer = Data(buffer)
            start = 0
            let filled = isAtEnd ? false : try fill()
            if !filled {
                defer { start = buffer.endIndex }
                if isTooLong { return .tooLong }
                return buffer.isEmpty ? nil : .text(buffer)
            }
        }
    }

    private func broken(_ what: String) -> ShipslogError {
        ShipslogError(.invalidArgument, "The file \(path) \(what).")
    }

    private func newline(from index: Int) -> Int? {
        buffer.withUnsafeBytes { bytes in
            guard index < bytes.count, let base = bytes.baseAddress else { return nil }
            return memchr(base + index, 0x0A, bytes.count - index).map { base.distance(to: UnsafeRawPointer($0)) }
        }
    }

    /// Takes in more of the file; `false` at its end.
    private mutating func fill() throws -> Bool {
        while true {
            if let inflater {
                guard let piece = inflater.next() else { throw broken("is not what gzip writes, or damaged") }
                buffer.append(piece)
                if !piece.isEmpty { return true }
            }
            guard let chunk = try readChunk() else {
                isAtEnd = true
                if inflater?.isBetweenMembers == false {
                    throw broken("ends in the middle of what gzip has compressed")
                }
                return false
            }
            if bytesRead == 0, chunk.starts(with: Inflater.magic) { inflater = try Inflater() }
            bytesRead += chunk.count
            guard let inflater else {
                buffer.append(chunk)
                return true
            }
            inflater.take(chunk)
        }
    }

    /// The next bytes of the file; `nil` at its end.
    private func readChunk() throws -> Data? {
        do {
            let chunk = try handle.read(upToCount: Self.chunk)
            return chunk?.isEmpty == false ? chunk : nil
        } catch {
            throw ShipslogError(.unavailable, "Reading \(path) failed: \(error.localizedDescription).")
        }
    }
}
