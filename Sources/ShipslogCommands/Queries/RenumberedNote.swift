import EventLedger
import RolloutModel

/// Notes that were taken over from another ledger in which the rollout that they are about has another number.
///
/// A rollout is numbered by those that are known before it, and one ledger may know more of them than the other.
struct RenumberedNote {
    /// The subject with the number that the note bears: `deploy/web@3`.
    var noted: String
    /// The subject with the number that the rollout has here; `nil` if it is no rollout of its own here.
    var here: String?

    /// Finds the notes of a ledger whose rollouts have other numbers in another, which has all of its events.
    static func all(from source: Ledger, in target: Ledger) async throws -> [RenumberedNote] {
        var notes: [RenumberedNote] = []
        for try await recorded in source.events(EventQuery(types: [EventType(rawValue: "note.added")])) {
            let stream = recorded.event.stream
            guard case .noteAdded(let note) = try recorded.event.fact(), let number = note.rollout else { continue }
            let here = try await self.number(of: number, of: stream, from: source, in: target)
            if here == number { continue }
            notes.append(
                RenumberedNote(
                    noted: "\(stream.shortName)@\(number)", here: here.map { "\(stream.shortName)@\($0)" }))
        }
        return notes
    }

    private static func number(
        of number: Int, of stream: StreamName, from source: Ledger, in target: Ledger
    ) async throws -> Int? {
        guard let start = try source.rollouts(RolloutQuery(stream: stream, number: number)).first?.startPosition else {
            return nil
        }
        let before = Position(rawValue: start.rawValue - 1)
        for try await first in source.events(EventQuery(after: before, limit: 1)) {
            let position = try target.position(of: first.event.id)
            return try target.rollouts(RolloutQuery(stream: stream)).first { $0.startPosition == position }?.number
        }
        return nil
    }
}
