import RolloutModel

/// How times are shown in tables.
enum TimeDisplay: String, CaseIterable, Sendable {
    /// How long ago, if that is less than a week; else the moment.
    case auto
    /// How long ago.
    case relative
    /// The moment, in UTC.
    case absolute
}

/// Times and durations in words.
enum TimeText {
    /// A length of time as `kubectl` puts it: the two largest units, `9s`, `3m5s`, `2h`, `3d4h`.
    static func duration(_ seconds: Double) -> String {
        if seconds < 0 { return "-" + duration(-seconds) }
        if seconds < 10, seconds != seconds.rounded() { return "\((seconds * 10).rounded() / 10)s" }
        guard seconds < 1e15 else { return "for ever" }
        let total = Int(seconds.rounded())
        let parts = [(total / 86_400, "d"), (total / 3600 % 24, "h"), (total / 60 % 60, "m"), (total % 60, "s")]
        let shown = parts.drop { $0.0 == 0 }.prefix(2).filter { $0.0 > 0 }
        return shown.isEmpty ? "0s" : shown.map { "\($0.0)\($0.1)" }.joined()
    }

    /// A moment, seen from now.
    static func moment(_ time: Timestamp, now: Timestamp, display: TimeDisplay) -> String {
        let age = now.seconds(since: time)
        let isRecent = age >= 0 && age < 7 * 86_400
        return switch display {
        case .absolute: absolute(time)
        case .auto where !isRecent: absolute(time)
        case .relative where age < 0: "in \(duration(-age.rounded()))"
        case .auto, .relative: "\(duration(age.rounded())) ago"
        }
    }

    /// A moment in UTC to the second, `2026-07-30 12:00:05Z`, as `--at` and `--since` read it.
    static func absolute(_ time: Timestamp) -> String {
        String(
            decoding: time.wholeSeconds.rfc3339.utf8.map { $0 == UInt8(ascii: "T") ? UInt8(ascii: " ") : $0 },
            as: UTF8.self)
    }
}
