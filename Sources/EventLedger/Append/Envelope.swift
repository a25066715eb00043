import Crypto
import Foundation
import RolloutModel

/// The bytes of an event that its leaf in the Merkle tree covers.
///
/// A sequence of fields in a fixed order, each preceded by its length as a 32-bit big-endian number: format version (4
/// bytes), log uid (16), position (8), event id (16), stream, version (8), type, schema version (4), occurred (8) and
/// recorded (8) in microseconds since 1970, actor name, actor evidence, origin, inferred (1), rollout (16), cause (16),
/// payload media type, payload length (8), payload commitment (32). Numbers are big-endian, texts UTF-8. A field that is
/// absent has the length FFFFFFFF and no bytes.
///
/// The payload itself is not in it: the commitment to it is, so that a payload can be taken away and the leaf still holds.
enum Envelope {
    /// The version of the format.
    static let formatVersion: UInt32 = 1
    /// The greatest length, as transparency logs have it.
    static let maxBytes = 65_535
    /// What payloads are.
    static let mediaType = "application/json"
    /// The number of bytes of a salt.
    static let saltBytes = 32

    /// One of the salts of an append: as unpredictable as its seed, which is drawn once and never stored, since a random
    /// number for each event would cost more than the event.
    static func salt(seed: [UInt8], index: Int) -> Hash256 {
        var hash = SHA256()
        hash.update(data: saltPrefix)
        seed.withUnsafeBytes { hash.update(bufferPointer: $0) }
        withUnsafeBytes(of: UInt64(index).bigEndian) { hash.update(bufferPointer: $0) }
        return Hash256(hash.finalize())
    }

    /// The commitment to a payload: SHA-256 of `payload/v1`, a zero byte, the salt and the payload.
    static func commitment(salt: Hash256, payload: some ContiguousBytes) -> Hash256 {
        var hash = SHA256()
        hash.update(data: commitmentPrefix)
        salt.withUnsafeBytes { hash.update(bufferPointer: $0) }
        payload.withUnsafeBytes { hash.update(bufferPointer: $0) }
        return Hash256(hash.finalize())
    }

    private static let saltPrefix = Array("salt/v1\0".utf8)
    private static let commitmentPrefix = Array("payload/v1\0".utf8)

    /// The envelope of an event at its place.
    static func bytes(
        log uid: [UInt8], position: Int64, version: Int64, recordedAt: Int64, stream: String, event: Event,
        payloadBytes: Int, commitment: Hash256
    ) -> [UInt8] {
        var fields = Fields()
        fields.append(formatVersion)
        fields.append(uid)
        fields.append(position)
        fields.append(event.id)
        fields.append(stream)
        fields.append(version)
        fields.append(event.type.rawValue)
        fields.append(UInt32(clamping: event.schemaVersion))
        fields.append(event.occurredAt.microseconds)
        fields.append(recordedAt)
        fields.append(event.actor?.name)
        fields.append(event.actor?.evidence.rawValue)
        fields.append(event.origin.rawValue)
        fields.append([event.isInferred ? 1 : 0])
        fields.append(event.rollout)
        fields.append(event.cause)
        fields.append(mediaType)
        fields.append(Int64(payloadBytes))
        commitment.withUnsafeBytes { fields.append($0) }
        return fields.bytes
    }

    /// Fields under construction.
    private struct Fields {
        var bytes: [UInt8] = []

        init() { bytes.reserveCapacity(512) }

        mutating func append(_ field: UnsafeRawBufferPointer) {
            appendLength(UInt32(field.count))
            bytes.append(contentsOf: field)
        }
        mutating func append(_ field: [UInt8]) {
            appendLength(UInt32(field.count))
            bytes.append(contentsOf: field)
        }
        mutating func append(_ number: some FixedWidthInteger) {
            withUnsafeBytes(of: number.bigEndian) { append($0) }
        }
        mutating func append(_ text: String?) {
            guard let text else { return appendLength(.max) }
            appendLength(UInt32(text.utf8.count))
            bytes.append(contentsOf: text.utf8)
        }
        mutating func append(_ id: EventID?) {
            guard let id else { return appendLength(.max) }
            withUnsafeBytes(of: id.uuid.uuid) { append($0) }
        }
        private mutating func appendLength(_ length: UInt32) {
            withUnsafeBytes(of: length.bigEndian) { bytes.append(contentsOf: $0) }
        }
    }
}
