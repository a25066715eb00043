import Foundation

/// Something that happened to a subject, as it is handed to the ledger: an envelope around the bytes of a payload.
///
/// The ledger stores the payload as given; ``fact()`` reads it.
public struct Event: Hashable, Sendable {
    /// Its identity: appending an event with the same id again changes nothing.
    public var id: EventID
    /// The subject whose history it belongs to.
    public var stream: StreamName
    /// What kind of thing happened; one of the catalogue in `schema/events`.
    public var type: EventType { didSet { stated.value = nil } }
    /// The version of the payload's schema, from 1.
    public var schemaVersion: Int { didSet { stated.value = nil } }
    /// When it happened: by the cluster's clock where the cluster says so, which is to the second; else by ours.
    public var occurredAt: Timestamp
    /// The rollout an engine recorded it for; `nil` for what was merely observed.
    public var rollout: EventID?
    /// The event that led to this one, where that is known.
    public var cause: EventID?
    /// Who did it, and how we know; `nil` if nothing tells.
    public var actor: Actor?
    /// Which part of Shipslog appended it.
    public var origin: Origin
    /// Whether it was concluded afterwards rather than seen.
    public var isInferred: Bool
    /// The fact itself: UTF-8 JSON with sorted keys.
    public var payload: Data { didSet { stated.value = nil } }
    /// The fact that the payload was made of, so that who appends it need not read it again.
    private var stated = Uncompared<Fact>()

    /// Makes an event of given payload bytes.
    public init(
        id: EventID, stream: StreamName, type: EventType, schemaVersion: Int, occurredAt: Timestamp,
        rollout: EventID? = nil, cause: EventID? = nil, actor: Actor? = nil, origin: Origin, isInferred: Bool = false,
        payload: Data
    ) {
        self.id = id
        self.stream = stream
        self.type = type
        self.schemaVersion = schemaVersion
        self.occurredAt = occurredAt
        self.rollout = rollout
        self.cause = cause
        self.actor = actor
        self.origin = origin
        self.isInferred = isInferred
        self.payload = payload
    }

    /// Makes an event that states a fact, in the fact's current schema version.
    ///
    /// - Throws: `EncodingError` if the fact holds a number that JSON has no form for.
    public init(
        id: EventID, stream: StreamName, fact: Fact, occurredAt: Timestamp, rollout: EventID? = nil,
        cause: EventID? = nil, actor: Actor? = nil, origin: Origin, isInferred: Bool = false
    ) throws {
        self.init(
            id: id, stream: stream, type: fact.type, schemaVersion: fact.type.currentSchemaVersion,
            occurredAt: occurredAt, rollout: rollout, cause: cause, actor: actor, origin: origin,
            isInferred: isInferred, payload: try fact.encodePayload()
        )
        stated.value = fact
    }

    /// The fact that the payload states, brought up to the current schema version.
    ///
    /// - Throws: ``ShipslogError`` with code `unsupportedSchema` if the type or its version is unknown here;
    ///   `tampered` if the payload is not of the shape that its type demands.
    public func fact() throws -> Fact {
        try stated.value ?? Fact(type: type, schemaVersion: schemaVersion, payload: payload)
    }

    /// The same event with its fact read once, for all who ask for it later.
    ///
    /// - Throws: As ``fact()``.
    package func withFact() throws -> Event {
        var event = self
        event.stated.value = try fact()
        return event
    }
}

/// Something kept for speed: whether it is there makes no difference to what it belongs to.
private struct Uncompared<Value: Sendable>: Hashable, Sendable {
    var value: Value?

    static func == (left: Self, right: Self) -> Bool { true }
    func hash(into hasher: inout Hasher) {}
}

/// An event with its place in the ledger.
public struct RecordedEvent: Hashable, Sendable {
    /// Its place in the whole log, from 1 without gaps, in the order of commits.
    public var position: Position
    /// Its place in its stream, from 1 without gaps.
    public var version: Int64
    /// When it was appended, by our clock.
    public var recordedAt: Timestamp
    /// The event as it was appended.
    public var event: Event

    /// Places an event.
    public init(position: Position, version: Int64, recordedAt: Timestamp, event: Event) {
        self.position = position
        self.version = version
        self.recordedAt = recordedAt
        self.event = event
    }

    /// As ``Event/withFact()``.
    package func withFact() throws -> RecordedEvent {
        var recorded = self
        recorded.event = try event.withFact()
        return recorded
    }
}

/// A place in the log: the number of events up to and including it.
public struct Position: RawRepresentable, Hashable, Comparable, Sendable, Codable, ExpressibleByIntegerLiteral {
    /// 0 is before the first event.
    public var rawValue: Int64

    public init(rawValue: Int64) { self.rawValue = rawValue }
    public init(integerLiteral value: Int64) { rawValue = value }
    public static func < (left: Position, right: Position) -> Bool { left.rawValue < right.rawValue }
}

extension Position: CustomStringConvertible {
    public var description: String { String(rawValue) }
}

/// Who did something, and on what evidence.
public struct Actor: Hashable, Sendable, Codable {
    /// A user name, or the name of a field manager.
    public var name: String
    /// What the name rests on.
    public var evidence: Evidence

    /// Names an actor on some evidence.
    public init(name: String, evidence: Evidence) {
        self.name = name
        self.evidence = evidence
    }

    /// Where an actor's name comes from, the strongest first.
    public enum Evidence: String, Sendable, Codable, CaseIterable {
        /// It was Shipslog itself, run by this user.
        case engine
        /// The API server's audit log says so.
        case audit
        /// `metadata.managedFields` names this manager: a program, not a person.
        case fieldManager
    }
}

/// Which part of Shipslog appended an event.
public enum Origin: String, Sendable, Codable, CaseIterable {
    /// A strategy that was carrying out a rollout.
    case engine
    /// A live watch.
    case recorder
    /// An audit log.
    case audit
    /// Saved watch streams.
    case `import`
    /// A command with which somebody wrote it down.
    case command
}

/// The kind of an event: `deployment.template_changed`.
public struct EventType: RawRepresentable, Hashable, Sendable, Codable {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
}

extension EventType: CustomStringConvertible {
    public var description: String { rawValue }
}
