#if Network
    import Foundation
    import KubernetesClient
    import RolloutModel
    import ShipslogTesting
    import Testing

    @Suite("a disturbed watch", .enabled(if: ControlPlane.isWanted, "SHIPSLOG_SKIP_CLUSTER is set."))
    struct ProxiedWatchTests {
        /// A watch of the pods of a new namespace through a proxy, which has told of the pod `a` already.
        private struct Watched {
            let namespace: String
            /// Not through the proxy.
            let direct: KubernetesClient
            let proxy: FaultyProxy
            let log: WatchLog

            init(
                _ versions: HTTPVersions, _ fault: FaultyProxy.Fault = .none, silence: Duration = .seconds(90)
            ) async throws {
                let plane = try await ControlPlane.shared()
                namespace = try await plane.makeNamespace()
                direct = try plane.client()
                let proxy = try await FaultyProxy.start(toPort: plane.port())
                proxy.disturb(fault)
                self.proxy = proxy
                let client = try plane.client {
                    $0.server = "https://127.0.0.1:\(proxy.port)"
                    $0.httpVersions = versions
                    $0.silenceTimeout = silence
                }
                log = WatchLog(client.watch(.pods, namespace: namespace, options: .impatient))
                try await log.wait { $0.contains("synced") }
                _ = try await direct.create(.pods, .pod("a"), namespace: namespace)
                try await log.wait { $0.contains("added a") }
            }

            /// Creates a pod that is too large for what passes before a cut.
            func createLarge(_ name: String) async throws {
                var pod = JSONValue.pod(name)
                pod["metadata"]?["annotations"] = ["text": .string(String(repeating: "large ", count: 30_000))]
                _ = try await direct.create(.pods, pod, namespace: namespace)
            }

            /// Checks that the watch has told this in spite of all, and of every object the whole.
            func check(_ story: [String]) async throws {
                #expect(log.story == ["listing", "listed ", "synced", "added a"] + story)
                let list = try await direct.list(.pods, namespace: namespace)
                let values = try list.objects.map { try $0.value() }
                #expect(try log.state.sorted { $0.key < $1.key }.map { try $0.value.value() } == values)
            }
        }

        @Test("cut in the middle of an object", arguments: [.any, .http1] as [HTTPVersions])
        func cut(versions: HTTPVersions) async throws {
            let watched = try await Watched(versions)
            watched.proxy.disturb(.cut(afterBytes: 20_000))
            try await watched.createLarge("large")
            try await watched.log.wait { $0.contains("interrupted") }
            _ = try await watched.direct.delete(
                .pods, "a", namespace: watched.namespace, options: DeleteOptions(gracePeriodSeconds: 0))
            watched.proxy.disturb(.none)
            try await watched.log.wait { $0.contains("deleted a") }
            try await watched.check(["added large", "modified a", "deleted a"])
        }

        @Test("cut again and again, also while it lists", arguments: [.any, .http1] as [HTTPVersions])
        func cuts(versions: HTTPVersions) async throws {
            let watched = try await Watched(versions)
            let names = (0..<30).map { "p\($0)" }
            for name in names {
                watched.proxy.cut()
                _ = try await watched.direct.create(.pods, .pod(name), namespace: watched.namespace)
            }
            try await watched.log.wait { $0.contains("added p29") }
            try await watched.check(names.map { "added \($0)" })
        }

        @Test("a connection on which nothing comes any more", arguments: [.any, .http1] as [HTTPVersions])
        func silence(versions: HTTPVersions) async throws {
            let watched = try await Watched(versions, silence: .seconds(3))
            watched.proxy.disturb(.silence)
            _ = try await watched.direct.create(.pods, .pod("b"), namespace: watched.namespace)
            try await watched.log.wait { $0.contains("added b") }
            try await watched.check(["added b"])
        }

        @Test("bytes that are changed or come twice", arguments: [.any, .http1] as [HTTPVersions], [true, false])
        func garbled(versions: HTTPVersions, twice: Bool) async throws {
            let watched = try await Watched(versions)
            watched.proxy.disturb(twice ? .repetition : .garble)
            _ = try await watched.direct.create(.pods, .pod("b"), namespace: watched.namespace)
            try await watched.log.wait { $0.contains("interrupted") }
            watched.proxy.disturb(.none)
            try await watched.log.wait { $0.contains("added b") }
            try await watched.check(["added b"])
        }

        @Test("bytes that are late", arguments: [.any, .http1] as [HTTPVersions])
        func delay(versions: HTTPVersions) async throws {
            let watched = try await Watched(versions, .delay(.milliseconds(200)))
            try await watched.createLarge("large")
            try await watched.log.wait { $0.contains("added large") }
            try await watched.check(["added large"])
        }
    }
#endif
