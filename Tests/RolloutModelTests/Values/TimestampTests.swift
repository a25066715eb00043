import Foundation
import RolloutModel
import ShipslogTesting
import Testing

@Suite struct TimestampTests {
    @Test(
        "RFC 3339 is read as microseconds since 1970 and written in UTC",
        arguments: [
            ("1970-01-01T00:00:00Z", 0, "1970-01-01T00:00:00Z"),
            ("1969-12-31T23:59:59.999999Z", -1, "1969-12-31T23:59:59.999999Z"),
            ("2000-02-29T00:00:00Z", 951_782_400_000_000, "2000-02-29T00:00:00Z"),
            ("2024-02-29T12:30:45.5Z", 1_709_209_845_500_000, "2024-02-29T12:30:45.500000Z"),
            ("2026-11-23T05:54:07+05:30", 1_795_393_447_000_000, "2026-11-23T00:24:07Z"),
            ("2026-01-01T00:00:00-00:01", 1_767_225_660_000_000, "2026-01-01T00:01:00Z"),
            ("2026-01-01t00:00:00z", 1_767_225_600_000_000, "2026-01-01T00:00:00Z"),
            ("2026-01-01 00:00:00Z", 1_767_225_600_000_000, "2026-01-01T00:00:00Z"),
            ("2026-01-01T00:00:00.123456789Z", 1_767_225_600_123_456, "2026-01-01T00:00:00.123456Z"),
            ("2016-12-31T23:59:60Z", 1_483_228_800_000_000, "2017-01-01T00:00:00Z"),
            ("0000-01-01T00:00:00Z", -62_167_219_200_000_000, "0000-01-01T00:00:00Z"),
            ("9999-12-31T23:59:59.999999Z", 253_402_300_799_999_999, "9999-12-31T23:59:59.999999Z"),
        ] as [(String, Int64, String)]
    )
    func reads(text: String, microseconds: Int64, written: String) throws {
        let time = try #require(Timestamp(rfc3339: text))
        #expect(time.microseconds == microseconds)
        #expect(time.rfc3339 == written)
    }

    @Test(
        "what is no RFC 3339 time is refused",
        arguments: [
            "", "now", "2026", "2026-01-01", "2026-01-01T00:00:00", "2026-01-01T00:00Z", "2026-1-1T00:00:00Z",
            "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-32T00:00:00Z",
            "2026-04-31T00:00:00Z", "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-01-01T24:00:00Z",
            "2026-01-01T00:60:00Z", "2026-01-01T00:00:61Z", "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00,5Z",
            "2026-01-01T00:00:00.1234567890Z", "2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00+0100",
            "2026-01-01T00:00:00+01:60", "2026-01-01T00:00:00ZZ", " 2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z ",
            "٢٠٢٦-01-01T00:00:00Z", "-026-01-01T00:00:00Z", "12026-01-01T00:00:00Z",
            "0000-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01",
        ]
    )
    func refuses(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test("10,000 random times are written as Foundation writes them, and read back")
    func agreesWithFoundation() throws {
        let formatter = ISO8601DateFormatter()
        var generator = SeededGenerator(seed: 1)
        // Foundation's formatter switches to the Julian calendar before 1582-10-15; ours never does.
        let seconds = -12_219_292_800..<253_402_300_800
        for _ in 0..<10_000 {
            let second = Int64.random(in: Int64(seconds.lowerBound)..<Int64(seconds.upperBound), using: &generator)
            let whole = Timestamp(microseconds: second * 1_000_000)
            let precise = Timestamp(microseconds: second * 1_000_000 + .random(in: 0..<1_000_000, using: &generator))
            try #require(whole.rfc3339 == formatter.string(from: Date(timeIntervalSince1970: Double(second))))
            try #require(Timestamp(rfc3339: whole.rfc3339) == whole)
            try #require(Timestamp(rfc3339: precise.rfc3339) == precise)
        }
    }

    @Test("a date is rounded to the microsecond")
    func roundsDates() {
        #expect(Timestamp(Date(timeIntervalSince1970: 1.000_000_6)).microseconds == 1_000_001)
        #expect(Timestamp(Date(timeIntervalSince1970: -1.5)).microseconds == -1_500_000)
    }

    @Test("times are ordered, and their distance is in seconds")
    func compares() throws {
        let early = try #require(Timestamp(rfc3339: "2026-01-01T00:00:00Z"))
        let late = try #require(Timestamp(rfc3339: "2026-01-01T00:00:01.25Z"))
        #expect(early < late)
        #expect(late.seconds(since: early) == 1.25)
        #expect(early.seconds(since: late) == -1.25)
    }

    @Test("JSON holds the RFC 3339 text, and nothing else is read")
    func codes() throws {
        let time = Timestamp(microseconds: 1_767_225_600_000_001)
        let json = try CanonicalJSON.encode([time])
        #expect(String(decoding: json, as: UTF8.self) == #"["2026-01-01T00:00:00.000001Z"]"#)
        #expect(try CanonicalJSON.decode([Timestamp].self, from: json) == [time])
        #expect(throws: DecodingError.self) {
            try CanonicalJSON.decode([Timestamp].self, from: Data(#"["yesterday"]"#.utf8))
        }
    }
}
