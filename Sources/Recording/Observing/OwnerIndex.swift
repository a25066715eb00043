import RolloutModel

/// To which stream each object belongs, and what a controller owns with it, by UID.
///
/// The newest that are gone are kept too: a pod may be heard of after its ReplicaSet, and a line may come twice.
struct OwnerIndex: Sendable {
    private var streams: [String: StreamName] = [:]
    private var gone: Set<String> = []
    /// The same, the oldest first.
    private var goneInOrder: [String] = []

    /// How many of those that are gone are kept at least.
    static let goneLimit = 10_000

    func stream(of uid: String) -> StreamName? { streams[uid] }

    /// Whether an object was seen to go.
    ///
    /// Its UID will never be given to another.
    func isGone(_ uid: String) -> Bool { gone.contains(uid) }

    mutating func note(uid: String, stream: StreamName) {
        streams[uid] = stream
    }

    mutating func noteGone(uid: String, stream: StreamName) {
        streams[uid] = stream
        guard gone.insert(uid).inserted else { return }
        goneInOrder.append(uid)
        guard goneInOrder.count > 2 * Self.goneLimit else { return }
        for old in goneInOrder.prefix(Self.goneLimit) {
            streams[old] = nil
            gone.remove(old)
        }
        goneInOrder.removeFirst(Self.goneLimit)
    }
}
