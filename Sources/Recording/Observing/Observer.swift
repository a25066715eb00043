import Foundation
import RolloutModel

/// Turns what a watch shows into events: a function of the lines it was given, in their order.
///
/// It remembers the facets of every living object, and records those that changed. Each event is read off one version of
/// one object, which its id names; so another observer that sees the same version records the very same event, and
/// appending both keeps one. To whom a pod belongs is found by the UIDs of owner references, never by labels or names.
///
/// A selector chooses subjects by their own labels; what they own goes with them. It decides which events there are, never
/// what they say. The change of labels with which a subject ceases to match is the last thing told of it, and that it goes
/// later is not told; one that begins to match is told from then on, marked inferred, and what it owns as soon as that
/// changes.
///
/// - SeeAlso: <https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes>
public struct Observer: Sendable {
    let cluster: String
    let origin: Origin
    /// Chooses the subjects; `nil` if all are wanted.
    let selector: LabelSelector?
    /// The living objects, by UID.
    private(set) var seen: [String: SeenObject] = [:]
    /// The UID of the living object of each kind, namespace and name.
    private(set) var livingNames: [String: String] = [:]
    private(set) var owners = OwnerIndex()
    /// Objects whose owner has not been seen yet, by the owner's UID, in order.
    private var waiting: [String: [PendingObject]] = [:]
    private var waitingCount = 0
    /// Up to which version all of a part of the cluster was told.
    private var told: [WatchedPart: ResourceVersion] = [:]
    /// The newest moment that the API server's clock left on any object so far: nothing seen later happened before.
    private var clock = Timestamp(microseconds: 0)
    /// What was seen again since a gap, of each part of the cluster that is in one.
    private var seenSinceGap: [WatchedPart: Set<String>] = [:]
    private var lastSeen: [String: (resourceVersion: String, namespace: String)] = [:]
    /// The UIDs of objects that are not remembered as they were seen last; `nil` if nobody asks.
    private var unremembered: Set<String>?

    /// What one watch tells of: a resource, in one namespace or in all.
    private struct WatchedPart: Hashable, Sendable {
        var resource: String
        var namespace: String?
    }

    private struct PendingObject: Sendable {
        var object: ObservedObject
        var type: WatchEvent.Kind
        var receivedAt: Timestamp?
    }

    /// How many versions of objects may wait for their owner to be seen.
    private static let waitingLimit = 2_000

    /// An observer that has seen nothing yet.
    ///
    /// - Parameters:
    ///   - cluster: What the cluster is called in the names of streams.
    ///   - origin: Which part of Shipslog observes.
    ///   - selector: Chooses the subjects by their labels; `nil` if all are wanted.
    public init(cluster: String, origin: Origin, selector: LabelSelector? = nil) {
        self.cluster = cluster
        self.origin = origin
        self.selector = selector
    }

    /// Takes in the next line of a watch.
    ///
    /// - Parameters:
    ///   - line: The line. Repeated and outdated versions of an object are passed over.
    ///   - receivedAt: When it came, by our clock; `nil` for a saved line, which is dated by the cluster's stamps alone.
    /// - Returns: The events, in the order in which they are to be appended; none if nothing changed.
    /// - Throws: ``BrokenLine/Refusal`` if the name of an object is one that Kubernetes does not allow; `EncodingError` if
    ///   it holds a number that JSON has no form for.
    package mutating func observe(_ line: WatchEvent, receivedAt: Timestamp? = nil) throws -> [Event] {
        try line.checkNames()
        switch line.object {
        case .deployment(let object): return try observe(object.observed(), line.type, receivedAt)
        case .replicaSet(let object): return try observe(object.observed(), line.type, receivedAt)
        case .pod(let object): return try observe(object.observed(), line.type, receivedAt)
        case .service(let object): return try observe(object.observed(), line.type, receivedAt)
        case .endpointSlice(let object): return try observe(object.observed(), line.type, receivedAt)
        case .httpRoute(let object): return try observe(object.observed(), line.type, receivedAt)
        case .coreEvent(let object): return line.type == .deleted ? [] : try hint(object)
        case .bookmark(let bookmark): return try observe(bookmark)
        case .status, .other: return []
        }
    }

    /// Records what still waits for an owner that never showed, under the owner that it names.
    public mutating func finish() throws -> [Event] {
        try waiting.keys.sorted().flatMap { try release(waitingFor: $0) }
    }

    /// Takes in that an object is gone, from one who cannot name the version at which it went; so nothing is recorded.
    package mutating func forget(uid: String) {
        guard let object = seen[uid] else { return }
        noteGone(object.version, in: object.stream, wasChosen: object.facets != nil)
    }

    // MARK: Objects

    private mutating func observe(
        _ object: ObservedObject, _ type: WatchEvent.Kind, _ receivedAt: Timestamp?
    ) throws -> [Event] {
        guard let place = place(of: object) ?? (isOwnerGone(of: object) ? placeWithoutOwner(of: object) : nil) else {
            waiting[object.owner?.uid ?? "", default: []].append(
                PendingObject(object: object, type: type, receivedAt: receivedAt))
            waitingCount += 1
            guard waitingCount > Self.waitingLimit, let longest = waiting.max(by: { $0.value.count < $1.value.count })
            else { return [] }
            return try release(waitingFor: longest.key)
        }
        return try observe(object, type, at: place, receivedAt)
    }

    private mutating func observe(
        _ object: ObservedObject, _ type: WatchEvent.Kind, at place: Place, _ receivedAt: Timestamp?
    ) throws -> [Event] {
        if object.version.kind == "ReplicaSet" { owners.note(uid: object.version.uid, stream: place.stream) }
        let own = try record(object, type, at: place, receivedAt)
        return try own + release(waitingFor: object.version.uid)
    }

    /// Records what waited for an owner: in its stream, or if the owner was never seen, in one of its own.
    private mutating func release(waitingFor uid: String) throws -> [Event] {
        guard let objects = waiting.removeValue(forKey: uid) else { return [] }
        waitingCount -= objects.count
        return try objects.flatMap { pending in
            let place = place(of: pending.object) ?? placeWithoutOwner(of: pending.object)
            return try observe(pending.object, pending.type, at: place, pending.receivedAt)
        }
    }

    /// Takes in that all versions of a resource up to one were told, in the namespace if one is given.
    ///
    /// - Returns: The events of what has waited for an owner that is gone.
    package mutating func noteTold(
        _ resource: String, in namespace: String?, upTo version: String
    ) throws -> [Event] {
        told[WatchedPart(resource: resource, namespace: namespace)] = ResourceVersion(version)
        return try waiting.filter { $0.value.first.map { isOwnerGone(of: $0.object) } == true }.keys.sorted()
            .flatMap { try release(waitingFor: $0) }
    }

    /// Whether an owner that was not seen will not be: it was made before what it owns, and all up to that was told.
    ///
    /// Versions of different resources are comparable in fact, though not by promise, where one etcd holds them.
    private func isOwnerGone(of object: ObservedObject) -> Bool {
        guard let owner = object.owner, let version = ResourceVersion(object.version.resourceVersion) else {
            return false
        }
        let resource = Self.resource(ofKind: owner.kind)
        let isTold = [nil, object.version.namespace].contains { namespace in
            told[WatchedPart(resource: resource, namespace: namespace)].map { $0 >= version } == true
        }
        return isTold && !waiting.values.joined().contains { $0.object.version.uid == owner.uid }
    }

    /// Compares an object with what was seen of it last, and records what differs.
    private mutating func record(
        _ object: ObservedObject, _ type: WatchEvent.Kind, at place: Place, _ receivedAt: Timestamp?
    ) throws -> [Event] {
        let (version, stream) = (object.version, place.stream)
        let resource = Self.resource(ofKind: version.kind)
        lastSeen[resource] = (version.resourceVersion, version.namespace)
        clock = max(clock, object.metadata.lastServerTime ?? clock)
        let last = seen[version.uid]
        // Before outdated versions are passed over: what did not change in a gap comes back in the version known before it.
        let isGap = noteSeenSinceGap(version) && type == .added
        if let last, Self.isOutdated(version, after: last.version), type != .deleted { return [] }
        if last == nil, owners.isGone(version.uid) { return [] }
        // Of what was passed over nothing has been told.
        let known = last?.facets
        guard place.isChosen || known != nil else { return try passOver(object, type, at: place, receivedAt) }
        var draft = EventDraft(stream: stream, version: version, origin: origin, now: receivedAt ?? clock)
        draft.isInferred = isGap || (known == nil && type != .added)

        var events: [Event] = []
        if known == nil {
            events += try forgetNamesake(of: version, receivedAt)
            if let created = object.created {
                let manager = object.metadata.specManager
                events.append(try draft.event(created, at: object.createdAt, manager: manager))
            }
        }
        for facet in object.facets {
            let comparison = known?.compare(facet) ?? .new
            if comparison == .same { continue }
            if known == nil, facet.isToldByCreation { continue }
            if comparison == .new, facet.isDefault { continue }
            // At first sight the object's own dates are all there is; later, nothing is older than what came before.
            let since = known == nil ? facet.since : facet.since.map { max($0, draft.now) }
            let manager = facet.specField.flatMap { object.metadata.manager(ofSpecField: $0) }
            events.append(try draft.event(facet.fact, key: facet.key, at: since, manager: manager))
        }
        if type == .deleted {
            noteGone(version, in: stream, wasChosen: true)
            draft.isInferred = isGap
            if let deleted = Fact.deletion(of: version, in: stream) {
                events.append(
                    try draft.event(deleted, at: object.metadata.deletionRequestedAt.map { max($0, draft.now) }))
            }
        } else if place.isChosen {
            note(SeenObject(object, stream: stream, facets: FacetDigests(object.facets)))
        } else {
            note(SeenObject(object, stream: stream, facets: nil))
            passOverParts(of: version.uid)
        }
        return events
    }

    /// Whether an object belongs to a part of the cluster that is in a gap; there it is not taken for vanished.
    private mutating func noteSeenSinceGap(_ version: ObjectVersion) -> Bool {
        guard !seenSinceGap.isEmpty else { return false }
        let resource = Self.resource(ofKind: version.kind)
        let parts = [nil, version.namespace].map { WatchedPart(resource: resource, namespace: $0) }
        // Both, since the lists of two watches may overlap.
        return parts.map { seenSinceGap[$0]?.insert(version.uid) != nil }.contains(true)
    }

    // MARK: What is known to live

    private mutating func note(_ object: SeenObject) {
        unremembered?.insert(object.version.uid)
        seen[object.version.uid] = object
        livingNames[Self.nameKey(object.version)] = object.version.uid
    }

    private mutating func noteGone(_ version: ObjectVersion, in stream: StreamName, wasChosen: Bool) {
        unremembered?.insert(version.uid)
        seen[version.uid] = nil
        if livingNames[Self.nameKey(version)] == version.uid { livingNames[Self.nameKey(version)] = nil }
        owners.noteGone(uid: version.uid, stream: stream, wasChosen: wasChosen)
    }

    /// Takes in a version of an object that is not chosen and was not before.
    private mutating func passOver(
        _ object: ObservedObject, _ type: WatchEvent.Kind, at place: Place, _ receivedAt: Timestamp?
    ) throws -> [Event] {
        let events = try forgetNamesake(of: object.version, receivedAt)
        if type == .deleted {
            noteGone(object.version, in: place.stream, wasChosen: false)
        } else if object.isSubject || object.version.kind == "ReplicaSet" {
            note(SeenObject(object, stream: place.stream, facets: nil))
        }
        return events
    }

    /// Forgets what an object owns that is not chosen any more, as if it had never been seen.
    private mutating func passOverParts(of uid: String) {
        for part in seen.values where part.owner == uid {
            if part.version.kind == "ReplicaSet" {
                note(part.passedOver)
                passOverParts(of: part.version.uid)
            } else {
                unremembered?.insert(part.version.uid)
                seen[part.version.uid] = nil
                livingNames[Self.nameKey(part.version)] = nil
            }
        }
    }

    /// If another object bore the name until now, it is gone, though nobody saw it go.
    private mutating func forgetNamesake(
        of version: ObjectVersion, _ receivedAt: Timestamp?
    ) throws -> [Event] {
        guard let uid = livingNames[Self.nameKey(version)], uid != version.uid, let old = seen[uid] else { return [] }
        return try inferDeletion(of: old, receivedAt)
    }

    private mutating func inferDeletion(of object: SeenObject, _ receivedAt: Timestamp?) throws -> [Event] {
        let wasChosen = object.facets != nil
        noteGone(object.version, in: object.stream, wasChosen: wasChosen)
        guard wasChosen, let deleted = Fact.deletion(of: object.version, in: object.stream) else { return [] }
        var draft = EventDraft(stream: object.stream, version: object.version, origin: origin, now: receivedAt ?? clock)
        draft.isInferred = true
        return [try draft.event(deleted, key: "unseen", at: nil)]
    }

    // MARK: Hints, gaps and bookmarks

    /// A core Event goes to the subject that it is about, as far as that is known.
    private mutating func hint(_ event: CoreEvent) throws -> [Event] {
        let about = event.involvedObject
        let version = event.metadata.version(kind: "Event")
        guard let kind = about.kind?.nonEmpty, let name = about.name?.nonEmpty else { return [] }
        if selector != nil, about.uid.flatMap(isChosen) != true { return [] }
        let known = about.uid.flatMap { seen[$0]?.stream ?? owners.stream(of: $0) }
        // Endpoints bear the name of their Service.
        let subject = kind == "Endpoints" ? "service" : kind.lowercased()
        let namespace = about.namespace?.nonEmpty ?? version.namespace
        // What bears no name that Kubernetes allows is not there to be told of.
        guard let stream = known ?? StreamName(checking: cluster, namespace, subject, name) else { return [] }
        let draft = EventDraft(stream: stream, version: version, origin: origin, now: event.lastSaidAt ?? clock)
        let fact = HintObserved(
            object: version, regarding: Owner(kind: kind, name: name, uid: about.uid ?? ""),
            type: event.type ?? "Normal",
            reason: event.reason ?? "", message: event.message ?? "", count: event.series?.count ?? event.count ?? 1
        )
        return [try draft.event(.hintObserved(fact), at: nil)]
    }

    /// Notes that the watch of a resource was interrupted, and what the API server said.
    ///
    /// What is seen of the resource from then on is marked inferred, until the watch tells that it is complete again.
    package mutating func observeGap(
        resource: String, status: Status, receivedAt: Timestamp? = nil
    ) throws -> [Event] {
        let last = lastSeen[resource]
        beginList(of: resource)
        let words = [status.code.map { String($0) }, status.reason].compactMap { $0 }.joined(separator: " ")
        let reason = [words, status.message ?? ""].filter { !$0.isEmpty }.joined(separator: ": ")
        let gap = RecordingGap(resource: resource, fromResourceVersion: last?.resourceVersion, reason: reason)
        return [try gapEvent(gap, in: last?.namespace, receivedAt: receivedAt)]
    }

    /// Begins to take in a list of all objects of a resource, in the namespace if one is given, after a time in which
    /// nobody watched.
    package mutating func beginList(of resource: String, namespace: String? = nil) {
        let part = WatchedPart(resource: resource, namespace: namespace)
        seenSinceGap[part] = []
        told[part] = nil
    }

    /// Takes in a version of an object that cannot be read: all that it tells is that the object lives, or is gone.
    package mutating func observeUnread(
        _ version: ObjectVersion, _ type: WatchEvent.Kind, receivedAt: Timestamp?
    ) throws -> [Event] {
        _ = noteSeenSinceGap(version)
        guard type == .deleted, let last = seen[version.uid] else { return [] }
        return try inferDeletion(of: last, receivedAt)
    }

    /// Takes in that a list is complete: what it did not name, in the namespace if one is given, has vanished.
    package mutating func endList(
        of resource: String, namespace: String? = nil, receivedAt: Timestamp? = nil
    ) throws -> [Event] {
        let part = WatchedPart(resource: resource, namespace: namespace)
        guard let relisted = seenSinceGap.removeValue(forKey: part) else { return [] }
        let vanished = seen.values.filter {
            Self.resource(ofKind: $0.version.kind) == resource && !relisted.contains($0.version.uid)
                && $0.version.namespace == namespace ?? $0.version.namespace
        }
        return try vanished.sorted { $0.version.uid < $1.version.uid }.flatMap { try inferDeletion(of: $0, receivedAt) }
    }

    /// The event of a gap, in a namespace if it is known.
    package func gapEvent(
        _ gap: RecordingGap, in namespace: String?, receivedAt: Timestamp?
    ) throws -> Event {
        try Event(
            gap, ofCluster: cluster, namespace: namespace ?? "default", occurredAt: receivedAt ?? clock, origin: origin)
    }

    /// A bookmark is no event.
    ///
    /// The one that ends a fresh list after a gap tells what has vanished in the gap.
    private mutating func observe(_ bookmark: WatchEvent.Bookmark) throws -> [Event] {
        guard bookmark.metadata.annotations?["k8s.io/initial-events-end"] == "true" else { return [] }
        return try endList(of: Self.resource(ofKind: bookmark.kind))
    }

    // MARK: Memory

    /// How many objects are known to live, those included that are passed over.
    package var objectCount: Int { seen.count }

    /// Whether an object of a resource is known to live, in the namespace if one is given.
    package func knows(resource: String, namespace: String?) -> Bool {
        seen.values.contains {
            Self.resource(ofKind: $0.version.kind) == resource
                && $0.version.namespace == namespace ?? $0.version.namespace
        }
    }

    /// Whether all that was seen has been told: nothing waits for an owner.
    package var isSettled: Bool { waitingCount == 0 }

    /// Begins with what another observer of the same cluster remembered, and from now on remembers changes.
    ///
    /// - Parameter memory: What ``takeMemory()`` gave in the course of time, the newest value of each key.
    /// - Throws: `DecodingError` if it is something else.
    package mutating func restore(_ memory: [String: Data]) throws {
        for (key, value) in memory where key.hasPrefix(Self.memoryPrefix) {
            let object = try CanonicalJSON.decode(SeenObject.self, from: value)
            seen[object.version.uid] = object
            livingNames[Self.nameKey(object.version)] = object.version.uid
            if object.version.kind == "ReplicaSet" { owners.note(uid: object.version.uid, stream: object.stream) }
        }
        unremembered = []
    }

    /// What has changed of the memory since it was taken last: new values by key, `nil` for what is to be forgotten.
    package mutating func takeMemory() throws -> [String: Data?] {
        var changes: [String: Data?] = [:]
        for uid in unremembered ?? [] {
            changes.updateValue(try seen[uid].map { try CanonicalJSON.encode($0) }, forKey: Self.memoryPrefix + uid)
        }
        unremembered?.removeAll(keepingCapacity: true)
        return changes
    }

    private static let memoryPrefix = "object/"

    // MARK: Names

    private static func nameKey(_ version: ObjectVersion) -> String {
        nameKey(version.kind, version.namespace, version.name)
    }

    static func nameKey(_ kind: String, _ namespace: String, _ name: String) -> String {
        "\(kind)/\(namespace)/\(name)"
    }

    /// The resource that a kind is listed under: `deployments`.
    package static func resource(ofKind kind: String) -> String { kind.lowercased() + "s" }

    /// Whether a version was seen before, or is older than one that was.
    private static func isOutdated(_ version: ObjectVersion, after seen: ObjectVersion) -> Bool {
        if version.resourceVersion == seen.resourceVersion { return true }
        guard let new = ResourceVersion(version.resourceVersion), let old = ResourceVersion(seen.resourceVersion)
        else { return false }
        return new < old
    }
}
