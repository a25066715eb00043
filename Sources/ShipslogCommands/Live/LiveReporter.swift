#if Network
    import Foundation
    import RolloutModel

    /// Runs work on a live cluster, shows how it goes, and ends it when the process is asked to end.
    struct LiveReporter {
        let context: CommandContext
        let isQuiet: Bool
        let readinessFile: String?

        /// Works until SIGINT or SIGTERM.
        ///
        /// - Parameter open: Begins the work; it too can be interrupted.
        /// - Throws: What `open` and ``LiveSession/run()`` throw.
        func run<Session: LiveSession>(_ open: @escaping @Sendable () async throws -> Session) async throws {
            try takeAwayReadiness()
            let work = Task {
                let session = try await open()
                let telling = Task { try await tell(of: session) }
                defer { telling.cancel() }
                try await session.run()
                return session
            }
            let result = await Signals.result(of: work)
            try takeAwayReadiness()
            if context.isNoticesTerminal, !isQuiet { try context.notices.write("\r\u{1B}[K") }
            guard let session = try Self.unlessCancelled(result), !isQuiet else { return }
            let report = await session.report(at: context.now())
            try warn(of: report)
            try context.notice(report.summary)
        }

        private func warn(of report: LiveReport) throws {
            for warning in report.warnings {
                if context.isNoticesTerminal {
                    try context.notices.write("\r\u{1B}[K")
                    try context.notice("warning: \(warning)")
                } else {
                    let line: JSONValue = ["time": .time(context.now()), "warning": .string(warning)]
                    try context.notice(JSONText.line(line))
                }
            }
        }

        /// `nil` if it was stopped before it had begun.
        private static func unlessCancelled<Session>(_ result: Result<Session, any Error>) throws -> Session? {
            do {
                return try result.get()
            } catch is CancellationError {
                return nil
            }
        }

        private func leaveReadiness() throws {
            guard let readinessFile else { return }
            do {
                try Data().write(to: URL(filePath: readinessFile))
            } catch {
                throw ShipslogError(.unavailable, "The readiness file \(readinessFile) cannot be written.")
            }
        }

        private func takeAwayReadiness() throws {
            guard let readinessFile, FileManager.default.fileExists(atPath: readinessFile) else { return }
            try FileManager.default.removeItem(atPath: readinessFile)
        }

        private func tell(of session: some LiveSession) async throws {
            var isReady = false
            var told: Timestamp?
            var trouble: String?
            while true {
                let report = await session.report(at: context.now())
                if report.isWorking != isReady {
                    isReady = report.isWorking
                    if isReady { try leaveReadiness() } else { try takeAwayReadiness() }
                    told = nil
                }
                if !isQuiet {
                    try warn(of: report)
                    if report.trouble != trouble, !context.isNoticesTerminal {
                        try context.notice(log(report))
                    } else if context.isNoticesTerminal {
                        let line = report.trouble.map { "waiting: \($0)" } ?? report.line
                        try context.notices.write("\r\u{1B}[K" + TerminalText.escape(line))
                    } else if context.now().seconds(since: told ?? Timestamp(microseconds: 0)) >= 60 {
                        told = context.now()
                        try context.notice(log(report))
                    }
                    trouble = report.trouble
                }
                try await Task.sleep(for: context.isNoticesTerminal ? .seconds(1) : .milliseconds(100))
            }
        }

        /// For a log.
        private func log(_ report: LiveReport) -> String {
            let common: [String: JSONValue] = [
                "ready": .bool(report.isWorking), "time": .time(context.now()), "trouble": .text(report.trouble),
            ]
            return JSONText.line(.object(common.merging(report.log) { $1 }))
        }
    }
#endif
