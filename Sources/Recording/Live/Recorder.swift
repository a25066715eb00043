import Foundation
import KubernetesClient
import RolloutModel

/// Records what watches tell, as long as they tell.
///
/// What the watches of all sources tell is observed one after the other. While events are written to disk, those that
/// come meanwhile gather, so that the next transaction takes them all. With each transaction goes what must be known to go
/// on from there: the versions of the living objects, and the place of each watch. So a recorder may be killed at any
/// moment; the next one goes on where the last transaction ended, and is told again what came after.
///
/// A source must not be asked for twice at once.
public actor Recorder {
    /// Appends events, and in the same transaction remembers values by key (`nil`: forgets).
    public typealias Append = @Sendable (_ events: [Event], _ memory: [String: Data?]) async throws -> Void

    private var observer: Observer
    private var places: [String: String]
    private let append: PastRefusals
    private let now: @Sendable () -> Timestamp
    private let retryPause: Duration
    private let patience: Duration
    /// When to give up what cannot be written; `nil` as long as nobody wants to stop.
    private var lastChance: ContinuousClock.Instant?
    /// What is held back until the watches have caught up; `nil` once they have.
    private var catchUp: CatchUp?
    private let catchUpTime: Duration

    private var pending: [Event] = []
    private var pendingMemory: [String: Data?] = [:]
    /// When the first of them came; `nil` if there are none.
    private var pendingSince: Timestamp?
    private var writing: Task<Void, Never>?
    /// Why nothing can be written any more.
    private var failure: (any Error)?
    /// Sources whose watch cannot tell what happened until its list is complete.
    private var gaps: [RecordedSource: RecordingGap] = [:]
    private var listing: Set<RecordedSource> = []
    private var health = WatchHealth()
    /// Why the ledger cannot be written; `nil` if it can.
    private var ledgerTrouble: String?
    private var status = Status()

    /// How many events may gather until whoever brings more has to wait.
    private static let pendingLimit = 4_000
    /// How many changes are held back at most.
    private static let catchUpLimit = 20_000

    /// Prepares to record, from where another recorder stopped.
    ///
    /// - Parameters:
    ///   - cluster: What the cluster is called in the names of streams.
    ///   - selector: Chooses the subjects by their labels, as whoever wrote the memory did; `nil` if all are wanted.
    ///   - memory: What was remembered by earlier calls of `append`; empty if there was none.
    ///   - now: The clock.
    ///   - retryPause: How long to wait before what could not be written is written again.
    ///   - patience: For how long one that is to stop tries to write what it has.
    ///   - catchUpTime: For how long, after a stop, what the watches tell of the time between is gathered, to be put in
    ///     order.
    /// - Throws: ``ShipslogError`` with code `tampered` if the memory is something else.
    public init(
        cluster: String, selector: LabelSelector? = nil, memory: [String: Data],
        now: @escaping @Sendable () -> Timestamp,
        retryPause: Duration = .seconds(1), patience: Duration = .seconds(5), catchUpTime: Duration = .seconds(1),
        append: @escaping Append
    ) throws {
        observer = Observer(cluster: cluster, origin: .recorder, selector: selector)
        do {
            try observer.restore(memory)
            places = try memory.filter { $0.key.hasPrefix(RecordedSource.keyPrefix) }
                .mapValues { try CanonicalJSON.decode(String.self, from: $0) }
        } catch is DecodingError {
            throw ShipslogError(.tampered, "What the recorder of \(cluster) remembers is not what a recorder writes.")
        }
        self.append = PastRefusals(append: append)
        self.now = now
        self.retryPause = retryPause
        self.patience = patience
        self.catchUpTime = catchUpTime
        catchUp = places.isEmpty || catchUpTime == .zero ? nil : CatchUp()
    }

    /// Where the watch of a source is to begin; `nil` for a list of everything.
    public func place(of source: RecordedSource) -> String? { places[source.key] }

    /// Takes in what a watch tells.
    ///
    /// - Throws: What appending throws, unless the ledger is only unavailable: then it is tried again, for as long as it
    ///   takes. `CancellationError`.
    public func take(_ change: Change, from source: RecordedSource) async throws {
        if let failure { throw failure }
        health.note(change, from: source, hasPlace: places[source.key] != nil)
        if catchUp != nil {
            hold(change, from: source)
        } else {
            try observe(change, from: source, at: now())
        }
        startWriting()
        guard pending.count >= Self.pendingLimit else { return }
        await withTaskCancellationHandler {
            await writing?.value
        } onCancel: {
            Task { await loseHopeSoon() }
        }
    }

    private func hold(_ change: Change, from source: RecordedSource) {
        if case .resumed = change { return }
        if catchUp?.count == 0 {
            Task {
                try await Task.sleep(for: catchUpTime)
                release()
            }
        }
        catchUp?.hold(change, from: source, at: now())
        if let catchUp, catchUp.count >= Self.catchUpLimit { release() }
    }

    /// Takes in what was held back.
    private func release() {
        guard let held = catchUp else { return }
        catchUp = nil
        do {
            for (change, source, receivedAt) in held.inOrder() { try observe(change, from: source, at: receivedAt) }
        } catch {
            failure = error
        }
        startWriting()
    }

    private func observe(_ change: Change, from source: RecordedSource, at receivedAt: Timestamp) throws {
        switch change {
        case .gap(let gap):
            let words =
                gap.reason == .expired ? "410 Expired: too old resource version" : "The server went back in time"
            gaps[source] = RecordingGap(
                resource: source.resource.plural, fromResourceVersion: gap.lastVersion, reason: words)
        case .listing:
            beginList(of: source)
        case .listed(let objects):
            for object in objects { try observe(.added, object, from: source, receivedAt) }
        case .synced(let version):
            try endList(of: source, at: version, receivedAt)
        case .changed(let kind, let object):
            try observe(WatchEvent.Kind(kind), object, from: source, receivedAt)
            try remember(source, version: object.resourceVersion)
        case .bookmark(let version):
            try remember(source, version: version)
        case .interrupted, .resumed:
            break
        }
        if !pending.isEmpty { pendingSince = pendingSince ?? receivedAt }
        pendingMemory.merge(try observer.takeMemory()) { $1 }
    }

    /// Waits until all that was taken in is on disk.
    public func finish() async throws {
        release()
        while let writing { await writing.value }
        if let failure { throw failure }
    }

    /// Waits until all that was taken in is on disk, but not for long while the ledger cannot be written.
    ///
    /// The recorder must not be used again.
    ///
    /// - Throws: What appending throws; ``ShipslogError`` with code `unavailable` if not all could be written.
    public func stop() async throws {
        loseHopeSoon()
        try await finish()
    }

    private func loseHopeSoon() { lastChance = lastChance ?? .now + patience }

    /// What it is doing; the longest lag and the warnings begin anew.
    public func takeStatus() -> Status {
        defer { (status.longestLag, status.warnings) = (0, []) }
        status.objects = observer.objectCount
        status.live = health.liveCount
        status.trouble = ledgerTrouble ?? health.trouble
        return status
    }

    // MARK: Observing

    /// Takes in an object; one that cannot be read is a gap, since who may write to the cluster may have made it.
    private func observe(
        _ type: WatchEvent.Kind, _ object: KubernetesObject, from source: RecordedSource, _ receivedAt: Timestamp
    ) throws {
        let reason: String
        do {
            pending += try observer.observe(try object.watchEvent(type), receivedAt: receivedAt)
            return
        } catch let error as DecodingError {
            reason = BrokenLine.reason(error, what: object.kind)
        } catch let error as BrokenLine.Refusal {
            reason = error.reason
        }
        let gap = RecordingGap(
            resource: source.resource.plural,
            reason: "\(object.kind) \(object.name) cannot be read at version \(object.resourceVersion): \(reason).")
        let version = ObjectVersion(
            kind: object.kind, namespace: object.namespace ?? source.gapNamespace, name: object.name, uid: object.uid,
            resourceVersion: object.resourceVersion)
        status.gaps += 1
        status.warnings.append(gap.reason)
        pending.append(try observer.gapEvent(gap, in: version.namespace, receivedAt: receivedAt))
        pending += try observer.observeUnread(version, type, receivedAt: receivedAt)
    }

    /// A list tells what is, not what happened: if there was something before, that is a gap.
    private func beginList(of source: RecordedSource) {
        listing.insert(source)
        let resource = source.resource.plural
        if gaps[source] == nil, observer.knows(resource: resource, namespace: source.namespace) {
            gaps[source] = RecordingGap(
                resource: resource, fromResourceVersion: places[source.key]?.nonEmpty, reason: "The recorder was away")
        }
        if gaps[source] != nil { observer.beginList(of: resource, namespace: source.namespace) }
    }

    private func endList(of source: RecordedSource, at version: String, _ receivedAt: Timestamp) throws {
        if listing.remove(source) != nil, var gap = gaps.removeValue(forKey: source) {
            gap.toResourceVersion = version.nonEmpty
            status.gaps += 1
            pending.append(try observer.gapEvent(gap, in: source.gapNamespace, receivedAt: receivedAt))
            pending += try observer.endList(
                of: source.resource.plural, namespace: source.namespace, receivedAt: receivedAt)
        }
        try remember(source, version: version)
    }

    /// Notes how far the watch of a source has told.
    ///
    /// A pod whose ReplicaSet has not been seen waits in memory only, so until it is recorded nothing moves on.
    private func remember(_ source: RecordedSource, version: String) throws {
        places[source.key] = version
        pending += try observer.noteTold(source.resource.plural, in: source.namespace, upTo: version)
        guard observer.isSettled else { return }
        pendingMemory[source.key] = try CanonicalJSON.encode(version)
    }

    // MARK: Writing

    private func startWriting() {
        guard failure == nil, writing == nil, !pending.isEmpty || !pendingMemory.isEmpty else { return }
        writing = Task {
            do {
                while !pending.isEmpty || !pendingMemory.isEmpty { try await writeOnce() }
            } catch {
                failure = error
            }
            writing = nil
        }
    }

    private func writeOnce() async throws {
        let (events, memory, since) = (pending, pendingMemory, pendingSince)
        (pending, pendingMemory, pendingSince) = ([], [:], nil)
        for first in stride(from: 0, to: max(events.count, 1), by: 10_000) {
            let part = Array(events[first..<min(first + 10_000, events.count)])
            let isLast = first + 10_000 >= events.count
            try await writeUntilDone(part, isLast ? memory : [:])
        }
        status.events += events.count
        guard let since else { return }
        let done = now()
        status.lastEventAt = done
        status.longestLag = max(status.longestLag, done.microseconds - since.microseconds)
    }

    private func writeUntilDone(_ events: [Event], _ memory: [String: Data?]) async throws {
        while true {
            do {
                let refusals = try await append(events, memory)
                status.gaps += refusals.count
                status.warnings += refusals
                ledgerTrouble = nil
                return
            } catch let error as ShipslogError where error.code == .unavailable {
                ledgerTrouble = error.message
                if let lastChance, .now >= lastChance {
                    throw ShipslogError(
                        .unavailable, "The recorder stopped before all it had seen was written. \(error.message)",
                        hint: "Nothing is lost: started again, it goes on from what is written.")
                }
                try await Task.sleep(for: retryPause)
            }
        }
    }
}

extension WatchEvent.Kind {
    fileprivate init(_ kind: Change.Kind) {
        switch kind {
        case .added: self = .added
        case .modified: self = .modified
        case .deleted: self = .deleted
        }
    }
}
