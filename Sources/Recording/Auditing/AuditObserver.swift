import Foundation
import RolloutModel

/// Turns the entries of an audit log into events: a function of the entries it was given, in their order.
///
/// The answer to a request that changed an object holds the version that came of it. It is observed like one that a watch
/// shows, so that log and watch tell each fact under one id. What somebody did bears the name of the user, and is followed
/// by an `actor.attributed` event, which says so of an event that a watch recorded before, too.
///
/// A request whose answer the log does not hold, by the audit policy, left a version that nobody saw. What somebody did
/// and the next version shows is then inferred, and the request's if it fits by verb and time; but of a call of our own
/// the audit id tells what it did. Of versions of which the log does not even hold the requests the generation tells,
/// where the API server counts it: what an answer then shows beside what the request did may be anybody's.
///
/// What scaling answers is a part of the Deployment, without its generation; so that it waits for the next version, which
/// proves it. On what node a pod was placed is left to a watch, since the version of the binding is never in the log; so
/// is the end of an object, whose version only a watch tells.
struct AuditObserver {
    private var observer: Observer
    /// What calls of our own brought about, by their audit ids.
    var calls: [String: [CalledEvent]]
    private var buffer = ReorderBuffer()
    /// The requests whose answers are not in the log and come before the next version of their object, by object.
    private var unseen: [String: [AuditRequest]] = [:]
    /// The newest versions of the Deployments alive, by UID.
    private var deployments: [String: Deployment] = [:]
    /// The Deployments that were scaled and not seen since, as that should have left them, by UID.
    private var scaled: [String: (deployment: Deployment, request: AuditRequest)] = [:]

    /// How many requests changed an object that rollouts touch.
    private(set) var changes = 0
    /// How many events were attributed.
    private(set) var attributions = 0
    /// How many requests changed something of an object that the log does not hold, and could not be joined with what they did.
    private(set) var unjoined = 0

    /// How long what a request did may show after it, in seconds.
    static let joinWindow = 2.0
    /// How many objects may have requests whose answers are not in the log.
    private static let unseenLimit = 10_000

    init(cluster: String, calls: [String: [CalledEvent]] = [:]) {
        self.calls = calls
        observer = Observer(cluster: cluster, origin: .audit)
    }

    /// Takes in the next entry of the log.
    ///
    /// - Returns: The events that are told by now, in the order in which they are to be appended.
    /// - Throws: `EncodingError` if an object holds a number that JSON has no form for.
    mutating func observe(_ entry: AuditEntry) throws -> [Event] {
        guard let change = entry.change else { return [] }
        changes += 1
        return try buffer.insert(change).flatMap { try apply($0) }
    }

    /// The events of the entries that still wait for others that belong before them.
    mutating func release() throws -> [Event] { try buffer.finish().flatMap { try apply($0) } }

    /// Begins with the objects that another observer remembered, and from now on remembers changes.
    ///
    /// - Throws: As ``Observer/restore(_:)``.
    mutating func restore(_ memory: [String: Data]) throws { try observer.restore(memory) }

    /// The requests that have not been worked out to their end, by their audit ids: who goes on from the memory must be
    /// given their entries again, and no others.
    var owed: Set<String> {
        let unjoined = unseen.values.joined() + scaled.values.map { $0.request }
        let open = unjoined.filter { buffer.newest.seconds(since: $0.at) <= Self.joinWindow }
        return Set(buffer.waiting + open.map(\.auditID))
    }

    /// What has changed of the memory since it was taken last, as ``Observer/takeMemory()`` gives it.
    mutating func takeMemory() throws -> [String: Data?] { try observer.takeMemory() }

    /// The events of what still waits, at the end of the log.
    mutating func finish() throws -> [Event] {
        let events = try release()
        unjoined += unseen.values.reduce(scaled.count) { $0 + $1.count(where: \.isAttributable) }
        unseen = [:]
        scaled = [:]
        return try events + observer.finish()
    }

    private mutating func apply(_ change: AuditEntry.Change) throws -> [Event] {
        let request = change.request
        switch change.effect {
        case .version(let object, let isLast):
            let line = WatchEvent(type: request.isCreation ? .added : .modified, object: object)
            var events: [Event] = []
            if case .deployment(let deployment) = object {
                events += try recordScaling(before: deployment, request)
                deployments[deployment.metadata.uid] = deployment
            }
            events += try record(line, request)
            if isLast, let uid = line.metadata?.uid { forget(uid) }
            return events
        case .scale(let scale):
            return try noteScaling(scale, request)
        case .removal(let uid):
            forget(uid)
            return []
        case .unknown:
            return try join(request)
        }
    }

    /// Says who made a call of our own; any other request waits for what shows what it did.
    private mutating func join(_ request: AuditRequest) throws -> [Event] {
        guard let caused = calls[request.auditID] else {
            note(request)
            return []
        }
        attributions += caused.count
        return try caused.map { try request.attribution(of: $0, .exact) }
    }

    /// Observes a version, and says who made it.
    private mutating func record(_ line: WatchEvent, _ request: AuditRequest) throws -> [Event] {
        let before = takeUnseen(before: line, request)
        let own = line.metadata.flatMap { confidence(of: request, in: $0) }
        let events = try observer.observe(line, receivedAt: request.at)
        let isBound = before.contains { $0.subresource == "binding" }
        let hidden = before.filter(\.isAttributable)
        var joined: Set<String> = []
        var recorded: [Event] = []
        for var event in events {
            let fact = try event.fact()
            if isBound, case .podScheduled = fact { continue }
            guard let action = fact.action, action.version.resourceVersion == line.resourceVersion else {
                recorded.append(event)
                continue
            }
            event.isInferred = event.isInferred || !hidden.isEmpty || own != .exact
            let cause: (request: AuditRequest, confidence: ActorAttributed.Confidence)? =
                if let own, action.canBe(doneBy: request) {
                    (request, hidden.isEmpty ? own : .inferred)
                } else {
                    hidden.last {
                        action.canBe(doneBy: $0) && request.at.seconds(since: $0.at) <= Self.joinWindow
                    }.map { ($0, .inferred) }
                }
            guard let cause else {
                recorded.append(event)
                continue
            }
            event.actor = Actor(name: cause.request.user, evidence: .audit)
            event.occurredAt = cause.request.at
            let called = CalledEvent(id: event.id, stream: event.stream)
            recorded += [event, try cause.request.attribution(of: called, cause.confidence)]
            attributions += 1
            joined.insert(cause.request.auditID)
        }
        unjoined += hidden.count { !joined.contains($0.auditID) }
        return recorded
    }

    /// How surely what a version shows was done by the request that left it; `nil` if that did none of it.
    ///
    /// A request that changes what is wanted moves the generation by one, any other not at all. What it moved by more was
    /// done in versions that the log does not tell of.
    private func confidence(
        of request: AuditRequest, in metadata: ObjectMeta, after before: Int? = nil
    ) -> ActorAttributed.Confidence? {
        guard let last = observer.seen[metadata.uid] else { return request.isCreation ? .exact : .inferred }
        guard let generation = metadata.generation else { return .exact }
        guard let before = before ?? last.generation else { return .inferred }
        // What the body of an update says of an earlier version is nobody's concern.
        let base = max(request.baseGeneration ?? before, before)
        if base > before { return generation > base ? .inferred : nil }
        return generation > base && (generation - 1 > base || !request.changesSpec) ? .inferred : .exact
    }

    private mutating func forget(_ uid: String) {
        observer.forget(uid: uid)
        deployments[uid] = nil
        if scaled.removeValue(forKey: uid) != nil { unjoined += 1 }
    }

    // MARK: Scaling

    /// Holds back that a Deployment was scaled until its next version is seen; where the version before is not at hand, it
    /// is as if the log did not hold the answer.
    private mutating func noteScaling(_ scale: AuditEntry.Scale, _ request: AuditRequest) throws -> [Event] {
        let uid = scale.metadata.uid
        guard request.resource == "deployments", var deployment = deployments[uid], scaled[uid] == nil,
            request.objectKey.flatMap({ unseen[$0] }) == nil, let generation = deployment.metadata.generation,
            generation < .max
        else {
            let earlier = try scaled.removeValue(forKey: uid).map { try join($0.request) } ?? []
            return try earlier + join(request)
        }
        guard deployment.spec.replicas ?? 1 != scale.replicas else { return [] }
        deployment.spec.replicas = scale.replicas
        deployment.metadata.generation = generation + 1
        deployment.metadata.resourceVersion = scale.metadata.resourceVersion
        scaled[uid] = (deployment, request)
        return []
    }

    /// Records that a Deployment was scaled, if its next version proves of what generation that was.
    private mutating func recordScaling(before next: Deployment, _ request: AuditRequest) throws -> [Event] {
        let uid = next.metadata.uid
        guard let (deployment, scaling) = scaled[uid], let generation = deployment.metadata.generation,
            next.metadata.generation ?? 0 >= generation
        else { return [] }
        scaled[uid] = nil
        guard confidence(of: request, in: next.metadata, after: generation) == .exact else { return try join(scaling) }
        // Of the rest of that version nothing is known.
        return try record(WatchEvent(type: .modified, object: .deployment(deployment)), scaling).filter {
            switch try $0.fact() {
            case .deploymentScaled, .actorAttributed: true
            default: false
            }
        }
    }

    // MARK: Versions that the log does not hold

    private mutating func note(_ request: AuditRequest) {
        guard request.isAttributable || request.subresource == "binding" else { return }
        guard let key = request.objectKey, request.resource != "endpointslices" else {
            if request.resource != "endpointslices" { unjoined += 1 }
            return
        }
        unseen[key, default: []].append(request)
        // Of each object the newest are enough: older ones are out of the window.
        if let count = unseen[key]?.count, count > 16, unseen[key]?.removeFirst().isAttributable == true {
            unjoined += 1
        }
        if unseen.count > Self.unseenLimit { dropOldest() }
    }

    /// Drops the older half at once, so that it need not be looked for each time.
    private mutating func dropOldest() {
        let inOrder = unseen.sorted { ($0.value.last?.at ?? .zero, $0.key) < ($1.value.last?.at ?? .zero, $1.key) }
        for (key, requests) in inOrder.prefix(unseen.count / 2) {
            unjoined += requests.count(where: \.isAttributable)
            unseen[key] = nil
        }
    }

    private mutating func takeUnseen(before line: WatchEvent, _ request: AuditRequest) -> [AuditRequest] {
        guard let metadata = line.metadata, let resource = request.resource else { return [] }
        let key = "\(resource)/\(metadata.namespace ?? "default")/\(metadata.name)"
        guard let requests = unseen.removeValue(forKey: key) else { return [] }
        let later = requests.filter { $0.at > request.at }
        if !later.isEmpty { unseen[key] = later }
        return requests.filter { $0.at <= request.at }
    }
}

extension AuditRequest {
    /// Whether it can be what an action comes from.
    fileprivate var isAttributable: Bool { changesSpec }
}

extension Timestamp {
    fileprivate static let zero = Timestamp(microseconds: 0)
}
