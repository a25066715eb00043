import RolloutModel

/// To which stream each object belongs, and what a controller owns with it, by UID.
///
/// The newest that are gone are kept too: a pod may be heard of after its ReplicaSet, and a line may come twice.
struct OwnerIndex: Sendable {
    private var streams: [String: StreamName] = [:]
    /// Those that are gone, and whether they were chosen.
    private var gone: [String: Bool] = [:]
    /// The same, the oldest first.
    private var goneInOrder: [String] = []

    /// How many of those that are gone are kept at least.
    static let goneLimit = 10_000

    func stream(of uid: String) -> StreamName? { streams[uid] }

    /// Whether an object was seen to go.
    ///
    /// Its UID will never be given to another.
    func isGone(_ uid: String) -> Bool { gone[uid] != nil }

    /// Whether an object that was seen to go had been chosen; `nil` if it was not seen to go.
    func wasChosen(_ uid: String) -> Bool? { gone[uid] }

    mutating func note(uid: String, stream: StreamName) {
        streams[uid] = stream
    }

    mutating func noteGone(uid: String, stream: StreamName, wasChosen: Bool) {
        streams[uid] = stream
        guard gone.updateValue(wasChosen, forKey: uid) == nil else { return }
        goneInOrder.append(uid)
        guard goneInOrder.count > 2 * Self.goneLimit else { return }
        for old in goneInOrder.prefix(Self.goneLimit) {
            streams[old] = nil
            gone[old] = nil
        }
        goneInOrder.removeFirst(Self.goneLimit)
    }
}
