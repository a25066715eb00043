import RolloutModel

/// Several saved streams as one.
///
/// The order: each stream keeps its own; of the streams' next events, the one with the lowest resourceVersion comes first,
/// on a tie the one of the stream named first. Versions of different resources are comparable in fact, though not by
/// promise, where one etcd holds them. An event whose version is not a number comes as soon as it is its turn in its
/// stream, as do errors.
struct MergedStreams {
    private var readers: [WatchStreamReader]
    /// The next event of each; empty before the first is asked for.
    private var heads: [Head?] = []

    private struct Head {
        var item: Item
        var version: ResourceVersion?
    }

    /// The next event of the merged stream, or a broken line.
    struct Item {
        /// Which of the streams it is of, in the order in which they were named.
        var stream: Int
        /// What the stream is about.
        var resource: String
        var result: Result<WatchEvent, BrokenLine>
    }

    /// - Throws: as ``LineReader/init(path:)``.
    init(paths: [String]) throws {
        readers = try paths.map { try WatchStreamReader(path: $0) }
    }

    /// How many bytes of all streams were taken in so far.
    var bytesRead: Int { readers.reduce(0) { $0 + $1.bytesRead } }

    /// - Throws: as ``LineReader/next()``.
    mutating func next() async throws -> Item? {
        if heads.isEmpty { for index in readers.indices { heads.append(try await advance(index)) } }
        guard let first = Merging.turn(of: heads, by: \.version), let head = heads[first] else { return nil }
        heads[first] = try await advance(first)
        return head.item
    }

    private mutating func advance(_ index: Int) async throws -> Head? {
        guard let result = try await readers[index].next() else { return nil }
        let item = Item(stream: index, resource: readers[index].resource, result: result)
        guard case .success(let event) = result else { return Head(item: item) }
        return Head(item: item, version: event.resourceVersion.flatMap { ResourceVersion($0) })
    }
}
