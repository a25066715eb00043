import EventLedger
import Foundation
import KubernetesClient
import Recording
import RolloutEngine
import RolloutModel

/// The ledger as the place where a run is written down, together with all that the cluster tells meanwhile.
actor LedgerJournal: RolloutJournal {
    private let ledger: Ledger
    private let recorder: Recorder
    /// The UIDs of the objects that the cluster told of and that live: any other is new.
    private var known: Set<String> = []

    /// What is remembered of the cluster is under this name, from the start of a run to its end: who resumes it sees by
    /// that what has vanished.
    private let name: String

    /// - Parameter stream: Whose runs are written down.
    init(ledger: Ledger, stream: StreamName, now: @escaping @Sendable () -> Timestamp) throws {
        self.ledger = ledger
        let name = "run of \(stream)"
        self.name = name
        let memory = try ledger.memory(of: name)
        recorder = try Recorder(cluster: stream.cluster, memory: memory, now: now, catchUpTime: .zero) {
            events, memory in
            _ = try await ledger.append(events, remembering: RecorderMemory(recorder: name, changes: memory))
        }
    }

    func finish() async throws {
        try await recorder.finish()
        let memory = try ledger.memory(of: name)
        let nothing: [String: Data?] = memory.mapValues { _ in nil }
        _ = try await ledger.append([], remembering: RecorderMemory(recorder: name, changes: nothing))
    }

    func append(_ events: [Event]) async throws { _ = try await ledger.append(events) }

    func begin(_ start: Event) async throws {
        let head = try ledger.head().size
        if let running = try await RunCatalog(ledger: ledger).open(of: start.stream).first {
            throw ShipslogError(
                .conflict,
                "Another run of \(start.stream.shortName) has gone on since \(running.startedAt).",
                hint: "Finish it with `shipslog resume \(start.stream.shortName)`."
            )
        }
        let others = EventFilter(streams: [start.stream], types: [start.type])
        _ = try await ledger.append([start], if: [.noEvents(matching: others, after: head)])
    }

    func record(_ changes: [ClusterChange]) async throws {
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

    func state(of stream: StreamName) async throws -> SubjectState { try ledger.state(of: stream) }
}

extension KubernetesObject {
    /// The object that a value is.
    ///
    /// - Throws: `DecodingError` if it is none; `EncodingError` if it holds a number that JSON has no form for.
    fileprivate init(_ value: JSONValue) throws { try self.init(json: CanonicalJSON.encode(value)) }
}
