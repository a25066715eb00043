import EventLedger
import Foundation
import RolloutModel
import ShipslogTesting
import Testing

@Suite("A ledger file with a changed byte", .serialized)
struct FlippedByteTests {
    @Test("every changed byte is reported, unless it means nothing")
    func everyByte() async throws {
        try await withTemporaryFolder { folder in
            let file = folder.appending(path: "ledger.db")
            let remembered = try await makeLedger(at: file)
            let intact = try Data(contentsOf: file)
            #expect(try isSound(file, remembered))
            let meaningless = try DatabasePages(file: file).unused
            var unreported: [Int] = []
            for offset in intact.indices where isTried(offset, isMeaningless: meaningless.contains(offset)) {
                var changed = intact
                changed[offset] ^= 0xFF
                try changed.write(to: file)
                let isReported = try !isSound(file, remembered)
                if !isReported, !meaningless.contains(offset) { unreported.append(offset) }
            }
            #expect(unreported == [])
        }
    }

    /// The long form changes every byte; the short one all of the header and a sample of the rest.
    private func isTried(_ offset: Int, isMeaningless: Bool) -> Bool {
        isLongForm || offset < 100 || offset % (isMeaningless ? 997 : 29) == 0
    }

    /// A ledger that no process has open and whose write-ahead log is empty.
    private func makeLedger(at file: URL) async throws -> Head {
        let ledger = try Ledger.create(at: file.path)
        for number in 0..<10 { _ = try await ledger.append(Workload(name: "flips").batch(number)) }
        let head = try ledger.head()
        try ledger.close()
        return head
    }

    /// Whether nothing is found wrong with a ledger.
    private func isSound(_ file: URL, _ remembered: Head) throws -> Bool {
        do {
            let ledger = try Ledger.open(at: file.path, mode: .readOnly)
            let isSound = try ledger.verify(remembered: remembered).isSound
            try ledger.close()
            return isSound
        } catch is ShipslogError {
            return false
        }
    }
}
