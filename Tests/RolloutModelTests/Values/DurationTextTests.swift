import RolloutModel
import Testing

@Suite struct DurationTextTests {
    @Test(
        "lengths of time are read as Go writes them",
        arguments: [
            ("500ms", .milliseconds(500), "500ms"), ("90s", .seconds(90), "1m30s"), ("1m30s", .seconds(90), "1m30s"),
            ("2h", .seconds(7200), "2h"), ("1h1m1s1ms1us", .microseconds(3_661_001_001), "1h1m1s1ms1us"),
            ("0s", .zero, "0s"), ("10000h", .seconds(36_000_000), "10000h"),
        ] as [(String, Duration, String)])
    func reads(text: String, duration: Duration, written: String) {
        #expect(DurationText.parse(text) == duration)
        #expect(DurationText.format(duration) == written)
    }

    @Test(
        "anything else is refused",
        arguments: ["", "5", "s", "-1s", "1.5s", "1s1m", "1s1s", "1d", "1 s", "10001h", "999999999999h", "٣s"])
    func refuses(text: String) {
        #expect(DurationText.parse(text) == nil)
    }
}
