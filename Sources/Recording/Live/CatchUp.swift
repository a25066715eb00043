import KubernetesClient
import RolloutModel

/// What several watches tell while they catch up after a time away, put in the order in which it happened.
///
/// Each watch tells its own past at its own pace: without this, a Deployment would be seen to go back to its old template
/// before the pods are seen whose failure was the reason. Versions of different resources are comparable in fact, though
/// not by promise, where one etcd holds them.
struct CatchUp: Sendable {
    private var held: [RecordedSource: [(change: Change, receivedAt: Timestamp)]] = [:]
    /// The sources in the order in which they first told something.
    private var sources: [RecordedSource] = []
    /// How many changes are held back.
    private(set) var count = 0

    mutating func hold(_ change: Change, from source: RecordedSource, at time: Timestamp) {
        if held[source] == nil { sources.append(source) }
        held[source, default: []].append((change, time))
        count += 1
    }

    /// All of it: of each source in its own order, of several the lowest version first.
    ///
    /// What has no version comes as soon as it is its turn in its source.
    func inOrder() -> [(change: Change, source: RecordedSource, receivedAt: Timestamp)] {
        var rest = sources.map { source in (source: source, told: (held[source] ?? [])[...]) }
        var merged: [(change: Change, source: RecordedSource, receivedAt: Timestamp)] = []
        merged.reserveCapacity(count)
        while let next = Merging.turn(of: rest.map { $0.told.first?.change }, by: \.version) {
            guard let first = rest[next].told.popFirst() else { break }
            merged.append((first.change, rest[next].source, first.receivedAt))
        }
        return merged
    }
}

extension Change {
    fileprivate var version: ResourceVersion? {
        switch self {
        case .changed(_, let object): ResourceVersion(object.resourceVersion)
        case .bookmark(let version): ResourceVersion(version)
        case .gap, .listing, .listed, .synced, .interrupted, .resumed: nil
        }
    }
}
