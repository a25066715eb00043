import EventLedger
import RolloutEngine
import RolloutModel
import Synchronization

@testable import ShipslogCommands

/// A journal in which somebody asks something of the run, each time after it wrote so many of its events.
final class AskingJournal: RolloutJournal {
    /// What somebody asks.
    enum Request {
        case pause
        case resume
        case promote(isFull: Bool)
        case abort(String?)

        func fact(of run: EventID) -> Fact {
            switch self {
            case .pause: .rolloutPaused(RolloutRequest(run: run))
            case .resume: .rolloutResumed(RolloutRequest(run: run))
            case .promote(let isFull): .rolloutPromoted(RolloutPromoted(isFull: isFull))
            case .abort(let reason): .rolloutAbortRequested(RolloutRequest(run: run, reason: reason))
            }
        }
    }

    private let journal: LedgerJournal
    private let ledger: Ledger
    private let requests: [Int: Request]
    private let written = Mutex(0)
    /// How often the run waited to be asked.
    let waits = Mutex(0)
    /// What is asked once the run waits.
    private let whenItWaits: Request?

    /// - Parameter requests: What is asked, by the number of events.
    init(_ journal: LedgerJournal, _ ledger: Ledger, after requests: [Int: Request] = [:], whenItWaits: Request? = nil)
    {
        self.journal = journal
        self.ledger = ledger
        self.requests = requests
        self.whenItWaits = whenItWaits
    }

    private func ask(_ asked: Request, of run: Event) async throws {
        var generator = SystemRandomNumberGenerator()
        let id = run.rollout ?? run.id
        let request = try Event(
            id: .timeOrdered(at: run.occurredAt, using: &generator), stream: run.stream, fact: asked.fact(of: id),
            occurredAt: run.occurredAt, rollout: id, cause: id, actor: Actor(name: "bob", evidence: .engine),
            origin: .engine)
        _ = try await ledger.append([request])
    }

    private let last = Mutex<Event?>(nil)

    private func count(_ event: Event) async throws {
        last.withLock { $0 = event }
        let number = written.withLock { written in
            written += 1
            return written
        }
        if let fact = requests[number] { try await ask(fact, of: event) }
    }

    func append(_ events: [Event]) async throws {
        try await journal.append(events)
        for event in events { try await count(event) }
    }

    func begin(_ start: Event) async throws {
        try await journal.begin(start)
        try await count(start)
    }

    func awaitRequest() async throws {
        waits.withLock { $0 += 1 }
        if let whenItWaits, let event = last.withLock(\.self) { try await ask(whenItWaits, of: event) }
    }

    func record(_ changes: [ClusterChange], at time: Timestamp) async throws {
        try await journal.record(changes, at: time)
    }
    func noteMissing(of streams: [StreamName], at time: Timestamp) async throws {
        try await journal.noteMissing(of: streams, at: time)
    }
    func attribute(_ done: RolloutRun.Done, of run: RolloutRun) async throws {
        try await journal.attribute(done, of: run)
    }
    func resume(_ run: RolloutRun) async throws { await journal.resume(run) }
    func requests(of run: EventID) async throws -> [Event] { try await journal.requests(of: run) }
    func finish() async throws { try await journal.finish() }
    func state(of stream: StreamName) async throws -> SubjectState { try await journal.state(of: stream) }
}
