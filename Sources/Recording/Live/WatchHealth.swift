import KubernetesClient
import RolloutModel

/// Which watches tell what happens as it happens, and what keeps the others from it.
struct WatchHealth: Sendable {
    private var live: Set<RecordedSource> = []
    /// Those that tell nothing new until a list is complete.
    private var listing: Set<RecordedSource> = []
    private var troubles: [RecordedSource: String] = [:]

    /// How many watches tell what happens.
    var liveCount: Int { live.count }

    /// What keeps a watch from telling, in a sentence; of several always the same one, `nil` if nothing does.
    var trouble: String? { troubles.min { $0.key.key < $1.key.key }?.value }

    /// Takes in what a watch tells.
    ///
    /// - Parameter hasPlace: Whether the watch goes on from where an earlier one stopped.
    mutating func note(_ change: Change, from source: RecordedSource, hasPlace: Bool) {
        switch change {
        case .gap, .listing:
            live.remove(source)
            listing.insert(source)
        case .synced:
            listing.remove(source)
            live.insert(source)
        case .interrupted(let interruption):
            live.remove(source)
            troubles[source] = interruption.error.message
        case .resumed:
            troubles[source] = nil
            if hasPlace, !listing.contains(source) { live.insert(source) }
        case .listed, .changed, .bookmark:
            break
        }
    }
}
