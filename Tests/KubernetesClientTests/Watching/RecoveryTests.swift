import Foundation
import RolloutModel
import Testing

@testable import KubernetesClient

@Suite("what a watch does after something went wrong") struct RecoveryTests {
    private let start = ContinuousClock.now
    private var recovery = Recovery(pauses: .milliseconds(100) ... .milliseconds(400), patience: .seconds(60))

    private mutating func decide(on error: any Error, seconds: Int = 0, jitter: Double = 1) -> Recovery.Decision {
        recovery.decide(on: error, at: start + .seconds(seconds), jitter: jitter)
    }

    private static func status(_ code: Int, retryAfter: String? = nil, body: String = "") -> StatusError {
        StatusError(code: code, body: Data(body.utf8), retryAfter: retryAfter, request: "GET /", server: "https://api")
    }

    private static func network(_ kind: NetworkError.Kind) -> NetworkError {
        NetworkError(kind, server: "https://api", details: "")
    }

    @Test("pauses double up to a limit, and jitter takes up to half of one")
    func backoff() {
        var backoff = Backoff(.milliseconds(100) ... .milliseconds(500))
        #expect((0..<5).map { _ in backoff.next(jitter: 1) } == [100, 200, 400, 500, 500].map { .milliseconds($0) })
        #expect(backoff.next(jitter: 0) == .milliseconds(250))
        #expect(backoff.next(jitter: 0.5) == .milliseconds(375))
        #expect(backoff.attempts == 7)
        backoff.reset()
        #expect(backoff.next(jitter: 0) == .milliseconds(50))
        // Also after months, and with the longest pauses.
        var patient = Backoff(.seconds(3600) ... .seconds(86400))
        for _ in 0..<100 { _ = patient.next(jitter: 0) }
        #expect(patient.next(jitter: 1) == .seconds(86400))
    }

    @Test(
        "what passes by itself is waited out, for longer each time",
        arguments: [
            network(.unreachable), network(.timeout), network(.cut), network(.malformed), status(500), status(503),
            status(429), status(408),
        ] as [any Error])
    mutating func passing(error: any Error) {
        let pauses: [Recovery.Decision] = [100, 200, 400, 400].map { .tryAgain(after: .milliseconds($0)) }
        #expect((0..<4).map { decide(on: error, seconds: $0 * 100_000) } == pauses)
        recovery.progressed()
        #expect(decide(on: error, jitter: 0) == .tryAgain(after: .milliseconds(50)))
    }

    @Test("the server's own pause counts if it is longer")
    mutating func retryAfter() {
        #expect(decide(on: Self.status(429, retryAfter: "7")) == .tryAgain(after: .seconds(7)))
        #expect(
            decide(on: Self.status(503, body: #"{"kind":"Status","details":{"retryAfterSeconds":3}}"#))
                == .tryAgain(after: .seconds(3)))
        #expect(decide(on: Self.status(429, retryAfter: "soon")) == .tryAgain(after: .milliseconds(400)))
    }

    @Test("silence is at first nothing to wait for")
    mutating func silence() {
        let decisions = (0..<3).map { _ in decide(on: Self.network(.silent)) }
        #expect(decisions == [0, 200, 400].map { .tryAgain(after: .milliseconds($0)) })
    }

    @Test("a version that is forgotten, or not reached any more, makes a new list, at first without a pause")
    mutating func lists() {
        #expect(decide(on: Self.status(410)) == .listAgain(.expired, after: .zero))
        #expect(decide(on: Self.status(410)) == .listAgain(.expired, after: .milliseconds(200)))
        #expect(decide(on: WentBack()) == .listAgain(.wentBack, after: .milliseconds(400)))
        recovery.progressed()
        #expect(decide(on: WentBack()) == .listAgain(.wentBack, after: .zero))
        recovery.progressed()
        let gone = #"{"kind":"Status","reason":"Gone"}"#
        #expect(decide(on: Self.status(500, body: gone)) == .listAgain(.expired, after: .zero))
    }

    @Test(
        "what was never allowed is given up at once",
        arguments: [
            status(401), status(403), status(404), network(.untrusted), ShipslogError(.unavailable, "The plugin."),
            ShipslogError(.conflict, "Another cluster."),
        ] as [any Error])
    mutating func refused(error: any Error) {
        #expect(decide(on: error) == .giveUp)
    }

    @Test(
        "what was allowed before is asked for again for a while",
        arguments: [
            status(401), status(403), status(404), network(.untrusted), ShipslogError(.conflict, "Another cluster."),
        ] as [any Error])
    mutating func refusedLater(error: any Error) {
        recovery.connected()
        #expect(decide(on: error, seconds: 0) == .tryAgain(after: .milliseconds(100)))
        #expect(decide(on: error, seconds: 59) == .tryAgain(after: .milliseconds(200)))
        #expect(decide(on: error, seconds: 60) == .giveUp)
        // The time counts from the first refusal after the last thing that was told.
        recovery.progressed()
        #expect(decide(on: error, seconds: 61) == .tryAgain(after: .milliseconds(100)))
        #expect(decide(on: error, seconds: 120) == .tryAgain(after: .milliseconds(200)))
        #expect(decide(on: error, seconds: 121) == .giveUp)
    }

    @Test("a plugin that has worked before is waited for")
    mutating func plugin() {
        recovery.connected()
        let error = ShipslogError(.unavailable, "The plugin.")
        #expect(decide(on: error) == .tryAgain(after: .milliseconds(100)))
        #expect(decide(on: error, seconds: 100_000) == .tryAgain(after: .milliseconds(200)))
    }

    @Test func versionsAreComparedAsNumbers() {
        #expect(ResourceVersion.isOlder("9", than: "10"))
        #expect(!ResourceVersion.isOlder("10", than: "9"))
        #expect(!ResourceVersion.isOlder("10", than: "10"))
        #expect(ResourceVersion.isOlder("18446744073709551615", than: "18446744073709551616"))
        for odd in ["", "0", "01", "-1", "a"] {
            #expect(!ResourceVersion.isOlder(odd, than: "10") && !ResourceVersion.isOlder("10", than: odd))
        }
    }
}
