import Foundation
import RolloutModel

/// The line of an event in a bundle: all that its leaf in the tree covers, its payload, and its way to the root.
struct BundleEvent: Codable {
    var position: Position
    var version: Int64
    var id: EventID
    var stream: StreamName
    var type: EventType
    var schemaVersion: Int
    var occurredAt: Timestamp
    var recordedAt: Timestamp
    var rollout: EventID?
    var cause: EventID?
    var actor: Actor?
    var origin: Origin
    var inferred: Bool
    /// The text of the payload: byte for byte that of the ledger, unless it was masked.
    var payload: String
    /// What the commitment to the payload was salted with; absent if the payload was masked.
    var salt: Hash256?
    /// What stands for the payload of the ledger if this is not it.
    var masked: Withheld?
    /// The siblings on the way from the leaf to the root, the leaf's first.
    var proof: [Hash256]

    /// What the leaf covers of a payload that is not handed out.
    struct Withheld: Codable {
        var commitment: Hash256
        /// In bytes.
        var length: Int
    }

    /// The line of an event of a ledger.
    ///
    /// - Parameter masked: The payload that is handed out in place of the ledger's; `nil` if that may be seen.
    /// - Throws: `ShipslogError` with code `tampered` if the payload is no text.
    init(_ proven: ProvenEvent, masked: Data?) throws {
        let recorded = proven.recorded
        let event = recorded.event
        let bytes = masked ?? event.payload
        let payload = String(decoding: bytes, as: UTF8.self)
        guard payload.utf8.elementsEqual(bytes) else {
            throw ShipslogError(
                .tampered, "The payload of the event at position \(recorded.position) is no text.",
                hint: "Run `shipslog verify`.")
        }
        position = recorded.position
        version = recorded.version
        id = event.id
        stream = event.stream
        type = event.type
        schemaVersion = event.schemaVersion
        occurredAt = event.occurredAt
        recordedAt = recorded.recordedAt
        rollout = event.rollout
        cause = event.cause
        actor = event.actor
        origin = event.origin
        inferred = event.isInferred
        self.payload = payload
        salt = masked == nil ? proven.salt : nil
        self.masked =
            masked == nil ? nil : Withheld(commitment: proven.commitment, length: event.payload.count)
        proof = proven.proof.hashes
    }

    /// The event at its place.
    var recorded: RecordedEvent {
        RecordedEvent(
            position: position, version: version, recordedAt: recordedAt,
            event: Event(
                id: id, stream: stream, type: type, schemaVersion: schemaVersion, occurredAt: occurredAt,
                rollout: rollout, cause: cause, actor: actor, origin: origin, isInferred: inferred,
                payload: Data(payload.utf8)
            )
        )
    }

    /// The commitment to the payload and its length; `nil` if the line has neither a salt nor what stands for one.
    var commitment: Withheld? {
        switch (salt, masked) {
        case (let salt?, nil):
            let bytes = Data(payload.utf8)
            return Withheld(commitment: Envelope.commitment(salt: salt, payload: bytes), length: bytes.count)
        case (nil, let masked?): return masked
        case (nil, nil), (_?, _?): return nil
        }
    }
}
