import Crypto
import Foundation
import RolloutModel

/// Reads a bundle line by line, and lets nothing pass that does not follow from its checkpoint.
struct BundleReader {
    private let path: String
    private var lines: FileLines
    private var lineNumber = 1
    private var digest = SHA256()
    private var lastPosition: Position = 0
    private var versions: [StreamName: Int64] = [:]
    /// The streams of which only single events follow.
    private var loose: Set<StreamName> = []

    /// The first line.
    let header: BundleHeader
    /// The right edge of the tree that the events are proven against.
    let edge: Frontier
    /// The number of events so far.
    private(set) var events = 0
    /// The positions of those whose payload was masked.
    private(set) var masked: [Position] = []

    /// How many bytes were read.
    var bytesRead: Int { lines.bytesRead }

    /// Opens a bundle and reads its first line.
    ///
    /// - Throws: `ShipslogError` with code `notFound` or `unavailable` if there is no file to read; `invalidArgument` if it is
    ///   no bundle; `unsupportedSchema` if it is one of another format; `tampered` if it was altered.
    init(path: String) throws {
        self.path = path
        lines = try FileLines(path: path)
        let mark = Data(#"{"bundle":"#.utf8)
        let beginning = try lines.peek(mark.count)
        guard beginning == mark, let line = try lines.next() else {
            let reason = beginning.isEmpty ? "it is empty" : "it does not begin as one"
            throw ShipslogError(.invalidArgument, "The file \(path) is not a bundle: \(reason).")
        }
        header = try Self.header(line, path: path)
        guard let edge = header.edge, (0...edge.size).contains(Int(header.end.rawValue)) else {
            throw ShipslogError.altered(bundle: path, "its first line contradicts itself.")
        }
        self.edge = edge
        digest.update(data: line)
    }

    private static func header(_ line: Data, path: String) throws -> BundleHeader {
        struct Format: Decodable { var bundle: Int }
        guard line.last == UInt8(ascii: "\n") else { throw cut(path) }
        do {
            let format = try CanonicalJSON.decode(Format.self, from: line).bundle
            guard format == BundleHeader.currentFormat else {
                throw ShipslogError(
                    .unsupportedSchema,
                    "The bundle \(path) has format \(format); this version of shipslog knows format \(BundleHeader.currentFormat).",
                    hint: "Upgrade shipslog."
                )
            }
            return try CanonicalJSON.decode(BundleHeader.self, from: line)
        } catch is DecodingError {
            throw ShipslogError.altered(bundle: path, "its first line cannot be read.")
        }
    }

    /// The next event, proven; `nil` once the end was reached and found right.
    ///
    /// - Throws: `ShipslogError` with code `tampered` or `unavailable`.
    mutating func next() throws -> (event: BundleEvent, seal: EventInsertion.Seal)? {
        guard let line = try lines.next(), line.last == UInt8(ascii: "\n") else { throw Self.cut(path) }
        lineNumber += 1
        if line.starts(with: BundleEnd.mark) {
            try finish(with: line)
            return nil
        }
        digest.update(data: line)
        let event: BundleEvent
        do {
            event = try CanonicalJSON.decode(BundleEvent.self, from: line)
        } catch is DecodingError {
            throw altered("its line \(lineNumber) cannot be read.")
        }
        try judgePlace(of: event)
        let seal = try seal(of: event)
        events += 1
        if event.masked != nil { masked.append(event.position) }
        return (event, seal)
    }

    private mutating func judgePlace(of event: BundleEvent) throws {
        let (position, stream) = (event.position, event.stream)
        guard position > lastPosition else {
            throw altered("the event at position \(position) stands after that at position \(lastPosition).")
        }
        lastPosition = position
        let version = versions[stream, default: 0]
        guard event.version > version else {
            throw altered(
                "the event at position \(position) has version \(event.version) in \(stream), after \(version).")
        }
        if event.version != version + 1 { loose.insert(stream) }
        guard !loose.contains(stream) || BundleContents.looseTypes.contains(event.type) else {
            throw altered("of \(stream) an event is missing before that at position \(position).")
        }
        versions[stream] = event.version
    }

    private func seal(of event: BundleEvent) throws -> EventInsertion.Seal {
        guard let commitment = event.commitment, header.isMasked || event.masked == nil else {
            throw altered("the event at position \(event.position) has no salt.")
        }
        let leaf = ProvenEvent.leaf(
            of: event.recorded, log: header.ledger, commitment: commitment.commitment,
            payloadBytes: commitment.length)
        let proof = InclusionProof(index: Int(event.position.rawValue) - 1, size: header.size, hashes: event.proof)
        guard proof.verifies(leafHash: leaf, root: header.root) else {
            throw altered("the event at position \(event.position) is not the one that was recorded.")
        }
        return EventInsertion.Seal(salt: event.salt, commitment: commitment.commitment, leaf: leaf)
    }

    private mutating func finish(with line: Data) throws {
        let end = BundleEnd(events: events, masked: masked.count, digest: Hash256(digest.finalize()))
        guard line == end.line + Data("\n".utf8) else {
            throw altered("its last line does not fit the lines before it.")
        }
        guard try lines.next() == nil else { throw altered("something follows its last line.") }
        try lines.close()
    }

    private func altered(_ what: String) -> ShipslogError { ShipslogError.altered(bundle: path, what) }

    private static func cut(_ path: String) -> ShipslogError {
        ShipslogError(.tampered, "The bundle \(path) was cut: its end is missing.", hint: "Ask for it again.")
    }
}

extension ShipslogError {
    /// A bundle is not as it was made.
    static func altered(bundle path: String, _ what: String) -> ShipslogError {
        ShipslogError(.tampered, "The bundle \(path) was altered: \(what)", hint: "Ask for it again.")
    }
}
