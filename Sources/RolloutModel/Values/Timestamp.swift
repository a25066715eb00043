import Foundation

/// A moment, in microseconds since 1970-01-01T00:00:00Z.
///
/// Integers, so that stored and compared values are exact. Reads and writes RFC 3339 in UTC.
public struct Timestamp: Hashable, Comparable, Sendable {
    /// Microseconds since the Unix epoch; negative before it.
    public var microseconds: Int64

    /// The moment that many microseconds after the Unix epoch.
    public init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    /// The moment of a `Date`, rounded to microseconds.
    public init(_ date: Date) {
        microseconds = Int64((date.timeIntervalSince1970 * 1_000_000).rounded())
    }

    /// Reads RFC 3339 with a time zone and up to nine digits of fraction; digits beyond microseconds are cut off.
    ///
    /// - Returns: `nil` if the text is not such a time, names a day that does not exist, or is not in the
    ///   years 0000 to 9999 in UTC.
    /// - SeeAlso: <https://www.rfc-editor.org/rfc/rfc3339#section-5.6>
    public init?(rfc3339 text: some StringProtocol) {
        guard let microseconds = RFC3339.parse(Array(text.utf8)) else { return nil }
        self.microseconds = microseconds
    }

    /// RFC 3339 in UTC, with six digits of fraction unless they are all zero.
    public var rfc3339: String { RFC3339.format(microseconds) }

    /// The beginning of the second that it is in.
    package var wholeSeconds: Timestamp {
        Timestamp(microseconds: microseconds - (microseconds % 1_000_000 + 1_000_000) % 1_000_000)
    }

    public static func < (left: Timestamp, right: Timestamp) -> Bool { left.microseconds < right.microseconds }

    /// The time from `earlier` to this moment, in seconds; negative if `earlier` is later.
    public func seconds(since earlier: Timestamp) -> Double {
        Double(microseconds - earlier.microseconds) / 1_000_000
    }
}

extension Timestamp: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let value = Timestamp(rfc3339: text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not an RFC 3339 time: \(text)")
        }
        self = value
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rfc3339)
    }
}

/// Days and times by the proleptic Gregorian calendar, as whole numbers.
///
/// Foundation's formatters cost microseconds a call; a history has a time or more in every event.
private enum RFC3339 {
    static func parse(_ text: [UInt8]) -> Int64? {
        func number(_ range: Range<Int>) -> Int64? {
            guard range.upperBound <= text.count else { return nil }
            var value: Int64 = 0
            for byte in text[range] {
                guard (0x30...0x39).contains(byte) else { return nil }
                value = value * 10 + Int64(byte - 0x30)
            }
            return value
        }
        func isByte(_ index: Int, _ allowed: String) -> Bool {
            index < text.count && allowed.utf8.contains(text[index])
        }
        guard let year = number(0..<4), isByte(4, "-"), let month = number(5..<7), isByte(7, "-"),
            let day = number(8..<10), isByte(10, "Tt "), let hour = number(11..<13), isByte(13, ":"),
            let minute = number(14..<16), isByte(16, ":"), let second = number(17..<19),
            (1...12).contains(month), day >= 1, day <= daysInMonth(year, month), hour <= 23, minute <= 59, second <= 60
        else { return nil }
        var index = 19
        var fraction: Int64 = 0
        if isByte(index, ".") {
            var digits = 0
            index += 1
            while index < text.count, (0x30...0x39).contains(text[index]) {
                if digits < 6 { fraction = fraction * 10 + Int64(text[index] - 0x30) }
                digits += 1
                index += 1
            }
            guard (1...9).contains(digits) else { return nil }
            while digits < 6 {
                fraction *= 10
                digits += 1
            }
        }
        var offset: Int64 = 0
        if isByte(index, "Zz") {
            index += 1
        } else if isByte(index, "+-") {
            guard let hours = number(index + 1..<index + 3), isByte(index + 3, ":"),
                let minutes = number(index + 4..<index + 6), hours <= 23, minutes <= 59
            else { return nil }
            offset = (hours * 60 + minutes) * 60 * (isByte(index, "-") ? -1 : 1)
            index += 6
        } else {
            return nil
        }
        guard index == text.count else { return nil }
        let seconds = ((days(year, month, day) * 24 + hour) * 60 + minute) * 60 + second - offset
        // The offset can lead out of the years that RFC 3339 can write.
        guard (days(0, 1, 1) * 86_400..<days(10_000, 1, 1) * 86_400).contains(seconds) else { return nil }
        return seconds * 1_000_000 + fraction
    }

    static func format(_ microseconds: Int64) -> String {
        func floorDivide(_ value: Int64, _ divisor: Int64) -> (Int64, Int64) {
            let remainder = ((value % divisor) + divisor) % divisor
            return ((value - remainder) / divisor, remainder)
        }
        let (seconds, fraction) = floorDivide(microseconds, 1_000_000)
        let (dayNumber, secondOfDay) = floorDivide(seconds, 86_400)
        let (year, month, day) = civil(dayNumber)
        var text: [UInt8] = []
        text.reserveCapacity(27)
        func append(_ value: Int64, _ width: Int) {
            // A year may have more digits than it is given room for, or a sign.
            guard (0...9_999).contains(value) || width > 4 else { return text.append(contentsOf: String(value).utf8) }
            let start = text.count
            var rest = value
            for _ in 0..<width {
                text.append(0x30 + UInt8(rest % 10))
                rest /= 10
            }
            text[start...].reverse()
        }
        append(year, 4)
        text.append(0x2D)
        append(month, 2)
        text.append(0x2D)
        append(day, 2)
        text.append(0x54)
        append(secondOfDay / 3600, 2)
        text.append(0x3A)
        append(secondOfDay / 60 % 60, 2)
        text.append(0x3A)
        append(secondOfDay % 60, 2)
        if fraction != 0 {
            text.append(0x2E)
            append(fraction, 6)
        }
        text.append(0x5A)
        return String(decoding: text, as: UTF8.self)
    }

    private static func daysInMonth(_ year: Int64, _ month: Int64) -> Int64 {
        switch month {
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days since 1970-01-01.
    ///
    /// Counts years from March, so that the leap day is the last of its year.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// The inverse of `days`.
    private static func civil(_ days: Int64) -> (Int64, Int64, Int64) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }
}
