#if Network
    import EventLedger
    import Foundation
    import KubernetesClient
    import RolloutModel
    import ShipslogTesting
    import Synchronization
    import Testing

    @testable import ShipslogCommands

    @Suite struct RecordingSessionTests {
        private static func pod(_ version: Int) -> String {
            """
            {"type":"ADDED","object":{"kind":"Pod","apiVersion":"v1","metadata":{"name":"batch","namespace":"shop",\
            "uid":"u1","resourceVersion":"\(version)"},"spec":{"containers":[]}}}

            """
        }

        /// A server of which the watch of pods tells of one, and that of Deployments is refused once this was taken in.
        private static func server() async throws -> ScriptedServer {
            let podWatches = Mutex(0)
            return try await ScriptedServer.start { request in
                let target = request.target
                if target.contains("kube-system") {
                    return ScriptedServer.Step.answer(200, #"{"metadata":{"uid":"c1"}}"#)
                }
                guard target.contains("/namespaces/shop/") else {
                    return ScriptedServer.Step.answer(200, #"{"resources":[]}"#)
                }
                guard target.contains("watch=1") else {
                    return ScriptedServer.Step.answer(200, #"{"metadata":{"resourceVersion":"20"},"items":[]}"#)
                }
                if target.contains("/pods?") {
                    // Who has taken in what a watch told asks for the next.
                    podWatches.withLock { $0 += 1 }
                    return [.head(200), .text(pod(20)), .end]
                }
                guard target.contains("/deployments?") else { return [.head(200)] }
                return ScriptedServer.Step.answer(podWatches.withLock { $0 > 1 } ? 403 : 503, "")
            }
        }

        @Test("when one watch fails, what the others told is written before it is said why")
        func failure() async throws {
            let temporary = try TemporaryLedger()
            // One that goes on from somewhere holds back what it is told, to put it in order.
            let places = ["place/pods/shop", "place/deployments/shop"].map { ($0, Data?.some(Data(#""10""#.utf8))) }
            _ = try await temporary.ledger.append(
                [],
                remembering: RecorderMemory(
                    recorder: "test/shop", changes: Dictionary(uniqueKeysWithValues: places)))
            let server = try await Self.server()
            let session = try await RecordingSession(
                client: try KubernetesClient(ClientConfiguration(server: server.url)), ledger: temporary.ledger,
                cluster: "test", namespaces: ["shop"], selector: nil, catchUpTime: .seconds(600),
                now: { Timestamp(microseconds: 0) })
            let error = await #expect(throws: StatusError.self) { try await session.run() }
            #expect(error?.code == 403)
            var told: [String] = []
            for try await event in temporary.ledger.events() {
                told.append("\(event.event.stream) \(event.event.type)")
            }
            #expect(told == ["test/shop/pod/batch pod.created"])
            #expect(try temporary.ledger.memory(of: "test/shop")["place/pods/shop"] == Data(#""20""#.utf8))
        }
    }
#endif
