import GRDB
import RolloutModel

/// Writes the rows of events and of their payloads.
struct EventInsertion {
    private let event: Query
    private let payload: Query

    init(_ database: Database) throws {
        event = try database.query(
            """
            INSERT INTO event (
                position, id, stream, version, type, schema_version, occurred_at, recorded_at, rollout, cause, actor,
                actor_evidence, origin, inferred, commitment, leaf
            ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        )
        payload = try database.query("INSERT INTO payload (position, salt, content) VALUES (?, ?, ?)")
    }

    /// What ties an event to the tree.
    struct Seal {
        /// Absent if the payload is not the one that was committed to.
        var salt: Hash256?
        var commitment: Hash256
        var leaf: Hash256
    }

    /// Writes an event at its place.
    ///
    /// - Parameters:
    ///   - stream: The number of its stream.
    ///   - type: The number of its type.
    func insert(_ recorded: RecordedEvent, stream: Int64, type: Int64, seal: Seal) throws {
        let event = recorded.event
        let position = SQLValue.integer(recorded.position.rawValue)
        try self.event.bind([
            position, .blob(event.id.bytes), .integer(stream), .integer(recorded.version),
            .integer(type), .integer(Int64(event.schemaVersion)),
            .integer(event.occurredAt.microseconds), .integer(recorded.recordedAt.microseconds),
            .blob(orNull: event.rollout?.bytes), .blob(orNull: event.cause?.bytes), .text(orNull: event.actor?.name),
            .text(orNull: event.actor?.evidence.rawValue), .text(event.origin.rawValue),
            .integer(event.isInferred ? 1 : 0), .hash(seal.commitment), .hash(seal.leaf),
        ])
        try self.event.run()
        let salt = seal.salt?.bytes ?? [UInt8](repeating: 0, count: Envelope.saltBytes)
        try payload.bind([position, .blob(salt), .data(event.payload)])
        try payload.run()
    }
}
