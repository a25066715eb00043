import Foundation
import RolloutModel

/// Records what API servers send to an audit webhook, for as long as they do.
///
/// A batch is on disk, whole, when ``receive(_:)`` returns; so whoever sent it may forget it. What it tells is worked out
/// shortly after, since entries come out of order; a receiver that is started after another was killed works out what
/// that one still owed.
///
/// - SeeAlso: <https://kubernetes.io/docs/tasks/debug/debug-cluster/audit/#webhook-backend>
public actor AuditReceiver {
    /// What it has done so far.
    public struct Status: Hashable, Sendable {
        /// Entries of audit logs that could be read.
        public var entries = 0
        /// Events that were appended, those included that the ledger knew already.
        public var events = 0
        /// How many of them say who did another.
        public var attributions = 0
        /// What keeps it from recording, in a sentence; `nil` if nothing does.
        public var trouble: String?
    }

    /// What calls of Shipslog's own have brought about by now, by what audit logs call them.
    public typealias Calls = @Sendable () async throws -> [String: [CalledEvent]]

    private var observer: AuditObserver
    private let cluster: String
    private let calls: Calls
    private let append: PastRefusals
    private let warn: @Sendable (String) -> Void
    private let now: @Sendable () -> Timestamp
    private let pause: Duration
    /// The batches that are kept, by their keys: the audit ids of their entries.
    private var kept: [String: Set<String>] = [:]
    /// What was kept by another receiver and is not taken in yet, the oldest first.
    private var inherited: [(key: String, body: Data)]
    /// What that one had not worked out to its end of the batches that it had taken in.
    private let inheritedDebt: Debt
    private var lastNumber = 0
    private var pending: [Event] = []
    private var pendingMemory: [String: Data?] = [:]
    private var isWriting = false
    private var releasing: Task<Void, Never>?
    private var told = Status()

    private static let keyPrefix = "batch/"

    /// By the keys of the batches that were taken in: the audit ids of the requests that are still to be worked out.
    ///
    /// A batch that is not in it was not taken in.
    private typealias Debt = [String: Set<String>]
    private static let debtKey = "debt"

    /// Goes on from where another receiver stopped.
    ///
    /// - Parameters:
    ///   - cluster: What the cluster is called in the names of streams.
    ///   - memory: What was remembered by earlier calls of `append`; empty if there was none.
    ///   - now: The clock.
    ///   - pause: How long entries wait for those that belong before them when nothing more comes.
    ///   - calls: Tells the calls of Shipslog's own: these are joined though no answer is sent with them.
    ///   - warn: Tells somebody, in a sentence, what could not be read or recorded, as gaps in the ledger do too, and what
    ///     begins to keep it from recording.
    /// - Throws: ``ShipslogError`` with code `tampered` if the memory is something else.
    public init(
        cluster: String, memory: [String: Data], now: @escaping @Sendable () -> Timestamp,
        pause: Duration = .seconds(2), calls: @escaping Calls = { [:] },
        warn: @escaping @Sendable (String) -> Void = { _ in }, append: @escaping Recorder.Append
    ) throws {
        self.cluster = cluster
        observer = AuditObserver(cluster: cluster)
        do {
            try observer.restore(memory)
            inheritedDebt = try memory[Self.debtKey].map { try CanonicalJSON.decode(Debt.self, from: $0) } ?? [:]
        } catch is DecodingError {
            throw ShipslogError(.tampered, "What the receiver of \(cluster) remembers is not what a receiver writes.")
        }
        inherited = memory.filter { $0.key.hasPrefix(Self.keyPrefix) }.map { ($0.key, $0.value) }
            .sorted { $0.key < $1.key }
        lastNumber = inherited.last.flatMap { Int($0.key.dropFirst(Self.keyPrefix.count)) } ?? 0
        self.calls = calls
        self.append = PastRefusals(append: append)
        self.warn = warn
        self.now = now
        self.pause = pause
    }

    /// What it has done so far.
    public var status: Status {
        var status = told
        status.attributions = observer.attributions
        return status
    }

    /// Takes in a batch: an `Event` or an `EventList` of audit.k8s.io/v1, as an API server posts it.
    ///
    /// What cannot be read of it is recorded as a gap: whoever sent it would only send the same again.
    ///
    /// - Returns: How many entries could be read; all are on disk.
    /// - Throws: ``ShipslogError`` with code `invalidArgument` if it is something else; what `append` throws if it could
    ///   not be written: then it is to be sent again.
    @discardableResult
    public func receive(_ body: Data) async throws -> Int {
        observer.calls = try await calls()
        try takeInherited()
        let batch = try Self.read(body)
        if batch.entries.contains(where: { $0.change != nil }) || !batch.unread.isEmpty {
            lastNumber += 1
            let key = Self.keyPrefix + String(format: "%016d", lastNumber)
            try await write(memory: [key: body])
            for unread in batch.unread { warn(unread.gap.reason) }
            try take(batch, of: key)
            await write()
            releaseSoon()
        }
        told.entries += batch.entries.count
        return batch.entries.count
    }

    /// Works out what entries still wait, and waits until it is written.
    ///
    /// What cannot be written is worked out again by the next receiver.
    public func finish() async throws {
        releasing?.cancel()
        observer.calls = try await calls()
        try takeInherited()
        try release()
        await write()
    }

    /// What a batch holds.
    private struct Batch {
        var entries: [AuditEntry] = []
        var unread: [UnreadEntry] = []
    }

    private static func read(_ body: Data) throws -> Batch {
        do {
            return try AuditText.entries(of: body).reduce(into: Batch()) { batch, entry in
                switch entry {
                case .success(let entry): batch.entries.append(entry)
                case .failure(let unread): batch.unread.append(unread)
                }
            }
        } catch {
            throw ShipslogError(
                .invalidArgument, "The request: \(BrokenLine.reason(error, what: "list of audit events")).")
        }
    }

    // MARK: Working out

    private func takeInherited() throws {
        let batches = inherited
        inherited = []
        for batch in batches {
            var read = try Self.read(batch.body)
            if let owed = inheritedDebt[batch.key] {
                read.entries.removeAll { !owed.contains($0.change?.request.auditID ?? "") }
                read.unread = []
            }
            try take(read, of: batch.key)
        }
        if !batches.isEmpty { releaseSoon() }
    }

    private func take(_ batch: Batch, of key: String) throws {
        kept[key] = Set(batch.entries.compactMap(\.change?.request.auditID))
        pending += try batch.unread.map { try $0.event(ofCluster: cluster, at: now()) }
        for entry in batch.entries { pending += try observer.observe(entry) }
        try noteMemory()
    }

    private func release() throws {
        pending += try observer.release()
        try noteMemory()
    }

    private func noteMemory() throws {
        pendingMemory.merge(try observer.takeMemory()) { $1 }
        let owed = observer.owed
        var debt: Debt = [:]
        for (key, requests) in kept {
            let open = requests.intersection(owed)
            if open.isEmpty {
                kept[key] = nil
                pendingMemory.updateValue(nil, forKey: key)
            } else {
                kept[key] = open
                debt[key] = open
            }
        }
        pendingMemory[Self.debtKey] = try CanonicalJSON.encode(debt)
    }

    /// When nothing more comes, nothing pushes what waits.
    private func releaseSoon() {
        releasing?.cancel()
        releasing = Task {
            do {
                try await Task.sleep(for: pause)
                observer.calls = try await calls()
                try release()
            } catch is CancellationError {
                return
            } catch {
                note(trouble: error)
                return releaseSoon()
            }
            await write()
        }
    }

    // MARK: Writing

    /// Writes what is pending, in order; what could not be written stays.
    private func write() async {
        guard !isWriting else { return }
        isWriting = true
        defer { isWriting = false }
        while !pending.isEmpty || !pendingMemory.isEmpty {
            let events = Array(pending.prefix(10_000))
            // What is remembered covers all that is pending.
            let memory = events.count == pending.count ? pendingMemory : [:]
            pending.removeFirst(events.count)
            if !memory.isEmpty { pendingMemory = [:] }
            do {
                try await write(events, memory: memory)
                told.events += events.count
            } catch {
                pending = events + pending
                pendingMemory = memory.merging(pendingMemory) { $1 }
                return releaseSoon()
            }
        }
    }

    private func write(_ events: [Event] = [], memory: [String: Data?]) async throws {
        do {
            for refusal in try await append(events, memory) { warn(refusal) }
            told.trouble = nil
        } catch {
            note(trouble: error)
            throw error
        }
    }

    private func note(trouble error: any Error) {
        let trouble = (error as? ShipslogError)?.message ?? "\(error)"
        if told.trouble != trouble { warn(trouble) }
        told.trouble = trouble
    }
}
