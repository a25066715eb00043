#if Network
    import Foundation
    import RolloutModel
    import ShipslogTesting
    import Synchronization
    import Testing

    @testable import KubernetesClient

    /// What an API server rarely says, said by one that follows a script.
    @Suite struct ScriptedWatchTests {
        private static func watching(_ request: ScriptedServer.Received) -> Bool { request.target.contains("watch=1") }

        private static func pod(_ name: String, _ version: Int) -> String {
            #"{"metadata":{"name":"\#(name)","uid":"\#(name)","resourceVersion":"\#(version)"}}"#
        }

        private static func event(_ type: String, _ name: String, _ version: Int) -> String {
            #"{"type":"\#(type)","object":\#(pod(name, version))}"# + "\n"
        }

        private static func status(_ code: Int, _ reason: String, _ more: String = "") -> String {
            #"{"kind":"Status","apiVersion":"v1","status":"Failure","message":"because","reason":"\#(reason)","code":\#(code)\#(more)}"#
        }

        /// A server whose watches go by a script each, in their order; after the last one they stay silent.
        ///
        /// - Parameter current: The version at which it says to be when it is only asked for that.
        private static func server(
            current: Int = 100, watches: [[ScriptedServer.Step]]
        ) async throws -> ScriptedServer {
            let counter = Counter()
            return try await ScriptedServer.start { request in
                if request.target.hasSuffix("limit=1") { return .list([], current) }
                guard watching(request) else { return .list([pod("a", 1)], 10) }
                let number = counter.next()
                return number < watches.count ? watches[number] : [.head(200)]
            }
        }

        private func log(
            _ server: ScriptedServer, from version: String? = nil, patience: Duration = .seconds(1),
            silence: Duration = .seconds(30)
        ) throws -> WatchLog {
            var configuration = ClientConfiguration(server: server.url)
            configuration.silenceTimeout = silence
            var options = WatchOptions()
            options.pauses = .milliseconds(10) ... .milliseconds(50)
            options.patience = patience
            let client = try KubernetesClient(configuration)
            return WatchLog(client.watch(.pods, namespace: "shop", from: version, options: options))
        }

        private func versionsAsked(_ server: ScriptedServer) -> [String] {
            server.received.filter(Self.watching).compactMap {
                URLComponents(string: $0.target)?.queryItems?.first { $0.name == "resourceVersion" }?.value
            }
        }

        @Test("410 as the answer and 410 in the stream both make a gap and a new list")
        func expired() async throws {
            let server = try await Self.server(watches: [
                .answer(410, Self.status(410, "Expired")),
                [
                    .head(200), .text(Self.event("ADDED", "b", 11)),
                    .text(#"{"type":"ERROR","object":\#(Self.status(410, "Gone"))}"# + "\n"), .end,
                ],
            ])
            let log = try log(server, from: "5")
            let list = ["gap expired", "listing", "listed a", "synced"]
            try await log.wait { _ in log.story.count == 9 && server.received.count(where: Self.watching) == 3 }
            #expect(log.story == list + ["added b"] + list)
            #expect(versionsAsked(server) == ["5", "10", "10"])
        }

        @Test("a connection that is cut in the middle of an object loses nothing")
        func cutInAnObject() async throws {
            let half = String(Self.event("MODIFIED", "a", 12).dropLast(20))
            let server = try await Self.server(watches: [
                [.head(200), .text(Self.event("ADDED", "b", 11) + half), .pause(.milliseconds(50)), .cut],
                [.head(200), .text(Self.event("MODIFIED", "a", 12) + half), .end],
                [.head(200), .text(Self.event("DELETED", "b", 13))],
            ])
            let log = try log(server)
            try await log.wait { $0.contains("deleted b") }
            #expect(
                log.words == [
                    "listing", "listed a", "synced", "added b", "interrupted", "resumed", "modified a", "interrupted",
                    "resumed", "deleted b",
                ])
            #expect(versionsAsked(server) == ["10", "11", "12"])
        }

        @Test("lines that make no sense end the connection, not the watch")
        func garbled() async throws {
            let server = try await Self.server(watches: [
                [.head(200), .text("{\"type\":\"ADDED\",\"obj\u{1}ect\":{}}\n")],
                [.head(200), .text("<html>\n")],
                [.head(200), .text(Self.event("ADDED", "b", 11))],
            ])
            let log = try log(server)
            try await log.wait { $0.contains("added b") }
            #expect(
                log.words == [
                    "listing", "listed a", "synced", "interrupted", "resumed", "interrupted", "resumed", "added b",
                ])
        }

        @Test("objects may come in pieces of any size")
        func pieces() async throws {
            let text = Self.event("ADDED", "b", 11) + "\n" + Self.event("MODIFIED", "b", 12)
            let server = try await Self.server(watches: [[.head(200)] + text.map { .text(String($0)) }])
            let log = try log(server)
            try await log.wait { _ in log.story.count == 5 }
            #expect(log.story == ["listing", "listed a", "synced", "added b", "modified b"])
        }

        @Test("what is told twice is told twice, and the watch stays where it was")
        func repetition() async throws {
            let server = try await Self.server(watches: [
                [
                    .head(200), .text(Self.event("ADDED", "b", 12) + Self.event("ADDED", "c", 11)),
                    .text(Self.event("ADDED", "b", 12)), .pause(.milliseconds(600)), .end,
                ]
            ])
            let log = try log(server)
            try await log.wait { _ in versionsAsked(server).count == 2 }
            #expect(log.story == ["listing", "listed a", "synced", "added b", "added c", "added b"])
            #expect(versionsAsked(server) == ["10", "12"])
        }

        @Test("a bookmark moves the watch on, and one that goes back makes a gap")
        func bookmarks() async throws {
            func bookmark(_ version: Int) -> String {
                #"{"type":"BOOKMARK","object":{"kind":"Pod","metadata":{"resourceVersion":"\#(version)"}}}"# + "\n"
            }
            let server = try await Self.server(
                current: 10, watches: [[.head(200), .text(bookmark(15)), .pause(.milliseconds(50)), .cut]])
            // After the cut it looks where the server is.
            let log = try log(server, from: "9")
            try await log.wait { $0.contains("synced") }
            #expect(
                log.words == ["resumed", "interrupted", "gap wentBack", "resumed", "listing", "listed a", "synced"])
            let gaps = log.changes.compactMap { if case .gap(let gap) = $0 { gap } else { nil } }
            #expect(gaps == [Change.Gap(reason: .wentBack, lastVersion: "15")])
        }

        @Test("a server that went back in an outage right after a list is found out as at any other time")
        func wentBackAfterList() async throws {
            let server = try await Self.server(current: 5, watches: [.answer(503, Self.status(503, "Unavailable"))])
            let log = try log(server)
            try await log.wait { _ in log.words.count == 9 }
            #expect(
                log.words == [
                    "listing", "listed a", "synced", "interrupted", "gap wentBack", "resumed", "listing", "listed a",
                    "synced",
                ])
            let gaps = log.changes.compactMap { if case .gap(let gap) = $0 { gap } else { nil } }
            #expect(gaps == [Change.Gap(reason: .wentBack, lastVersion: "10")])
        }

        @Test("a watch that stays silent is ended and taken up again")
        func silence() async throws {
            let server = try await Self.server(watches: [
                [.head(200)], [.head(200), .text(Self.event("ADDED", "b", 11))],
            ])
            let log = try log(server, silence: .milliseconds(300))
            try await log.wait { $0.contains("added b") }
            #expect(log.story == ["listing", "listed a", "synced", "added b"])
        }

        @Test("a storm of 429 is waited out, for as long as the server says")
        func storm() async throws {
            let refusal = ScriptedServer.Step.answer(429, Self.status(429, "TooManyRequests"), ["Retry-After": "1"])
            let server = try await Self.server(watches: [
                refusal, refusal, [.head(200), .text(Self.event("ADDED", "b", 11))],
            ])
            let start = ContinuousClock.now
            let log = try log(server)
            try await log.wait { $0.contains("added b") }
            #expect(
                log.words == ["listing", "listed a", "synced", "interrupted", "interrupted", "resumed", "added b"])
            #expect(ContinuousClock.now - start >= .seconds(2))
        }

        @Test("a version that the server has not reached yet is asked for again")
        func tooLargeVersion() async throws {
            let causes = #","details":{"causes":[{"reason":"ResourceVersionTooLarge","message":"Too large"}]}"#
            let server = try await Self.server(watches: [
                .answer(504, Self.status(504, "Timeout", causes)), [.head(200), .text(Self.event("ADDED", "b", 11))],
            ])
            let log = try log(server, from: "10")
            try await log.wait { $0.contains("added b") }
            #expect(log.words == ["interrupted", "resumed", "added b"])
            #expect(versionsAsked(server) == ["10", "10"])
        }

        @Test("what was allowed and is now refused is asked for again for a while, then given up")
        func refusalAfterSuccess() async throws {
            let refusal = ScriptedServer.Step.answer(403, Self.status(403, "Forbidden"))
            let server = try await ScriptedServer.start { request in
                if !Self.watching(request) { return .list([], 10) }
                return request.number == 1 ? [.head(200), .pause(.milliseconds(600)), .end] : refusal
            }
            let end = try await log(server, patience: .seconds(2)).end()
            #expect((end as? StatusError)?.code == 403)
            // The watch that was allowed, the refusal, and again: how often depends on how busy the machine is.
            #expect(versionsAsked(server).count >= 3)
        }

        @Test("a list whose continue token has become too old begins anew")
        func expiredToken() async throws {
            let server = try await ScriptedServer.start { request in
                if Self.watching(request) { return [.head(200)] }
                if request.number == 0 { return .list([Self.pod("a", 1)], 10, continuing: "x") }
                return request.number == 1
                    ? .answer(410, Self.status(410, "Expired")) : .list([Self.pod("b", 11)], 12)
            }
            let log = try log(server)
            try await log.wait { $0.contains("synced") }
            #expect(log.story == ["listing", "listed a", "listing", "listed b", "synced"])
        }
    }

    /// Counts calls, from 0.
    final class Counter: Sendable {
        private let value = Mutex(0)

        func next() -> Int {
            value.withLock {
                $0 += 1
                return $0 - 1
            }
        }
    }

    extension [ScriptedServer.Step] {
        fileprivate static func list(_ items: [String], _ version: Int, continuing token: String = "") -> Self {
            .answer(
                200,
                #"{"kind":"PodList","metadata":{"resourceVersion":"\#(version)","continue":"\#(token)"},"items":[\#(items.joined(separator: ","))]}"#
            )
        }

        fileprivate static func answer(_ code: Int, _ body: String, _ headers: [String: String] = [:]) -> Self {
            ScriptedServer.Step.answer(code, body, headers)
        }
    }
#endif
