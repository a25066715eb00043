import RolloutModel

/// Reads what one file holds, in the order in which it stands there.
protocol FileReader {
    associatedtype Value

    /// How many bytes of it were taken in so far.
    var bytesRead: Int { get }

    /// - Throws: as ``LineReader/init(path:)``.
    init(path: String) throws

    /// The next value, or what is wrong with the next line; `nil` at the end.
    ///
    /// - Throws: as ``LineReader/next()``.
    mutating func next() async throws -> Result<Value, BrokenLine>?
}

/// Several saved files as one: streams captured side by side, the parts of a log, or the logs of several API servers.
///
/// Each file keeps its own order; of their next values the lowest comes first, on a tie that of the file named first. One
/// without a place in the order comes as soon as it is its turn in its file, as does a broken line.
struct MergedFiles<Reader: FileReader, Order: Comparable> {
    private let paths: [String]
    private let order: (Reader.Value) -> Order?
    private var readers: [Reader]
    /// The next value of each; empty before the first is asked for.
    private var heads: [Result<Reader.Value, BrokenLine>?] = []
    /// Which of the files hold anything.
    private var begun: Set<Int> = []

    /// How many lines so far could not be taken in.
    private(set) var brokenLineCount = 0
    /// The first of them.
    private(set) var brokenLines: [BrokenLine] = []

    /// How many broken lines are told one by one.
    private let brokenLineLimit = 20

    /// Opens the files.
    ///
    /// - Parameters:
    ///   - isStrict: Whether a broken line keeps everything out; then every file is read twice.
    ///   - order: The place of a value.
    /// - Throws: as ``LineReader/init(path:)``; ``ShipslogError`` with code `invalidArgument` if nothing is to be taken in.
    init(paths: [String], isStrict: Bool = false, order: @escaping (Reader.Value) -> Order?) async throws {
        if isStrict { try await Self(paths: paths, order: order).refuseBrokenLines() }
        self.paths = paths
        self.order = order
        readers = try paths.map { try Reader(path: $0) }
    }

    /// How many bytes of all files were taken in so far.
    var bytesRead: Int { readers.reduce(0) { $0 + $1.bytesRead } }

    /// The files that hold no line at all, once all is read.
    var emptyFiles: [String] { paths.indices.filter { !begun.contains($0) }.map { paths[$0] } }

    /// The next value; `nil` at the end.
    ///
    /// Broken lines before it are noted.
    ///
    /// - Throws: as ``LineReader/next()``.
    mutating func next() async throws -> Reader.Value? {
        while let result = try await nextResult() {
            switch result {
            case .success(let value): return value
            case .failure(let broken):
                brokenLineCount += 1
                if brokenLines.count < brokenLineLimit { brokenLines.append(broken) }
            }
        }
        return nil
    }

    private mutating func nextResult() async throws -> Result<Reader.Value, BrokenLine>? {
        if heads.isEmpty { for index in readers.indices { heads.append(try await readers[index].next()) } }
        guard let first = Merging.turn(of: heads, by: { (try? $0.get()).flatMap(order) }), let head = heads[first]
        else {
            return nil
        }
        begun.insert(first)
        heads[first] = try await readers[first].next()
        return head
    }

    private consuming func refuseBrokenLines() async throws {
        if paths.contains("-") {
            throw ShipslogError(
                .invalidArgument, "Standard input cannot be imported strictly, since it can be read only once.",
                hint: "Save it to a file."
            )
        }
        while let result = try await nextResult() {
            guard case .failure(let broken) = result else { continue }
            throw ShipslogError(
                .invalidArgument, "\(broken); nothing was imported.",
                hint: "Leave out --strict to import the other lines."
            )
        }
    }
}
