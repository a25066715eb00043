#if Network
    import Foundation
    import RolloutModel
    import ShipslogTesting
    import Testing

    @testable import KubernetesClient

    @Suite(.enabled(if: ControlPlane.isWanted, "SHIPSLOG_SKIP_CLUSTER is set."))
    struct WatchTests {
        @Test("a watch tells what is there and what becomes of it", arguments: [.any, .http1] as [HTTPVersions])
        func story(versions: HTTPVersions) async throws {
            let plane = try await ControlPlane.shared()
            let namespace = try await plane.makeNamespace()
            let client = try plane.client { $0.httpVersions = versions }
            for name in ["a", "b", "c"] { _ = try await client.create(.pods, .pod(name), namespace: namespace) }

            var options = WatchOptions()
            options.pageSize = 2
            let log = WatchLog(client.watch(.pods, namespace: namespace, options: options))
            try await log.wait { $0.contains("synced") }
            _ = try await client.create(.pods, .pod("d"), namespace: namespace)
            _ = try await client.patch(
                .pods, "a", .merge(["metadata": ["labels": ["x": "1"]]]), namespace: namespace)
            _ = try await client.delete(.pods, "b", namespace: namespace, options: DeleteOptions(gracePeriodSeconds: 0))
            let story = [
                "listing", "listed a,b", "listed c", "synced", "added d", "modified a", "modified b", "deleted b",
            ]
            try await log.wait { _ in log.story.count == story.count }
            #expect(log.story == story)

            // The bytes are those of whole objects, also of listed ones.
            let objects = log.changes.flatMap(\.objects)
            #expect(try objects.map { try $0.decode(Pod.self).metadata.name } == ["a", "b", "c", "d", "a", "b", "b"])
            #expect(try objects.map { try $0.watchEvent(.added).metadata?.uid } == objects.map(\.uid))
        }

        @Test("a watch goes on from where another one stopped")
        func resumption() async throws {
            let plane = try await ControlPlane.shared()
            let namespace = try await plane.makeNamespace()
            let client = try plane.client()
            _ = try await client.create(.pods, .pod("a"), namespace: namespace)
            let first = WatchLog(client.watch(.pods, namespace: namespace))
            try await first.wait { $0.contains("synced") }
            first.stop()
            #expect(try await first.end() is CancellationError)
            let version = try #require(first.changes.compactMap(\.version).last)

            for name in ["b", "c"] {
                _ = try await client.create(.pods, .pod(name, labels: ["tier": .string(name)]), namespace: namespace)
            }
            let all = WatchLog(client.watch(.pods, namespace: namespace, from: version))
            let some = WatchLog(client.watch(.pods, namespace: namespace, labels: "tier=c", from: version))
            try await all.wait { _ in all.story.count == 2 }
            try await some.wait { _ in some.story.count == 1 }
            #expect(all.story == ["added b", "added c"])
            #expect(some.story == ["added c"])
        }

        @Test("a watch that the server ends in time is taken up again, and nothing is told twice")
        func lifetime() async throws {
            let plane = try await ControlPlane.shared()
            let namespace = try await plane.makeNamespace()
            let client = try plane.client()
            var options = WatchOptions()
            options.lifetime = .seconds(1) ... .seconds(1)
            let log = WatchLog(client.watch(.pods, namespace: namespace, options: options))
            try await log.wait { $0.contains("synced") }
            let names = (0..<30).map { "p\($0)" }
            for name in names {
                _ = try await client.create(.pods, .pod(name), namespace: namespace)
                try await Task.sleep(for: .milliseconds(100))
            }
            try await log.wait { _ in log.story.count == names.count + 3 }
            #expect(log.story == ["listing", "listed ", "synced"] + names.map { "added \($0)" })
        }

        @Test("a watch from a version that the server has not reached finds that it went back")
        func wentBack() async throws {
            let plane = try await ControlPlane.shared()
            let namespace = try await plane.makeNamespace()
            let client = try plane.client()
            _ = try await client.create(.pods, .pod("a"), namespace: namespace)
            let log = WatchLog(client.watch(.pods, namespace: namespace, from: "999999999999"))
            try await log.wait { $0.contains("synced") }
            #expect(log.story == ["gap wentBack", "listing", "listed a", "synced"])
        }

        @Test("a watch that is not allowed, or of what is not served, ends at once and says so")
        func refused() async throws {
            let plane = try await ControlPlane.shared()
            let secrets = Resource(plural: "secrets", kind: "Secret")
            let forbidden = try await WatchLog(plane.client(as: .viewer).watch(secrets)).end()
            #expect((forbidden as? StatusError)?.code == 403)
            let missing = try await WatchLog(plane.client().watch(.httpRoutes)).end()
            #expect((missing as? StatusError)?.code == 404)
            var options = WatchOptions()
            options.clusterUID = "another"
            let other = try await WatchLog(plane.client().watch(.pods, options: options)).end()
            #expect((other as? ShipslogError)?.code == .conflict)
        }
    }
#endif
