import Foundation
import RolloutModel

/// The lines of a file, one at a time: memory does not grow with their number.
struct FileLines {
    private let path: String
    private let handle: FileHandle
    private var buffer = Data()
    /// How many bytes the lines handed out so far have had.
    private(set) var bytesRead = 0

    private static let chunk = 1 << 18
    /// No line of ours is as long: an API server takes objects of up to 3 MiB.
    private static let limit = 64 << 20

    /// Opens a file.
    ///
    /// - Throws: `ShipslogError` with code `notFound` if there is none, `invalidArgument` if it is a folder, `unavailable` if
    ///   it may not be read.
    init(path: String) throws {
        self.path = path
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw ShipslogError(.notFound, "There is no file \(path).")
        }
        guard !isFolder.boolValue else { throw ShipslogError(.invalidArgument, "\(path) is a folder, not a bundle.") }
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw ShipslogError(.unavailable, "The file \(path) may not be read.", hint: "Look at its permissions.")
        }
        self.handle = handle
    }

    /// The next bytes, which stay to be read; fewer at the end of the file.
    mutating func peek(_ count: Int) throws -> Data {
        while buffer.count < count, try fill() {}
        return buffer.prefix(count)
    }

    /// The next line with its newline, which the last one of a file may lack; `nil` at the end.
    ///
    /// - Throws: `ShipslogError` with code `unavailable` if the medium fails; `invalidArgument` if a line has no end.
    mutating func next() throws -> Data? {
        var searched = 0
        while true {
            if let newline = buffer.dropFirst(searched).firstIndex(of: UInt8(ascii: "\n")) {
                return take(newline - buffer.startIndex + 1)
            }
            searched = buffer.count
            guard searched <= Self.limit else {
                throw ShipslogError(.invalidArgument, "The file \(path) has a line of over \(Self.limit) bytes.")
            }
            if try !fill() { return buffer.isEmpty ? nil : take(buffer.count) }
        }
    }

    private mutating func take(_ count: Int) -> Data {
        let line = Data(buffer.prefix(count))
        buffer = buffer.dropFirst(count)
        bytesRead += count
        return line
    }

    /// Reads on; `false` at the end of the file.
    private mutating func fill() throws -> Bool {
        do {
            guard let more = try handle.read(upToCount: max(Self.chunk, buffer.count)), !more.isEmpty else {
                return false
            }
            buffer = Data(buffer) + more
            return true
        } catch {
            throw ShipslogError(.unavailable, "The file \(path) cannot be read: \(error.localizedDescription)")
        }
    }

    /// Closes the file.
    func close() throws { try handle.close() }
}
