#if Network
    import Foundation
    import Recording
    import RolloutModel

    /// Runs a recording, shows how it goes, and ends it when the process is asked to end.
    struct RecordingReporter {
        let context: CommandContext
        let isQuiet: Bool
        let readinessFile: String?

        /// Records until SIGINT or SIGTERM.
        ///
        /// - Parameter open: Begins a recording; it too can be interrupted.
        /// - Throws: What `open` and ``RecordingSession/run()`` throw.
        func run(_ open: @escaping @Sendable () async throws -> RecordingSession) async throws {
            try takeAwayReadiness()
            let recording = Task {
                let session = try await open()
                let telling = Task { try await tell(of: session) }
                defer { telling.cancel() }
                try await session.run()
                return session
            }
            let stopping = Self.signals([SIGINT, SIGTERM]) { recording.cancel() }
            defer { for source in stopping { source.cancel() } }
            let result = await recording.result
            try takeAwayReadiness()
            if context.isNoticesTerminal, !isQuiet { try context.notices.write("\r\u{1B}[K") }
            guard let session = try Self.unlessCancelled(result), !isQuiet else { return }
            let status = await session.recorder.takeStatus()
            try context.notice("Recorded \(Plural.of(status.events, "event")) of cluster \(session.cluster).")
        }

        /// `nil` if it was stopped before it had begun.
        private static func unlessCancelled(_ result: Result<RecordingSession, any Error>) throws -> RecordingSession? {
            do {
                return try result.get()
            } catch is CancellationError {
                return nil
            }
        }

        private func takeAwayReadiness() throws {
            guard let readinessFile, FileManager.default.fileExists(atPath: readinessFile) else { return }
            try FileManager.default.removeItem(atPath: readinessFile)
        }

        private static func signals(_ numbers: [Int32], _ handler: @escaping @Sendable () -> Void)
            -> [any DispatchSourceSignal]
        {
            numbers.map { number in
                signal(number, SIG_IGN)
                let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
                source.setEventHandler(handler: handler)
                source.resume()
                return source
            }
        }

        private func tell(of session: RecordingSession) async throws {
            var isReady = false
            var told: Timestamp?
            var trouble: String?
            while true {
                let status = await session.recorder.takeStatus()
                if !isReady, status.synced == session.sources.count {
                    isReady = true
                    if let readinessFile { try Data().write(to: URL(filePath: readinessFile)) }
                    told = nil
                }
                if !isQuiet {
                    if status.trouble != trouble, !context.isNoticesTerminal {
                        try context.notice(log(status, isReady, session.cluster))
                    } else if context.isNoticesTerminal {
                        try context.notices.write(
                            "\r\u{1B}[K" + TerminalText.escape(line(status, isReady, session.cluster)))
                    } else if context.now().seconds(since: told ?? Timestamp(microseconds: 0)) >= 60 {
                        told = context.now()
                        try context.notice(log(status, isReady, session.cluster))
                    }
                    trouble = status.trouble
                }
                try await Task.sleep(for: context.isNoticesTerminal ? .seconds(1) : .milliseconds(100))
            }
        }

        /// For a person.
        private func line(_ status: Recorder.Status, _ isReady: Bool, _ cluster: String) -> String {
            if let trouble = status.trouble { return "waiting: \(trouble)" }
            let last =
                status.lastEventAt.map {
                    ", the last \(TimeText.duration(context.now().seconds(since: $0).rounded())) ago"
                } ?? ""
            return (isReady ? "recording" : "catching up with") + " \(cluster): "
                + "\(Plural.of(status.events, "event"))\(last), \(Plural.of(status.objects, "object")) watched"
        }

        /// For a log.
        private func log(_ status: Recorder.Status, _ isReady: Bool, _ cluster: String) -> String {
            JSONText.line(
                .object([
                    "cluster": .string(cluster), "events": .whole(status.events), "gaps": .whole(status.gaps),
                    "lastEventAt": .time(status.lastEventAt), "objects": .whole(status.objects),
                    "ready": .bool(isReady), "time": .time(context.now()), "trouble": .text(status.trouble),
                    "writingMilliseconds": .decimal(Double(status.longestWriting) / 1_000),
                ]))
        }
    }
#endif
