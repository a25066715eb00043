import Foundation
import RolloutModel

extension Rollout {
    /// The columns of a rollout beside its stream and number.
    static let columns = [
        "kind", "strategy", "outcome", "from_images", "to_images", "from_selector", "to_selector", "revision",
        "from_revision", "restores", "started_at", "ended_at", "diagnosis", "actor", "actor_evidence", "actor_event",
        "change_cause", "desired", "pods", "lowest_ready", "most_pods", "first_position", "start_position",
        "end_position",
    ]

    /// The columns of a table that is called so in a statement.
    static func columns(_ table: String) -> String { columns.map { "\(table).\($0)" }.joined(separator: ", ") }

    /// The values of ``columns``, in their order.
    func columnValues() throws -> [SQLValue] {
        [
            .text(kind.rawValue), .text(strategy.rawValue), .text(outcome.rawValue),
            .text(try TextList.encode(fromImages)), .text(try TextList.encode(toImages)),
            try Self.labels(fromSelector), try Self.labels(toSelector), .integer(Int64(revision)),
            .integer(orNull: fromRevision.map(Int64.init)), .integer(orNull: restores.map(Int64.init)),
            .integer(startedAt.microseconds), .integer(orNull: endedAt?.microseconds), .text(orNull: diagnosis),
            .text(orNull: actor?.name), .text(orNull: actor?.evidence.rawValue), .blob(orNull: actorEvent?.bytes),
            .text(orNull: changeCause), .integer(Int64(desired)), .text(try TextList.encode(pods)),
            .integer(Int64(lowestReady)), .integer(Int64(mostPods)), .integer(firstPosition.rawValue),
            .integer(startPosition.rawValue), .integer(orNull: endPosition?.rawValue),
        ]
    }

    /// Reads the columns of the stream's name, the number, one that is not looked at, and ``columns``.
    ///
    /// - Returns: `nil` if that is no rollout.
    init?(row: Query.Row) throws {
        let first: Int32 = 6
        guard let kind = Kind(rawValue: row.text(first)), let strategy = Strategy(rawValue: row.text(first + 1)),
            let outcome = Outcome(rawValue: row.text(first + 2)), let fromImages = TextList.decode(row.text(first + 3)),
            let toImages = TextList.decode(row.text(first + 4)), let pods = TextList.decode(row.text(first + 18))
        else { return nil }
        var actor: Actor?
        if let name = row.textOrNil(first + 13) {
            guard let evidence = Actor.Evidence(rawValue: row.text(first + 14)) else { return nil }
            actor = Actor(name: name, evidence: evidence)
        }
        self.init(
            stream: try StreamName(row: row), number: Int(row.integer(4)), kind: kind, strategy: strategy,
            outcome: outcome, fromImages: fromImages, toImages: toImages,
            fromSelector: try Self.labels(row.textOrNil(first + 5)),
            toSelector: try Self.labels(row.textOrNil(first + 6)), revision: Int(row.integer(first + 7)),
            fromRevision: row.integerOrNil(first + 8).map(Int.init),
            restores: row.integerOrNil(first + 9).map(Int.init),
            startedAt: Timestamp(microseconds: row.integer(first + 10)),
            endedAt: row.integerOrNil(first + 11).map(Timestamp.init(microseconds:)),
            diagnosis: row.textOrNil(first + 12), actor: actor,
            actorEvent: row.withBytes(first + 15) { EventID(bytes: $0) }, changeCause: row.textOrNil(first + 16),
            desired: Int(row.integer(first + 17)), pods: pods, lowestReady: Int(row.integer(first + 19)),
            mostPods: Int(row.integer(first + 20)), firstPosition: Position(rawValue: row.integer(first + 21)),
            startPosition: Position(rawValue: row.integer(first + 22)),
            endPosition: row.integerOrNil(first + 23).map(Position.init(rawValue:))
        )
    }

    private static func labels(_ labels: [String: String]?) throws -> SQLValue {
        try labels.map { .text(String(decoding: try CanonicalJSON.encode($0), as: UTF8.self)) } ?? .null
    }

    private static func labels(_ text: String?) throws -> [String: String]? {
        try text.map { try CanonicalJSON.decode([String: String].self, from: Data($0.utf8)) }
    }
}

extension Attribution {
    /// The columns of an attribution beside its stream and number, which is its position.
    static let columns = ["event", "actor", "actor_evidence", "confidence", "position"]

    /// The values of ``columns`` but the last, in their order.
    func columnValues() -> [SQLValue] {
        [.blob(event.bytes), .text(actor.name), .text(actor.evidence.rawValue), .text(confidence.rawValue)]
    }
}

/// A list of texts as a JSON array.
///
/// Names and images need no escapes; JSON's own coders take many times as long for those, in each append and for each row
/// of a list.
enum TextList {
    private static let quote = UInt8(ascii: "\"")
    private static let backslash = UInt8(ascii: "\\")

    static func encode(_ texts: [String]) throws -> String {
        let isPlain = texts.allSatisfy { $0.utf8.allSatisfy { $0 >= 0x20 && $0 != quote && $0 != backslash } }
        guard isPlain else { return String(decoding: try CanonicalJSON.encode(texts), as: UTF8.self) }
        return texts.isEmpty ? "[]" : "[\"" + texts.joined(separator: "\",\"") + "\"]"
    }

    /// `nil` if the text is not such a list.
    static func decode(_ list: String) -> [String]? {
        if list == "[]" { return [] }
        guard !list.utf8.contains(backslash) else {
            return try? CanonicalJSON.decode([String].self, from: Data(list.utf8))
        }
        // Without escapes each quote is a bound: ["a","b"] falls into [ a , b ].
        let parts = list.utf8.split(separator: quote, omittingEmptySubsequences: false)
        guard parts.count >= 3, !parts.count.isMultiple(of: 2) else { return nil }
        return stride(from: 1, to: parts.count, by: 2).map { String(Substring(parts[$0])) }
    }
}
