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
            private let (ends, end) = AsyncStream.makeStream(of: Void.self)

            func goes(isReady: Bool, trouble: String? = nil) { state.withLock { $0 = (isReady, trouble) } }
            func stop() { end.finish() }

            func run() async throws { for await _ in ends {} }

            func report(at time: Timestamp) -> LiveReport {
                let (isReady, trouble) = state.withLock { $0 }
                return LiveReport(isReady: isReady, trouble: trouble, line: "", log: [:], summary: "Done.")
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
    }
#endif
