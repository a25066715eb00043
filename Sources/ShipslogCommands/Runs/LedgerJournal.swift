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

    /// The end of the ledger before the cluster was asked for anything.
    private let openedAt: Position

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
        openedAt = try ledger.head().size
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

    /// The newest of what the runner wrote: whatever another runner of the run wrote comes after it.
    private var written: Position = 0

    func resume(_ run: RolloutRun) { written = run.position }

    func append(_ events: [Event]) async throws {
        guard let run = events.first?.rollout else { return }
        let others = EventFilter(types: Self.runnerTypes, rollout: run)
        do {
            let positions = try await ledger.append(events, if: [.noEvents(matching: others, after: written)])
            written = positions.last ?? written
        } catch let error as ShipslogError where error.code == .conflict {
            throw ShipslogError(
                .conflict, "Another process has gone on with this run meanwhile, so this one leaves it alone.",
                hint: "`shipslog rollouts` shows how far it is.")
        }
    }

    /// What only the runner of a run writes, beside its start.
    static let runnerTypes = [
        "rollout.succeeded", "rollout.failed", "rollout.aborted", "rollback.started", "rollback.completed",
        "rollout.step_started", "rollout.step_completed", "check.completed", "call.intended", "call.completed",
        "call.failed",
    ].map { EventType(rawValue: $0) }

    func begin(_ start: Event) async throws {
        guard case .rolloutStarted(let fact) = try start.fact() else { return }
        let subjects = Set(fact.plan.streams(of: start.stream))
        while true {
            let head = try place.simulatedThrough ?? ledger.head().size
            // What becomes of a simulated cluster is known only to the process that simulates it.
            let running = try await RunCatalog(ledger: ledger).open().first {
                place.isSimulated
                    ? $0.stream.cluster == place.name : !subjects.isDisjoint(with: $0.plan.streams(of: $0.stream))
            }
            if let running { throw refusal(of: start.stream, because: running) }
            let starts = EventFilter(types: [start.type])
            do {
                written = try await ledger.append([start], if: [.noEvents(matching: starts, after: head)]).last ?? 0
                return
            } catch let error as ShipslogError where error.code == .conflict && !place.isSimulated {
                // Some run was begun at this very moment; whether it is about the same subjects is to be seen.
            }
        }
    }

    private func refusal(of stream: StreamName, because running: RolloutRun) -> ShipslogError {
        let name = running.stream.shortName
        let words =
            if place.isSimulated {
                "The rollout of \(name) goes on, on the simulated cluster \(place.name) that has one at a time."
            } else if running.stream == stream {
                "Another run of \(name) has gone on since \(running.startedAt)."
            } else {
                "The run of \(name), which is about the same as one of \(stream.shortName), has gone on since \(running.startedAt)."
            }
        return ShipslogError(
            .conflict, words,
            hint: "Finish it with `shipslog resume \(name)\(place.isSimulated ? " --simulation" : "")`.")
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

    func noteMissing(of streams: [StreamName], at time: Timestamp) async throws {
        var events: [Event] = []
        for stream in streams {
            events += try await ledger.missing(from: stream, at: openedAt, told: known, now: time)
        }
        if !events.isEmpty { _ = try await ledger.append(events) }
    }

    private func take(_ kind: Change.Kind, _ object: KubernetesObject) async throws {
        guard let resource = Self.resources[object.kind] else { return }
        let source = RecordedSource(resource, namespace: object.namespace)
        try await recorder.take(.changed(kind, object), from: source)
    }

    private static let resources: [String: Resource] = Dictionary(
        uniqueKeysWithValues: [Resource.deployments, .replicaSets, .services, .endpointSlices, .pods, .httpRoutes].map {
            ($0.kind, $0)
        })

    func attribute(_ done: RolloutRun.Done, of run: RolloutRun) async throws {
        guard let actor = run.actor, let call = ClusterCall(done.call),
            let uid = done.completed.uid ?? done.call.body["preconditions"]?["uid"]?.string,
            let intent = try await position(of: done.completed.call, in: run)
        else { return }
        let stream = StreamName(
            cluster: run.stream.cluster, namespace: call.namespace ?? "", kind: call.resource.kind.lowercased(),
            name: call.name)
        var effects: [(event: Event, version: String)] = []
        for try await event in ledger.events(EventQuery(after: intent, streams: [stream])) {
            guard let version = try event.event.fact().action?.version, version.uid == uid else { continue }
            effects.append((event.event, version.resourceVersion))
        }
        let isExact = effects.contains { $0.version == done.completed.resourceVersion }
        let version =
            isExact
            ? done.completed.resourceVersion
            : Self.firstVersion(
                of: effects.map(\.version), after: done.call.body["metadata"]?["resourceVersion"]?.string)
        let attributions = try effects.filter { $0.version == version }.map { effect, _ in
            try Event(
                id: .derived(from: ["attributed by the engine", effect.id.description]), stream: stream,
                fact: .actorAttributed(
                    ActorAttributed(
                        event: effect.id, actor: actor, auditID: done.completed.auditID ?? "", groups: [],
                        sourceIPs: [],
                        confidence: isExact && done.completed.status != nil ? .exact : .inferred)),
                occurredAt: effect.occurredAt, rollout: effect.rollout, actor: actor, origin: .engine)
        }
        if !attributions.isEmpty { _ = try await ledger.append(attributions) }
    }

    /// The version that a call left, of those that were told since it was intended.
    ///
    /// Another recorder may only now tell of what came before the call, and the runner, when it looked later than it
    /// happened, knows a later version; but the call was made on the very version before its own.
    /// [Versions of one kind of object are decimal numbers that grow](https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions).
    ///
    /// - Parameters:
    ///   - versions: The versions, in the order of the ledger.
    ///   - precondition: The version that the call was made on; `nil` if the object had to be another one, and not another
    ///     version: whatever is told of it is then of the call or later.
    private static func firstVersion(of versions: [String], after precondition: String?) -> String? {
        guard let precondition, let before = UInt64(precondition) else { return versions.first }
        return versions.compactMap(UInt64.init).filter { $0 > before }.min().map(String.init)
    }

    private func position(of event: EventID, in run: RolloutRun) async throws -> Position? {
        let intents = EventQuery(types: [EventType(rawValue: "call.intended")], rollout: run.id, isBackwards: true)
        for try await intent in ledger.events(intents) where intent.event.id == event { return intent.position }
        return nil
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
