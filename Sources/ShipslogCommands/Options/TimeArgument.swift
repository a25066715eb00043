import ArgumentParser
import EventLedger
import RolloutModel

/// A time as people write it: RFC 3339, a day, or how long ago.
enum TimeArgument: Equatable, ExpressibleByArgument {
    case absolute(Timestamp)
    case ago(seconds: Double)

    /// Reads `2026-07-30T12:00:05Z`, `2026-07-30` (its first moment in UTC), `2h`, `1d12h` or `5m ago`.
    init?(argument: String) {
        let text = argument.trimmingPrefix(" ")
        if let time = Timestamp(rfc3339: text) {
            self = .absolute(time)
        } else if text.utf8.count == 10, let day = Timestamp(rfc3339: text + "T00:00:00Z") {
            self = .absolute(day)
        } else if let seconds = Self.age(text) {
            self = .ago(seconds: seconds)
        } else {
            return nil
        }
    }

    /// The moment meant, seen from now.
    func resolved(now: Timestamp) -> Timestamp {
        switch self {
        case .absolute(let time): time
        case .ago(let seconds): Timestamp(microseconds: now.microseconds - Int64(seconds * 1_000_000))
        }
    }

    private static func age(_ text: Substring) -> Double? {
        let length = text.hasSuffix(" ago") ? text.dropLast(4) : text
        guard
            let match = length.wholeMatch(
                of: #/(?:(\d{1,6})w)?(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,9})s)?/#),
            !length.isEmpty
        else { return nil }
        let (_, weeks, days, hours, minutes, seconds) = match.output
        let parts = [(weeks, 604_800.0), (days, 86_400), (hours, 3600), (minutes, 60), (seconds, 1)]
        return parts.reduce(0) { $0 + ($1.0.flatMap { Double($0) } ?? 0) * $1.1 }
    }
}

/// A moment in the history of a ledger: a time, or the position of an event.
enum MomentArgument: Equatable, ExpressibleByArgument {
    case time(TimeArgument)
    case position(Position)

    /// Reads what ``TimeArgument`` reads, or a whole number: a position.
    init?(argument: String) {
        if let position = Int64(argument), position >= 0 {
            self = .position(Position(rawValue: position))
        } else if let time = TimeArgument(argument: argument) {
            self = .time(time)
        } else {
            return nil
        }
    }

    /// The moment meant, seen from now.
    func resolved(now: Timestamp) -> Moment {
        switch self {
        case .time(let time): .time(time.resolved(now: now))
        case .position(let position): .position(position)
        }
    }
}
