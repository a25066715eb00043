import Foundation

/// Watch streams as long as one likes: the same ones again and again, each time of another namespace and other objects.
enum RepeatedStreams {
    /// Writes streams that are repeated until there are at least so many bytes of them, under the names that they had.
    ///
    /// - Returns: How many bytes were written.
    static func write(_ sources: [URL], to folder: URL, bytes: Int) throws -> Int {
        let streams = try sources.map { (name: $0.lastPathComponent, parts: try parts(of: $0)) }
        let once = streams.map { $0.parts.map(\.count).reduce(0, +) }.reduce(0, +)
        var written = 0
        for stream in streams {
            let path = folder.appending(path: stream.name).path
            guard FileManager.default.createFile(atPath: path, contents: nil),
                let file = FileHandle(forWritingAtPath: path)
            else { throw CocoaError(.fileWriteUnknown) }
            for copy in 0...bytes / once {
                let digits = String(copy, radix: 16)
                let name = Data((String(repeating: "0", count: 8 - digits.count) + digits).utf8)
                let text = Data(stream.parts.joined(separator: name))
                try file.write(contentsOf: text)
                written += text.count
            }
            try file.close()
        }
        return written
    }

    /// A stream, cut where the name of a copy goes: after the namespace, and in the place of a uid's first eight
    /// digits, which leaves it one of its kind.
    private static func parts(of source: URL) throws -> [Data] {
        let text = try String(contentsOf: source, encoding: .utf8)
            .replacing(#/"namespace":"shop"/#, with: "\"namespace\":\"shop-\u{0}\"")
            .replacing(#/"uid":"[0-9a-f]{8}/#, with: "\"uid\":\"\u{0}")
        return Data(text.utf8).split(separator: 0, omittingEmptySubsequences: false)
    }
}
