import Foundation
import RolloutModel

/// Reads audit entries out of JSON, as little of it as matters: most requests change nothing that rollouts touch, and of
/// those that do most of the text is what was asked for, and which fields belong to whom.
enum AuditText {
    /// The JSON is an object of another kind.
    struct UnknownKind: Error { var kind: String }

    /// The entries of a line of an audit log: an entry, or several of them as the webhook backend sends them.
    ///
    /// - Throws: ``UnknownKind``; `DecodingError` if an entry is not what it should be; what ``WatchEvent/checkNames(at:)``
    ///   throws.
    static func entries(of line: Data) throws -> [AuditEntry] {
        do {
            return try line.withUnsafeBytes { bytes in
                if let at = Glance(bytes)?.irrelevantSince { return [AuditEntry(at: at, change: nil)] }
                let raw = RawJSON(bytes: bytes)
                let members = try raw.members(in: 0..<bytes.count)
                switch members["kind"].flatMap({ raw.string(in: $0) }) {
                case "Event": return [try entry(members, of: raw)]
                case "EventList":
                    guard let items = members["items"] else { throw RawJSON.Malformed() }
                    return try raw.elements(in: items).map { try entry(raw.members(in: $0), of: raw) }
                case let kind?: throw UnknownKind(kind: kind)
                case nil: throw RawJSON.Malformed()
                }
            }
        } catch is RawJSON.Malformed {
            // The decoder says what is wrong with it.
            return try JSONDecoder().decode(Whole.self, from: line).entries
        }
    }

    /// What can be told of an entry that an API server wrote, by the order in which it always writes its members.
    ///
    /// A quote within a text has a backslash before it, so that no text can hold what is looked for; and the objects, which
    /// could, come after.
    private struct Glance {
        /// When a request was answered that changed nothing that rollouts touch; `nil` if it may have.
        private(set) var irrelevantSince: Timestamp?

        /// `nil` if it is something else.
        init?(_ bytes: UnsafeRawBufferPointer) {
            var rest = bytes[...]
            guard bytes.starts(with: Self.beginning), bytes.last == UInt8(ascii: "}"),
                let stage = Self.text(after: "\"stage\":\"", in: &rest),
                let verb = Self.text(after: "\"verb\":\"", in: &rest)
            else { return nil }
            let resource = Self.text(after: "\"objectRef\":{\"resource\":\"", in: &rest)
            guard !AuditRequest.mayChangeRollouts(stage: stage, verb: verb, resource: resource) else { return }
            guard let time = Self.text(after: "\"stageTimestamp\":\"", in: &rest), let at = Timestamp(rfc3339: time)
            else { return nil }
            irrelevantSince = at
        }

        private static let beginning = Array(#"{"kind":"Event","apiVersion":"audit.k8s.io/v1","#.utf8)

        /// The text between a mark and the next quote; what comes before its end is not looked at again.
        private static func text(after mark: StaticString, in rest: inout Slice<UnsafeRawBufferPointer>) -> String? {
            guard let from = position(after: mark, in: rest),
                let end = rest.base[from..<rest.endIndex].firstIndex(of: UInt8(ascii: "\""))
            else { return nil }
            rest = rest.base[end..<rest.endIndex]
            return String(decoding: rest.base[from..<end], as: UTF8.self)
        }

        /// Compares eight bytes at a time, the length of the shortest mark.
        private static func position(after mark: StaticString, in rest: Slice<UnsafeRawBufferPointer>) -> Int? {
            let length = mark.utf8CodeUnitCount
            let beginning = UnsafeRawPointer(mark.utf8Start).loadUnaligned(as: UInt64.self)
            var index = rest.startIndex
            while index + length <= rest.endIndex {
                if rest.base.loadUnaligned(fromByteOffset: index, as: UInt64.self) == beginning,
                    UnsafeRawBufferPointer(rebasing: rest.base[index..<index + length])
                        .elementsEqual(UnsafeRawBufferPointer(start: mark.utf8Start, count: length))
                {
                    return index + length
                }
                index += 1
            }
            return nil
        }
    }

    private typealias Members = [String: Range<Int>]

    private static func entry(_ members: Members, of raw: RawJSON) throws -> AuditEntry {
        func text(_ key: String) -> String? { members[key].flatMap { raw.string(in: $0) } }
        guard let stage = text("stage"), let verb = text("verb"), members["auditID"] != nil, members["user"] != nil,
            let at = text("stageTimestamp").flatMap({ Timestamp(rfc3339: $0) })
        else { throw RawJSON.Malformed() }
        let reference = try members["objectRef"].map { try raw.members(in: $0) }
        let resource = reference?["resource"].flatMap { raw.string(in: $0) }
        guard AuditRequest.mayChangeRollouts(stage: stage, verb: verb, resource: resource) else {
            return AuditEntry(at: at, change: nil)
        }
        return try JSONDecoder().decode(AuditEntry.self, from: essence(members, of: raw))
    }

    // MARK: What matters of an entry

    private static let essentialKeys = [
        "auditID", "stage", "stageTimestamp", "verb", "objectRef", "user", "impersonatedUser", "sourceIPs", "userAgent",
        "responseStatus",
    ]

    /// The entry without what was asked for, and without the fields below `spec` that belong to somebody.
    private static func essence(_ members: Members, of raw: RawJSON) throws -> Data {
        var essence = Essence(raw: raw)
        for key in essentialKeys { if let value = members[key] { essence.copy(value, as: key) } }
        if let object = members["responseObject"] {
            try essence.nested("responseObject", object) { essence, key, value in
                guard key == "metadata" else { return essence.copy(value, as: key) }
                try essence.nested(key, value) { essence, key, value in
                    guard key == "managedFields" else { return essence.copy(value, as: key) }
                    try essence.managers(value)
                }
            }
        }
        return essence.finished()
    }

    /// JSON that is put together from parts of other JSON.
    private struct Essence {
        let raw: RawJSON
        private var text = Data("{".utf8)
        private var isFirst = true

        init(raw: RawJSON) {
            self.raw = raw
            text.reserveCapacity(raw.bytes.count / 2)
        }

        mutating func copy(_ value: Range<Int>, as key: String) {
            begin(key)
            text.append(contentsOf: raw.bytes[value])
        }

        /// An object, or whatever else stands there, which is for the decoder to judge.
        mutating func nested(
            _ key: String, _ range: Range<Int>, _ member: (inout Essence, String, Range<Int>) throws -> Void
        ) throws {
            guard raw.bytes[range.lowerBound] == UInt8(ascii: "{") else { return copy(range, as: key) }
            begin(key)
            open("{")
            for (key, value) in try raw.members(in: range) { try member(&self, key, value) }
            close("}")
        }

        /// Of `managedFields` who wrote what right under `spec`, and when.
        mutating func managers(_ range: Range<Int>) throws {
            begin("managedFields")
            open("[")
            for element in try raw.elements(in: range) {
                let members = try raw.members(in: element)
                if !isFirst { text.append(UInt8(ascii: ",")) }
                open("{")
                for key in ["manager", "time", "subresource"] { if let value = members[key] { copy(value, as: key) } }
                let fields = try members["fieldsV1"].map { try raw.members(in: $0) }
                if let spec = fields?["f:spec"] {
                    text.append(contentsOf: #","fieldsV1":{"f:spec":{"#.utf8)
                    let names = try raw.members(in: spec).keys.map { "\"\($0)\":{}" }
                    text.append(contentsOf: names.joined(separator: ",").utf8)
                    text.append(contentsOf: "}}".utf8)
                }
                close("}")
            }
            close("]")
        }

        func finished() -> Data { text + Data("}".utf8) }

        private mutating func begin(_ key: String) {
            if !isFirst { text.append(UInt8(ascii: ",")) }
            isFirst = false
            text.append(UInt8(ascii: "\""))
            text.append(contentsOf: key.utf8)
            text.append(contentsOf: "\":".utf8)
        }

        private mutating func open(_ bracket: Unicode.Scalar) {
            text.append(UInt8(ascii: bracket))
            isFirst = true
        }

        private mutating func close(_ bracket: Unicode.Scalar) {
            text.append(UInt8(ascii: bracket))
            isFirst = false
        }
    }

    /// A line, decoded as a whole.
    private struct Whole: Decodable {
        var entries: [AuditEntry]

        private enum Key: String, CodingKey { case kind, items }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            switch try container.decode(String.self, forKey: .kind) {
            case "Event": entries = [try AuditEntry(from: decoder)]
            case "EventList": entries = try container.decode([AuditEntry].self, forKey: .items)
            case let kind: throw UnknownKind(kind: kind)
            }
        }
    }
}
