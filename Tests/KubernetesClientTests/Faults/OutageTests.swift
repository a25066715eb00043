#if Network
    import Foundation
    import KubernetesClient
    import RolloutModel
    import ShipslogTesting
    import Testing

    @Suite(
        "a control plane with outages", .serialized,
        .enabled(if: ControlPlane.isWanted, "SHIPSLOG_SKIP_CLUSTER is set."))
    struct OutageTests {
        /// A plane of its own, whose parts are stopped.
        private static let started = Task { try await ControlPlane.start() }

        private let plane: ControlPlane
        private let namespace: String
        private let client: KubernetesClient

        init() async throws {
            plane = try await Self.started.value
            namespace = try await plane.makeNamespace()
            client = try plane.client()
            _ = try await client.create(.pods, .pod("a"), namespace: namespace)
        }

        private func watch(_ client: KubernetesClient) async throws -> WatchLog {
            let log = WatchLog(client.watch(.pods, namespace: namespace, options: .impatient))
            try await log.wait { $0.contains("synced") }
            // Now that changes are told the stream is there.
            _ = try await client.create(.pods, .pod("b"), namespace: namespace)
            try await log.wait { $0.contains("added b") }
            return log
        }

        private func replaceA(with name: String) async throws {
            _ = try await client.create(.pods, .pod(name), namespace: namespace)
            _ = try await client.delete(
                .pods, "a", namespace: namespace, options: DeleteOptions(gracePeriodSeconds: 0))
        }

        private func check(_ log: WatchLog, _ names: [String]) async throws {
            try await eventually("the watch knows \(names)") {
                try await log.wait { _ in true }
                return log.state.keys.sorted() == names
            }
            let list = try await client.list(.pods, namespace: namespace)
            #expect(list.objects.map(\.resourceVersion) == names.map { log.state[$0]?.resourceVersion })
        }

        @Test("an API server that restarts is waited for, and nothing is missed")
        func restart() async throws {
            let log = try await watch(client)
            try await plane.stop(.apiserver)
            try await log.wait { $0.contains("interrupted") }
            try await plane.start(.apiserver)
            try await replaceA(with: "c")
            try await check(log, ["b", "c"])
            let before = ["listing", "listed a", "synced", "added b"]
            #expect(Array(log.story.prefix(4)) == before)
            // A server that has just started may know nothing of what was before.
            if log.story.contains("gap expired") {
                #expect(Array(log.story.dropFirst(4).prefix(2)) == ["gap expired", "listing"])
            } else {
                #expect(log.story.filter { $0 != "modified a" } == before + ["added c", "deleted a"])
            }
        }

        @Test("a store that restarts is waited for, and nothing is missed")
        func storeRestart() async throws {
            let log = try await watch(client)
            try await plane.stop(.etcd)
            try await plane.start(.etcd)
            try await eventually("the server writes again") {
                do {
                    _ = try await client.create(.pods, .pod("c"), namespace: namespace)
                    return true
                } catch let error as StatusError {
                    return error.code == 409
                }
            }
            try await check(log, ["a", "b", "c"])
        }

        @Test("what etcd forgot while the watcher was away makes a gap, and a new list")
        func compaction() async throws {
            let port = try plane.port()
            let proxy = try await FaultyProxy.start(toPort: port)
            let log = try await watch(plane.client { $0.server = "https://127.0.0.1:\(proxy.port)" })
            proxy.disturb(.refusal)
            proxy.cut()
            try await log.wait { $0.contains("interrupted") }
            let last = try #require(log.changes.compactMap(\.version).last)

            try await replaceA(with: "c")
            try await plane.stop(.apiserver)
            try await plane.compact()
            try await plane.start(.apiserver)
            proxy.disturb(.none)
            try await check(log, ["b", "c"])
            #expect(
                log.story == [
                    "listing", "listed a", "synced", "added b", "gap expired", "listing", "listed b,c", "synced",
                ])
            let gaps = log.changes.compactMap { if case .gap(let gap) = $0 { gap } else { nil } }
            #expect(gaps == [Change.Gap(reason: .expired, lastVersion: last)])
        }
    }
#endif
