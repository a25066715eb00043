import RolloutModel

/// To which stream the objects belong that a controller owns, by the controller's UID.
///
/// The newest that are gone are kept too: a pod may be heard of after its ReplicaSet.
struct OwnerIndex: Sendable {
    private var streams: [String: StreamName] = [:]
    /// The UIDs of those that are gone, the oldest first.
    private var gone: [String] = []

    /// How many of those that are gone are kept.
    static let goneLimit = 10_000

    func stream(of uid: String) -> StreamName? { streams[uid] }

    mutating func note(uid: String, stream: StreamName, isGone: Bool) {
        streams[uid] = stream
        guard isGone else { return }
        gone.append(uid)
        guard gone.count > 2 * Self.goneLimit else { return }
        for old in gone.prefix(Self.goneLimit) { streams[old] = nil }
        gone.removeFirst(Self.goneLimit)
    }
}
