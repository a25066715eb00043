import Crypto
import Foundation
import RolloutModel
import ShipslogTesting
import Testing

@testable import EventLedger

@Suite("Bundles that were altered")
struct AlteredBundleTests {
    @Test("every changed byte is refused", arguments: [false, true])
    func everyByte(masked: Bool) async throws {
        let small = try await SmallBundle(masked: masked)
        let (intact, path) = (small.bytes, small.path)
        #expect(try refusal(of: intact, at: path) == nil)
        var accepted: [Int] = []
        // The last is that between upper and lower case.
        let masks: [UInt8] = [0xFF, 0x01, 0x20]
        for offset in intact.indices {
            for mask in isLongForm ? masks : [masks[offset % masks.count]] {
                var changed = intact
                changed[offset] ^= mask
                if try refusal(of: changed, at: path) == nil { accepted.append(offset) }
            }
        }
        #expect(accepted == [])
    }

    @Test("whatever is cut off its end shows")
    func cut() async throws {
        let small = try await SmallBundle()
        for length in stride(from: 1, to: small.bytes.count, by: isLongForm ? 1 : 13) {
            let error = try refusal(of: small.bytes.prefix(length), at: small.path)
            #expect(error != nil, "\(length) bytes")
            if length > small.lines[0].count {
                #expect(
                    error?.message == "The bundle \(small.path) was cut: its end is missing.", "\(length) bytes")
            }
        }
    }

    /// Changes by somebody who computes the last line anew, and what is said of them.
    private static let changes: [(String, String)] = [
        ("swap 2 3", "the event at position 2 stands after that at position 3."),
        ("repeat 2", "the event at position 2 stands after that at position 2."),
        ("drop 1", "of prod/shop/deployment/web an event is missing before that at position 3."),
        ("drop 3", "of prod/shop/deployment/web an event is missing before that at position 5."),
        ("drop 2", "of prod/shop/recording/watch an event is missing before that at position 4."),
        ("payload 2", "the event at position 2 is not the one that was recorded."),
        ("salt 2", "the event at position 2 has no salt."),
        ("actor 1", "the event at position 1 is not the one that was recorded."),
        ("root 0", "its first line contradicts itself."),
        ("number 0", "it does not hold the rollout 9 of prod/shop/deployment/web."),
        ("end 0", "by its first line it ends at position 0, before its rollout does."),
        ("append 8", "something follows its last line."),
    ]

    @Test("what somebody changed who knows the format is refused, and located", arguments: changes)
    func changed(change: String, message: String) async throws {
        var small = try await SmallBundle()
        let words = change.split(separator: " ")
        let line = try #require(Int(words[1]))
        func replace(_ old: String, _ new: String) {
            small.lines[line] = Data(
                String(decoding: small.lines[line], as: UTF8.self).replacingOccurrences(of: old, with: new).utf8)
        }
        switch words[0] {
        case "swap": small.lines.swapAt(line, line + 1)
        case "repeat": small.lines.insert(small.lines[line], at: line)
        case "drop": small.lines.remove(at: line)
        case "payload": replace("a test", "a jest")
        case "salt": replace(#""salt""#, #""pepper""#)
        case "actor": replace(#""kubectl""#, #""mallory""#)
        case "root": replace(#""root":""#, #""root":"0000"#)
        case "end": replace(#""end":5"#, #""end":0"#)
        case "number": replace(#""number":2"#, #""number":9"#)
        default: break
        }
        if words[0] == "root" { truncateRoot(&small.lines[0]) }
        small.lines[small.lines.count - 1] = end(of: small.lines.dropLast())
        if words[0] == "append" { small.lines.append(Data("{}".utf8)) }

        let error = #expect(throws: ShipslogError.self) { try small.open() }
        #expect(error?.code == .tampered)
        #expect(error?.message == "The bundle \(small.path) was altered: \(message)")
    }

    @Test("whoever forges a whole tree gets no id in twice")
    func repeatedID() async throws {
        let small = try await SmallBundle()
        var first = try SmallBundle.template(1)
        first.rollout = Sample.id(7)
        let lines = try forged([try SmallBundle.template(1), first])
        var forgery = small
        forgery.lines = lines
        let error = #expect(throws: ShipslogError.self) { try forgery.open() }
        #expect(
            error?.message == "The bundle \(small.path) was altered: the event at position 2 has the id of another.")
    }

    @Test("what is no bundle is told from one that was altered")
    func otherFiles() async throws {
        let small = try await SmallBundle()
        let newer = Data(small.bytes.dropFirst(#"{"bundle":1"#.utf8.count))
        let cases: [(Data, ShipslogError.Code, String)] = [
            (Data(), .invalidArgument, "The file \(small.path) is not a bundle: it is empty."),
            (Data("hello".utf8), .invalidArgument, "The file \(small.path) is not a bundle: it does not begin as one."),
            (
                try Data(contentsOf: URL(fileURLWithPath: small.source.path)), .invalidArgument,
                "The file \(small.path) is not a bundle: it does not begin as one."
            ),
            (
                Data(#"{"bundle":2"#.utf8) + newer, .unsupportedSchema,
                "The bundle \(small.path) has format 2; this version of shipslog knows format 1."
            ),
        ]
        for (bytes, code, message) in cases {
            try bytes.write(to: URL(fileURLWithPath: small.path))
            let error = #expect(throws: ShipslogError.self) { try RolloutBundle.open(at: small.path) }
            #expect(error?.code == code)
            #expect(error?.message == message)
        }
        let folder = small.source.folder.path
        #expect(throws: ShipslogError.self) { try RolloutBundle.open(at: folder) }
        let missing = #expect(throws: ShipslogError.self) { try RolloutBundle.open(at: folder + "/none") }
        #expect(missing?.code == .notFound)
        let closed = #expect(throws: ShipslogError.self) {
            try small.bytes.write(to: URL(fileURLWithPath: small.path))
            _ = try RolloutBundle.open(at: small.path, in: folder + "/none")
        }
        #expect(closed?.message == "The folder \(folder)/none for temporary files cannot be written to.")
    }

    /// Why a bundle is refused; `nil` if it is not.
    private func refusal(of bytes: Data, at path: String) throws -> ShipslogError? {
        try bytes.write(to: URL(fileURLWithPath: path))
        do {
            var reader = try BundleReader(path: path)
            while try reader.next() != nil {}
            return nil
        } catch let error as ShipslogError {
            return error
        }
    }

    private func end(of lines: some Collection<Data>) -> Data {
        var digest = SHA256()
        for line in lines { digest.update(data: line + Data("\n".utf8)) }
        return BundleEnd(events: lines.count - 1, masked: 0, digest: Hash256(digest.finalize())).line
    }

    /// Takes as many digits off the end of the root as were put before it.
    private func truncateRoot(_ line: inout Data) {
        let text = String(decoding: line, as: UTF8.self)
        let root = text.replacing(#/"root":"(?<digits>[0-9a-f]{64})[0-9a-f]{4}"/#) { #""root":"\#($0.digits)""# }
        line = Data(root.utf8)
    }

    /// A bundle of events that are in no ledger, each proven in a tree that was made for them.
    private func forged(_ events: [Event]) throws -> [Data] {
        let log = Sample.id(99)
        let salt = try #require(Hash256(bytes: [UInt8](repeating: 7, count: 32)))
        let recorded = events.enumerated().map { index, event in
            RecordedEvent(
                position: Position(rawValue: Int64(index) + 1), version: Int64(index) + 1,
                recordedAt: event.occurredAt, event: event)
        }
        let commitments = events.map { Envelope.commitment(salt: salt, payload: $0.payload) }
        let leaves = zip(recorded, commitments).map { recorded, commitment in
            ProvenEvent.leaf(
                of: recorded, log: log, commitment: commitment, payloadBytes: recorded.event.payload.count)
        }
        var edge = Frontier()
        for leaf in leaves { edge.append(leaf) }
        let header = BundleHeader(
            stream: Sample.web, number: 1, end: 1, isMasked: false, madeAt: Timestamp(microseconds: 0), madeBy: "test",
            ledger: log, size: edge.size, root: edge.root, frontier: edge.subtreeRoots)
        let lines = try recorded.indices.map { index in
            let proof = InclusionProof(index: index, size: leaves.count) { leaves[$0.index] }
            return try CanonicalJSON.encode(
                BundleEvent(
                    ProvenEvent(recorded: recorded[index], salt: salt, commitment: commitments[index], proof: proof),
                    masked: nil))
        }
        let all = [try CanonicalJSON.encode(header)] + lines
        return all + [end(of: all)]
    }
}
