import Foundation
import RolloutModel

/// Makes events of what a ``Cluster`` tells of its objects.
package actor ClusterWitness {
    private var observer: Observer
    /// The UIDs of the objects that it was told of and that live: any other is new.
    private var known: Set<String> = []

    /// - Parameter cluster: What the cluster is called in the names of streams.
    package init(cluster: String) { observer = Observer(cluster: cluster, origin: .recorder) }

    /// Takes in what has changed.
    ///
    /// - Parameter time: When it was told, by the cluster's clock.
    /// - Returns: The events, in order.
    /// - Throws: `DecodingError` or ``BrokenLine/Refusal`` if an object is not of the shape of its kind.
    package func events(of changes: [ClusterChange], at time: Timestamp) throws -> [Event] {
        try changes.flatMap { change -> [Event] in
            switch change {
            case .all(let selection, let objects):
                let resource = selection.resource.plural
                observer.beginList(of: resource)
                let events = try objects.flatMap { try observe($0, at: time) }
                return try events
                    + observer.endList(of: resource, namespace: selection.namespace, receivedAt: time)
            case .changed(let object): return try observe(object, at: time)
            case .deleted(let object):
                if let uid = object["metadata"]?["uid"]?.string { known.remove(uid) }
                return try observe(object, .deleted, at: time)
            }
        }
    }

    private func observe(
        _ object: JSONValue, _ kind: WatchEvent.Kind? = nil, at time: Timestamp
    ) throws -> [Event] {
        var kind = kind
        if kind == nil {
            kind = known.insert(object["metadata"]?["uid"]?.string ?? "").inserted ? .added : .modified
        }
        let line: JSONValue = ["type": .string(kind?.rawValue ?? ""), "object": object]
        return try observer.observe(
            CanonicalJSON.decode(WatchEvent.self, from: CanonicalJSON.encode(line)), receivedAt: time)
    }
}
