import EventLedger
import Foundation
import KubernetesClient
import Recording
import RolloutEngine
import RolloutModel
import Synchronization

/// The ledger as the place where a run is written down, together with all that the cluster tells meanwhile.
actor LedgerJournal: RolloutJournal {
    private let ledger: Ledger
    private let recorder: Recorder
    /// The UIDs of the objects that the cluster told of and that live: any other is new.
    private var known: Set<String> = []

    private let clock = Clock()

    /// The cluster's clock, as it was when the cluster told something last.
    private final class Clock: Sendable {
        let time = Mutex(Timestamp(microseconds: 0))
    }

    /// What is remembered of the cluster is under this name: who resumes a run sees by that what has vanished.
    private let name: String
    private let place: RunPlace

    /// - Parameter stream: Whose runs are written down.
    init(ledger: Ledger, stream: StreamName, place: RunPlace) throws {
        self.ledger = ledger
        self.place = place
        let clock = clock
        let name = place.isSimulated ? "simulation of \(place.name)/\(place.namespace)" : "run of \(stream)"
        self.name = name
        @Sendable func now() -> Timestamp { clock.time.withLock(\.self) }
        recorder = try Recorder(
            cluster: stream.cluster, memory: try ledger.memory(of: name), now: now, catchUpTime: .zero
        ) { events, memory in
            _ = try await ledger.append(events, remembering: RecorderMemory(recorder: name, changes: memory))
        }
    }

    func finish() async throws {
        try await recorder.finish()
        // Of a simulated cluster nobody else will notice what becomes of it after the run.
        guard !place.isSimulated else { return }
        let memory = try ledger.memory(of: name)
        let nothing: [String: Data?] = memory.mapValues { _ in nil }
        _ = try await ledger.append([], remembering: RecorderMemory(recorder: name, changes: nothing))
    }

    func append(_ events: [Event]) async throws { _ = try await ledger.append(events) }

    func begin(_ start: Event) async throws {
        let head = try place.simulatedThrough ?? ledger.head().size
        let open = try await RunCatalog(ledger: ledger).open()
        // What becomes of a simulated cluster is known only to the process that simulates it.
        let others = open.filter { place.isSimulated ? $0.stream.cluster == place.name : $0.stream == start.stream }
        if let running = others.first {
            let name = running.stream.shortName
            throw ShipslogError(
                .conflict,
                place.isSimulated
                    ? "The rollout of \(name) goes on, on the simulated cluster \(place.name) that has one at a time."
                    : "Another run of \(name) has gone on since \(running.startedAt).",
                hint: "Finish it with `shipslog resume \(name)\(place.isSimulated ? " --simulation" : "")`.")
        }
        let starts = EventFilter(streams: place.isSimulated ? [] : [start.stream], types: [start.type])
        _ = try await ledger.append([start], if: [.noEvents(matching: starts, after: head)])
    }

    func record(_ changes: [ClusterChange], at time: Timestamp) async throws {
        clock.time.withLock { $0 = time }
        for change in changes {
            switch change {
            case .all(let selection, let objects):
                let source = RecordedSource(selection.resource, namespace: selection.namespace)
                try await recorder.take(.listing, from: source)
                let listed = try objects.map { try KubernetesObject($0) }
                known.formUnion(listed.map(\.uid))
                try await recorder.take(.listed(listed), from: source)
                try await recorder.take(.synced(resourceVersion: ""), from: source)
            case .changed(let value):
                let object = try KubernetesObject(value)
                try await take(known.insert(object.uid).inserted ? .added : .modified, object)
            case .deleted(let value):
                let object = try KubernetesObject(value)
                known.remove(object.uid)
                try await take(.deleted, object)
            }
        }
        try await recorder.finish()
    }

    private func take(_ kind: Change.Kind, _ object: KubernetesObject) async throws {
        guard let resource = Self.resources[object.kind] else { return }
        let source = RecordedSource(resource, namespace: object.namespace)
        try await recorder.take(.changed(kind, object), from: source)
    }

    private static let resources: [String: Resource] = Dictionary(
        uniqueKeysWithValues: [Resource.deployments, .replicaSets, .services, .endpointSlices, .pods].map {
            ($0.kind, $0)
        })

    func attribute(_ object: ObjectVersion, of stream: StreamName, to actor: Actor, auditID: String) async throws {
        let newest = EventQuery(streams: [stream], isBackwards: true, limit: 50)
        var attributions: [Event] = []
        for try await event in ledger.events(newest) {
            guard try event.event.fact().action?.version == object else { continue }
            attributions.append(
                try Event(
                    id: .derived(from: ["attributed by the engine", event.event.id.description]), stream: stream,
                    fact: .actorAttributed(
                        ActorAttributed(
                            event: event.event.id, actor: actor, auditID: auditID, groups: [], sourceIPs: [],
                            confidence: .exact)),
                    occurredAt: event.event.occurredAt, rollout: event.event.rollout, actor: actor, origin: .engine))
        }
        if !attributions.isEmpty { _ = try await ledger.append(attributions) }
    }

    private var requestsRead: Position = 0

    func requests(of run: EventID) async throws -> [Event] {
        var requests: [Event] = []
        for try await event in ledger.events(
            EventQuery(after: requestsRead, types: RunRequest.types, rollout: run))
        {
            requests.append(event.event)
            requestsRead = event.position
        }
        return requests
    }

    func awaitRequest() async throws { try await Task.sleep(for: .milliseconds(200)) }

    func state(of stream: StreamName) async throws -> SubjectState { try ledger.state(of: stream) }
}

extension KubernetesObject {
    /// The object that a value is.
    ///
    /// - Throws: `DecodingError` if it is none; `EncodingError` if it holds a number that JSON has no form for.
    fileprivate init(_ value: JSONValue) throws { try self.init(json: CanonicalJSON.encode(value)) }
}
