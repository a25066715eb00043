import Foundation
import RolloutModel
import ShipslogTesting
import Testing

@testable import EventLedger

@Suite("Bundles")
struct BundleTests {
    @Test(
        "a bundle holds the events of its streams up to its end, and later what is about them, as they are in the ledger"
    )
    func contents() async throws {
        let small = try await SmallBundle()
        let bundle = try small.open()
        let all = try await Array(small.source.ledger.events())

        // Template 3 is at position 5; 12 is the note on this rollout, 13 the attribution of template 2.
        let expected = all.filter { $0.position <= 5 || [12, 13].contains($0.position) }
        #expect(try await Array(bundle.ledger.events()) == expected)
        #expect(bundle.events == 7)
        #expect(bundle.masked == [])
        #expect(bundle.header.checkpoint == (try small.source.ledger.head()))
        #expect(try bundle.ledger.head() == (try small.source.ledger.head()))
        #expect(try bundle.ledger.end() == 5)
    }

    @Test("its ledger tells of the rollout what the whole ledger tells")
    func projections() async throws {
        let small = try await SmallBundle()
        let (whole, part) = (small.source.ledger, try small.open().ledger)

        let query = RolloutQuery(stream: Sample.web)
        #expect(try part.rollouts(query).prefix(2) == (try whole.rollouts(query).prefix(2)))
        #expect(try part.rollouts(query)[1].actor == Actor(name: "alice", evidence: .audit))
        #expect(try part.state(of: Sample.web, at: .position(5)) == (try whole.state(of: Sample.web, at: .position(5))))
        #expect(try part.state(of: Sample.web) == (try whole.state(of: Sample.web, at: .position(5))))
    }

    @Test("opening leaves no file behind, and nothing can be appended")
    func temporaryFile() async throws {
        let small = try await SmallBundle()
        let bundle = try small.open()
        let files = try FileManager.default.contentsOfDirectory(atPath: small.source.folder.path)
        #expect(files.filter { $0.hasPrefix("shipslog-") } == [])
        await #expect(throws: ShipslogError.self) { try await bundle.ledger.append([Sample.gap(1, in: Sample.web)]) }
    }

    @Test("a masked payload is another, but its event is proven all the same")
    func masked() async throws {
        let small = try await SmallBundle(masked: true)
        let whole = try await Array(small.source.ledger.events()).map { ($0.position, $0.event.payload) }
        var reader = try BundleReader(path: written(small))
        var expected: [Position] = []
        while let (event, _) = try reader.next() {
            let original = try #require(whole.first { $0.0 == event.position }).1
            let isMasked = original.count.isMultiple(of: 2)
            #expect(event.recorded.event.payload == (isMasked ? Data(#"{"masked":"***1"}"#.utf8) : original))
            #expect((event.salt == nil) == isMasked)
            if isMasked { expected.append(event.position) }
        }
        #expect(!expected.isEmpty && reader.masked == expected)
    }

    @Test("a ledger that was changed gives no bundle")
    func tamperedLedger() async throws {
        let small = try await SmallBundle()
        try small.source.ledger.close()
        try Intruder.change(small.source.path, "UPDATE event SET occurred_at = occurred_at + 1 WHERE position = 3")
        let ledger = try Ledger.open(at: small.source.path, mode: .readOnly)
        let rollout = try ledger.rollouts(RolloutQuery(stream: Sample.web, number: 2))[0]
        let contents = BundleContents(rollout: rollout, end: 5, streams: [Sample.web: 5])

        let error = #expect(throws: ShipslogError.self) { try SmallBundle.write(contents, of: ledger) }
        #expect(error?.message == "The event at position 3 is not the one that was appended.")
    }

    @Test("proofs hold over full tiles, and for single events among many")
    func largeLedger() async throws {
        let temporary = try TemporaryLedger()
        let ledger = temporary.ledger
        _ = try await ledger.append([try SmallBundle.template(1)])
        _ = try await ledger.append((1_001...1_700).map { Sample.gap($0, in: $0 % 60 == 0 ? Sample.web : Sample.api) })
        let rollout = try ledger.rollouts()[0]
        let contents = BundleContents(rollout: rollout, end: 701, streams: [Sample.web: 701])
        let lines = try SmallBundle.write(contents, of: ledger)
        let path = temporary.folder.file("web.shipslog")
        try Data(lines.joined(separator: Data("\n".utf8)) + Data("\n".utf8)).write(to: URL(fileURLWithPath: path))

        let bundle = try RolloutBundle.open(at: path, in: temporary.folder.path)
        #expect(bundle.events == 13)
        #expect(
            try await Array(bundle.ledger.events())
                == (try await Array(ledger.events(EventQuery(streams: [Sample.web])))))
    }

    @Test("a former head of the ledger is known again, and a later one is not")
    func formerHead() async throws {
        let small = try await SmallBundle()
        let before = try small.source.ledger.head()
        _ = try await small.source.ledger.append([Sample.gap(50, in: Sample.api)])
        #expect(try small.source.ledger.head(atSize: before.size) == before)
        #expect(try small.source.ledger.head(atSize: before.size.next) == (try small.source.ledger.head()))
        #expect(try small.source.ledger.head(atSize: before.size.next.next) == nil)
    }

    private func written(_ small: SmallBundle) throws -> String {
        try small.bytes.write(to: URL(fileURLWithPath: small.path))
        return small.path
    }
}

extension Position {
    fileprivate var next: Position { Position(rawValue: rawValue + 1) }
}
