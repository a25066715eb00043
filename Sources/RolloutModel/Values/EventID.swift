import Crypto
import Foundation

/// The identity of an event: a UUID.
///
/// Ids of observed facts are derived from the object version that shows them, so that whoever observes the fact again
/// arrives at the same id; ids of our own acts are ordered by time.
public struct EventID: Hashable, Sendable {
    /// The sixteen bytes, in the order of RFC 9562.
    public let uuid: UUID

    /// Wraps a UUID of any version.
    public init(_ uuid: UUID) {
        self.uuid = uuid
    }

    /// Reads the 36-character form, in either case; `nil` if the text is not a UUID.
    public init?(_ text: String) {
        guard let uuid = UUID(uuidString: text) else { return nil }
        self.uuid = uuid
    }

    /// The 16 bytes.
    public var bytes: [UInt8] { withUnsafeBytes(of: uuid.uuid) { Array($0) } }

    /// Reads 16 bytes; `nil` if there are more or fewer.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 16 else { return nil }
        var raw = zeroes
        withUnsafeMutableBytes(of: &raw) { $0.copyBytes(from: bytes) }
        uuid = UUID(uuid: raw)
    }

    /// A UUIDv5 in Shipslog's own namespace: equal parts give equal ids, in any process, for ever.
    ///
    /// - Parameter parts: What identifies the fact. Each part is preceded by its length, so that no two lists of parts
    ///   are hashed as the same text.
    /// - SeeAlso: <https://www.rfc-editor.org/rfc/rfc9562#section-5.5>
    public static func derived(from parts: [String]) -> EventID {
        var hash = Insecure.SHA1()
        hash.update(data: namespace)
        for part in parts {
            hash.update(data: Array("\(part.utf8.count):\(part)".utf8))
        }
        return EventID(versioned: Array(hash.finalize().prefix(16)), version: 5)
    }

    /// A UUIDv7: the millisecond in the first 48 bits, the rest random.
    ///
    /// - SeeAlso: <https://www.rfc-editor.org/rfc/rfc9562#section-5.7>
    public static func timeOrdered(
        at time: Timestamp, using generator: inout some RandomNumberGenerator
    ) -> EventID {
        var raw = [UInt8](repeating: 0, count: 16)
        withUnsafeBytes(of: UInt64(bitPattern: time.microseconds / 1000).bigEndian) {
            raw.replaceSubrange(0..<6, with: $0[2...])
        }
        for index in 6..<16 { raw[index] = generator.next() }
        return EventID(versioned: raw, version: 7)
    }

    private init(versioned bytes: [UInt8], version: UInt8) {
        var raw = zeroes
        withUnsafeMutableBytes(of: &raw) {
            $0.copyBytes(from: bytes)
            $0[6] = ($0[6] & 0x0F) | (version << 4)
            $0[8] = ($0[8] & 0x3F) | 0x80
        }
        uuid = UUID(uuid: raw)
    }

    /// The namespace under which ids are derived; drawn once, never to change.
    private static let namespace: [UInt8] = [
        0x5c, 0x0f, 0x1b, 0x66, 0x3e, 0x0a, 0x4d, 0x6f, 0x9a, 0x51, 0x0b, 0x1e, 0x77, 0xd2, 0xc4, 0x38,
    ]
}

private let zeroes: uuid_t = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)

extension EventID: CustomStringConvertible {
    /// The 36-character form in lower case.
    public var description: String { uuid.uuidString.lowercased() }
}

extension EventID: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let id = EventID(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a UUID")
        }
        self = id
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
