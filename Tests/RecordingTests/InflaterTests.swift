import Foundation
import ShipslogTesting
import Testing

@testable import Recording

@Suite struct InflaterTests {
    @Test("however much is compressed in a few bytes, it comes in small pieces")
    func pieces() throws {
        let folder = try TemporaryFolder()
        let text = Data(repeating: UInt8(ascii: "a"), count: 32 << 20)
        try text.write(to: URL(fileURLWithPath: folder.file("text")))
        #expect(try Program.run("/usr/bin/env", ["gzip", folder.file("text")]).status == 0)
        let compressed = try Data(contentsOf: URL(fileURLWithPath: folder.file("text.gz")))
        #expect(compressed.count < 1 << 18)

        let inflater = try Inflater()
        // Two members, one after the other.
        inflater.take(compressed + compressed)
        var count = 0
        var largest = 0
        while let piece = inflater.next(), !piece.isEmpty {
            count += piece.count
            largest = max(largest, piece.count)
        }
        #expect(count == 2 * text.count)
        #expect(largest <= Inflater.pieceLimit)
        #expect(inflater.isBetweenMembers)
    }
}
