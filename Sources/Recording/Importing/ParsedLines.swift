import Foundation

/// Reads a file of JSON lines, in order, and parses what comes next meanwhile: on as many cores as there are.
///
/// Empty lines are passed over.
struct ParsedLines<Value: Sendable> {
    private typealias Line = Result<Value, BrokenLine>
    /// The values of a line, and what is wrong with those that it should have.
    typealias Parse = @Sendable (Data) throws -> [Result<Value, BrokenLine.Refusal>]

    private var lines: LineReader
    private var lineNumber = 0
    /// What a line should be: `watch event`.
    private let what: String
    private let parse: Parse
    /// Parts of the file that are being parsed, the first first.
    private var parsing: [Task<[Line], Never>] = []
    /// Lines that are parsed and still to be given, the last first.
    private var parsed: [Line] = []

    /// How many bytes are parsed at once, a line more or less.
    private let partSize: Int
    private static var partsAtOnce: Int { ProcessInfo.processInfo.activeProcessorCount }

    var bytesRead: Int { lines.bytesRead }

    /// - Parameters:
    ///   - what: What a line should be, for who reads that it is not.
    ///   - partSize: How many bytes are parsed at once: the more, the more memory they take.
    ///   - parse: Makes values of a line.
    /// - Throws: as ``LineReader/init(path:)``.
    init(path: String, what: String, partSize: Int, parse: @escaping Parse) throws {
        lines = try LineReader(path: path)
        self.what = what
        self.partSize = partSize
        self.parse = parse
    }

    /// The next value, or what is wrong with the next line; `nil` at the end.
    ///
    /// - Throws: as ``LineReader/next()``.
    mutating func next() async throws -> Result<Value, BrokenLine>? {
        while parsed.isEmpty {
            while parsing.count < Self.partsAtOnce, let part = try nextPart() { parsing.append(part) }
            if parsing.isEmpty { return nil }
            parsed = await parsing.removeFirst().value.reversed()
        }
        return parsed.popLast()
    }

    /// Reads on, and begins to parse what was read; `nil` at the end.
    private mutating func nextPart() throws -> Task<[Line], Never>? {
        var part: [(number: Int, line: LineReader.Line)] = []
        var size = 0
        while size < partSize, let line = try lines.next() {
            lineNumber += 1
            part.append((lineNumber, line))
            if case .text(let text) = line { size += text.count }
        }
        if part.isEmpty { return nil }
        let (read, path, what, parse) = (part, lines.path, what, parse)
        return Task {
            read.flatMap { number, line -> [Line] in
                func broken(_ reason: String) -> BrokenLine { BrokenLine(path: path, line: number, reason: reason) }
                guard case .text(let text) = line else { return [.failure(broken("the line is longer than 16 MiB"))] }
                if text.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { return [] }
                do {
                    return try parse(text).map { value in value.mapError { broken($0.reason) } }
                } catch {
                    return [.failure(broken(BrokenLine.reason(error, what: what)))]
                }
            }
        }
    }
}
