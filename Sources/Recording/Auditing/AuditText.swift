import Foundation
import RolloutModel

/// Reads audit entries out of JSON, as little of it as matters: most requests change nothing that rollouts touch.
enum AuditText {
    /// The entries of a line of an audit log: an entry, or several of them as the webhook backend sends them.
    ///
    /// - Throws: ``BrokenLine/Refusal`` or `DecodingError` if it is something else.
    static func entries(of line: Data) throws -> [Result<AuditEntry, UnreadEntry>] {
        if let at = line.withUnsafeBytes({ Glance($0)?.irrelevantSince }) {
            return [.success(AuditEntry(at: at, change: nil))]
        }
        do {
            return try CanonicalJSON.decode(Whole<AuditEntry>.self, from: line).entries.map { .success($0) }
        } catch {
            // It costs more to look at each by itself, and to be told what is wrong with which.
            return try JSONDecoder().decode(Whole<Attempt>.self, from: line).entries.map(\.result)
        }
    }

    /// An entry, or what is wrong with it.
    private struct Attempt: Decodable {
        var result: Result<AuditEntry, UnreadEntry>

        init(from decoder: any Decoder) throws {
            do {
                result = .success(try AuditEntry(from: decoder))
            } catch {
                result = .failure(UnreadEntry(error, from: decoder))
            }
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

    /// A line, whose text is no further decoded than the entries in it want.
    private struct Whole<Entry: Decodable>: Decodable {
        var entries: [Entry]

        private enum Key: String, CodingKey { case kind, items }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            switch try container.decode(String.self, forKey: .kind) {
            case "Event": entries = [try Entry(from: decoder)]
            case "EventList": entries = try container.decode([Entry].self, forKey: .items)
            case let kind: throw BrokenLine.Refusal(reason: "it is a \(kind), no audit event")
            }
        }
    }
}
