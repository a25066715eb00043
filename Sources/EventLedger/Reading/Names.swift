import Foundation
import GRDB
import RolloutModel

/// The numbers under which a file has its streams and event types.
///
/// They never change, so what was read once holds.
struct Names {
    private var streams: [Int64: StreamName] = [:]
    private var types: [Int64: EventType] = [:]

    /// The stream of a number.
    ///
    /// - Throws: `ShipslogError` with code `tampered` if there is none.
    mutating func stream(_ id: Int64, in database: Database) throws -> StreamName {
        if let known = streams[id] { return known }
        let name = try database.query("SELECT cluster, namespace, kind, name FROM stream WHERE id = ?", .integer(id))
            .first { try StreamName(row: $0) }
        guard let name else {
            throw ShipslogError(.tampered, "The stream number \(id) of an event is not in the ledger.")
        }
        streams[id] = name
        return name
    }

    /// The event type of a number.
    ///
    /// - Throws: As ``stream(_:in:)``.
    mutating func type(_ id: Int64, in database: Database) throws -> EventType {
        if let known = types[id] { return known }
        let name = try database.query("SELECT name FROM event_type WHERE id = ?", .integer(id)).first { $0.text(0) }
        guard let name else {
            throw ShipslogError(.tampered, "The type number \(id) of an event is not in the ledger.")
        }
        let type = EventType(rawValue: name)
        types[id] = type
        return type
    }

    /// The number of a stream; `nil` if it has no events.
    static func id(of stream: StreamName, in database: Database) throws -> Int64? {
        try database.query(
            "SELECT id FROM stream WHERE cluster = ? AND namespace = ? AND kind = ? AND name = ?",
            .text(stream.cluster), .text(stream.namespace), .text(stream.kind), .text(stream.name)
        ).first { $0.integer(0) }
    }

    /// The number of an event type; `nil` if there are no such events.
    static func id(of type: EventType, in database: Database) throws -> Int64? {
        try database.query("SELECT id FROM event_type WHERE name = ?", .text(type.rawValue)).first { $0.integer(0) }
    }
}

extension StreamName {
    /// Reads the columns cluster, namespace, kind and name, the first four of a row or those from another on.
    init(row: Query.Row, from column: Int32 = 0) throws {
        let parts = (column..<column + 4).map { row.text($0) }
        guard parts.allSatisfy(StreamName.isValidPart) else {
            throw ShipslogError(
                .tampered, "A stream of the ledger has an impossible name: \(parts.joined(separator: "/")).")
        }
        self.init(cluster: parts[0], namespace: parts[1], kind: parts[2], name: parts[3])
    }
}
