#if Network
    import Foundation
    import RolloutModel
    import ShipslogTesting
    import Synchronization
    import Testing

    @testable import ShipslogCommands

    @Suite struct LiveReporterTests {
        /// Work that goes as it is told.
        private final class Told: LiveSession {
            private let state = Mutex((isReady: false, trouble: String?.none))
            private let warnings = Mutex<[String]>([])
            private let (ends, end) = AsyncStream.makeStream(of: Void.self)

            func goes(isReady: Bool, trouble: String? = nil) { state.withLock { $0 = (isReady, trouble) } }
            func warn(_ sentence: String) { warnings.withLock { $0.append(sentence) } }
            func stop() { end.finish() }

            func run() async throws { for await _ in ends {} }

            func report(at time: Timestamp) -> LiveReport {
                let (isReady, trouble) = state.withLock { $0 }
                let warnings = warnings.withLock { warnings in
                    defer { warnings = [] }
                    return warnings
                }
                return LiveReport(
                    isReady: isReady, trouble: trouble, warnings: warnings, line: "", log: [:], summary: "Done.")
            }
        }

        @Test("the readiness file is there as long as all goes well, and no longer")
        func readiness() async throws {
            let folder = try TemporaryFolder()
            let file = folder.file("ready")
            try Data().write(to: URL(filePath: file))
            let notices = Paper()
            let context = CommandContext(
                output: notices.sink, notices: notices.sink, now: { Timestamp(microseconds: 0) }, environment: [:],
                currentDirectory: folder.path)
            let session = Told()
            let work = Task {
                try await LiveReporter(context: context, isQuiet: true, readinessFile: file).run { session }
            }
            func isThere() -> Bool { FileManager.default.fileExists(atPath: file) }
            // That of an earlier run counts no more.
            try await eventually("it is taken away") { !isThere() }
            session.goes(isReady: true)
            try await eventually("it is ready") { isThere() }
            session.goes(isReady: true, trouble: "The server is away.")
            try await eventually("it is in trouble") { !isThere() }
            session.goes(isReady: true)
            try await eventually("it is ready again") { isThere() }
            session.goes(isReady: false)
            try await eventually("it has to catch up") { !isThere() }
            session.goes(isReady: true)
            try await eventually("it has caught up") { isThere() }
            session.stop()
            try await work.value
            #expect(!isThere())
        }

        @Test(
            "what was lost is told as soon as it is known, and at the end",
            arguments: [
                (true, "warning: ", "\n"), (false, #"{"time":"1970-01-01T00:00:00Z","warning":""#, "\"}\n"),
            ])
        func warnings(isTerminal: Bool, before: String, after: String) async throws {
            let notices = Paper()
            let context = CommandContext(
                output: notices.sink, notices: notices.sink, isNoticesTerminal: isTerminal,
                now: { Timestamp(microseconds: 0) }, environment: [:], currentDirectory: "/")
            let session = Told()
            let work = Task {
                try await LiveReporter(context: context, isQuiet: false, readinessFile: nil).run { session }
            }
            session.warn("One was lost.")
            try await eventually("it is told") { notices.text.contains(before + "One was lost." + after) }
            session.warn("Another was.")
            session.stop()
            try await work.value
            #expect(notices.text.hasSuffix("Done.\n"))
            #expect(notices.text.ranges(of: "lost").count == 1)
            #expect(notices.text.ranges(of: before + "Another was." + after).count == 1)
        }
    }
#endif
