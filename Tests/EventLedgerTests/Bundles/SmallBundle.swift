import EventLedger
import Foundation
import RolloutModel
import ShipslogTesting

/// The bundle of the second rollout of a small Deployment, as lines that a test may change.
struct SmallBundle {
    /// The ledger that it was taken from.
    let source: TemporaryLedger
    /// The header, the events and the end, without newlines.
    var lines: [Data]

    var bytes: Data { lines.map { $0 + Data("\n".utf8) }.reduce(Data(), +) }
    /// Where the bundle is written to.
    var path: String { source.folder.file("web.shipslog") }

    /// Makes one; every second payload is masked if secrets are.
    init(masked: Bool = false) async throws {
        source = try TemporaryLedger()
        let ledger = source.ledger
        var events: [Event] = []
        for number in 1...5 { events += [try Self.template(number), Sample.gap(number, in: Sample.recorder)] }
        _ = try await ledger.append(events)
        let rollout = try ledger.rollouts(RolloutQuery(stream: Sample.web, number: 2))[0]
        let end = rollout.endPosition ?? 0
        // The second rollout ends with the third template.
        _ = try await ledger.append([
            try Self.note("of the first", rollout: 1, id: 21), try Self.note("of this", rollout: 2, id: 22),
            try Self.attribution(of: events[2], id: 23), try Self.attribution(of: events[8], id: 24),
        ])
        lines = try Self.write(
            BundleContents(rollout: rollout, end: end, streams: [Sample.web: end, Sample.recorder: end]), of: ledger,
            masking: masked ? { $0.count.isMultiple(of: 2) ? Data(#"{"masked":"***1"}"#.utf8) : nil } : nil)
    }

    /// The lines of a bundle.
    static func write(
        _ contents: BundleContents, of ledger: Ledger, masking mask: ((Data) throws -> Data?)? = nil
    ) throws -> [Data] {
        let written = Written()
        _ = try ledger.writeBundle(
            of: contents, madeAt: Timestamp(microseconds: 1_800_000_000_000_000), masking: mask
        ) { written.bytes += $0 }
        return written.bytes.split(separator: UInt8(ascii: "\n")).map { Data($0) }
    }

    /// Opens what the lines make.
    func open() throws -> RolloutBundle {
        try bytes.write(to: URL(fileURLWithPath: path))
        return try RolloutBundle.open(at: path, in: source.folder.path)
    }

    static func template(_ number: Int) throws -> Event {
        let object = ObjectVersion(
            kind: "Deployment", namespace: "shop", name: "web", uid: "u", resourceVersion: "\(number)")
        let template: JSONValue = ["spec": ["containers": [["name": "web", "image": .string("web:\(number)")]]]]
        let time = Timestamp(microseconds: 1_700_000_000_000_000 + Int64(number) * 1_000_000)
        let fact: Fact =
            number == 1
            ? .deploymentCreated(
                DeploymentCreated(
                    object: object, createdAt: time, generation: 1, replicas: 1, paused: false, selector: [:],
                    strategy: DeploymentStrategy(type: "Recreate"), template: template))
            : .deploymentTemplateChanged(
                DeploymentTemplateChanged(object: object, generation: number, template: template))
        return try Event(
            id: Sample.id(100 + number), stream: Sample.web, fact: fact, occurredAt: time,
            actor: Actor(name: "kubectl", evidence: .fieldManager), origin: .recorder)
    }

    private static func note(_ text: String, rollout: Int, id: Int) throws -> Event {
        try Event(
            id: Sample.id(id), stream: Sample.web, fact: .noteAdded(NoteAdded(rollout: rollout, text: text)),
            occurredAt: Timestamp(microseconds: 1_750_000_000_000_000), origin: .command)
    }

    private static func attribution(of event: Event, id: Int) throws -> Event {
        let fact = ActorAttributed(
            event: event.id, actor: Actor(name: "alice", evidence: .audit), auditID: "\(id)", groups: [], sourceIPs: [],
            confidence: .exact)
        return try Event(
            id: Sample.id(id), stream: event.stream, fact: .actorAttributed(fact), occurredAt: event.occurredAt,
            origin: .audit)
    }

    private final class Written {
        var bytes = Data()
    }
}
