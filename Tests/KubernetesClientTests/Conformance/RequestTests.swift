#if Network
    import Foundation
    import KubernetesClient
    import RolloutModel
    import ShipslogTesting
    import Testing

    @Suite(.enabled(if: ControlPlane.isWanted, "SHIPSLOG_SKIP_CLUSTER is set."))
    struct RequestTests {
        @Test("what is created can be read, listed, changed and deleted", arguments: [.any, .http1] as [HTTPVersions])
        func life(versions: HTTPVersions) async throws {
            let plane = try await ControlPlane.shared()
            let namespace = try await plane.makeNamespace()
            let client = try plane.client { $0.httpVersions = versions }

            let created = try await client.create(.deployments, .deployment("web"), namespace: namespace)
            #expect(created.code == 201)
            #expect(created.auditID?.isEmpty == false)
            let object = try created.object()
            #expect(object.kind == "Deployment" && object.name == "web" && object.namespace == namespace)

            let read = try await client.get(.deployments, "web", namespace: namespace).object()
            #expect(read.uid == object.uid)
            #expect(try read.decode(Deployment.self).spec.replicas == 1)

            let listed = try await client.list(.deployments, namespace: namespace)
            #expect(listed.objects.map(\.name) == ["web"] && listed.objects[0].kind == "Deployment")
            #expect(try listed.objects[0].value()["apiVersion"] == .string("apps/v1"))

            var value = try await client.get(.deployments, "web", namespace: namespace).object().value()
            value["metadata"]?["labels"] = .object(["team": .string("a")])
            // Somebody's controller may have written in between, so the version is left out.
            value["metadata"]?["resourceVersion"] = nil
            let updated = try await client.update(.deployments, "web", value, namespace: namespace).object()
            #expect(try updated.value()["metadata"]?["labels"]?["team"] == .string("a"))

            let deleted = try await client.delete(
                .deployments, "web", namespace: namespace,
                options: DeleteOptions(uid: object.uid, propagation: .background))
            #expect(deleted.code == 200)
            let error = await #expect(throws: StatusError.self) {
                try await client.get(.deployments, "web", namespace: namespace)
            }
            #expect(error?.code == 404 && error?.reason == .notFound)
            #expect(
                error?.explained.message == "The API server \(client.configuration.server) has no such thing: "
                    + "deployments.apps \"web\" not found.")
        }

        @Test("each kind of patch does what it is for")
        func patches() async throws {
            let plane = try await ControlPlane.shared()
            let namespace = try await plane.makeNamespace()
            let client = try plane.client()
            _ = try await client.create(.deployments, .deployment("web"), namespace: namespace)
            func patched(_ patch: Patch, _ options: WriteOptions = WriteOptions()) async throws -> JSONValue {
                try await client.patch(.deployments, "web", patch, namespace: namespace, options: options).object()
                    .value()
            }

            var value = try await patched(.merge(["spec": ["replicas": 3]]))
            #expect(value["spec"]?["replicas"] == 3)
            value = try await patched(
                .strategicMerge(
                    ["spec": ["template": ["spec": ["containers": [["name": "web", "image": "nginx:2"]]]]]]))
            let container = value["spec"]?["template"]?["spec"]?["containers"]?.array?.first
            #expect(container?["image"] == "nginx:2" && container?["terminationMessagePath"] != nil)
            value = try await patched(
                .json([
                    ["op": "test", "path": "/spec/replicas", "value": 3],
                    ["op": "replace", "path": "/spec/replicas", "value": 2],
                ]))
            #expect(value["spec"]?["replicas"] == 2)
            let failed = await #expect(throws: StatusError.self) {
                _ = try await patched(.json([["op": "test", "path": "/spec/replicas", "value": 9]]))
            }
            #expect(failed?.code == 422 && failed?.explained.code == .invalidArgument)
            value = try await patched(
                .apply(
                    ["apiVersion": "apps/v1", "kind": "Deployment", "spec": ["paused": true]]),
                .init(fieldManager: "pauser"))
            #expect(value["spec"]?["paused"] == true)
            let managers = value["metadata"]?["managedFields"]?.array?.compactMap { $0["manager"]?.string } ?? []
            #expect(managers.contains("pauser") && managers.contains("shipslog"))
            value = try await patched(.merge(["spec": ["replicas": 7]]), .init(isDryRun: true))
            #expect(value["spec"]?["replicas"] == 7)
            #expect(
                try await client.get(.deployments, "web", namespace: namespace).object().value()["spec"]?["replicas"]
                    == 2)
        }

        @Test("subresources: scale, status, binding and eviction")
        func subresources() async throws {
            let plane = try await ControlPlane.shared()
            let namespace = try await plane.makeNamespace()
            let client = try plane.client()
            _ = try await client.create(.deployments, .deployment("web"), namespace: namespace)
            let scaled = try await client.patch(
                .deployments, "web", .merge(["spec": ["replicas": 0]]), namespace: namespace, subresource: "scale")
            #expect(try scaled.object().kind == "Scale")

            let node = "node-\(namespace)"
            _ = try await client.create(.nodes, ["metadata": ["name": .string(node)]])
            _ = try await client.create(.pods, .pod("one"), namespace: namespace)
            _ = try await client.create(
                .pods,
                ["metadata": ["name": "one"], "target": ["apiVersion": "v1", "kind": "Node", "name": .string(node)]],
                namespace: namespace, name: "one", subresource: "binding")
            let running = try await client.patch(
                .pods, "one", .strategicMerge(["status": ["phase": "Running"]]), namespace: namespace,
                subresource: "status")
            #expect(try running.object().value()["status"]?["phase"] == "Running")
            #expect(try running.object().decode(Pod.self).spec.nodeName == node)
            let evicted = try await client.create(
                .pods, ["apiVersion": "policy/v1beta1", "kind": "Eviction", "metadata": ["name": "one"]],
                namespace: namespace, name: "one", subresource: "eviction")
            #expect(evicted.code == 201)
            let wrongPod = await #expect(throws: StatusError.self) {
                try await client.delete(.pods, "one", namespace: namespace, options: DeleteOptions(uid: "another"))
            }
            #expect(wrongPod?.code == 409 && wrongPod?.explained.code == .conflict)
            _ = try await client.delete(
                .pods, "one", namespace: namespace, options: DeleteOptions(gracePeriodSeconds: 0))
            _ = try await client.delete(.nodes, node)
        }

        @Test("lists come in pages and answers compressed, and say the same as in one piece")
        func pages() async throws {
            let plane = try await ControlPlane.shared()
            let namespace = try await plane.makeNamespace()
            let client = try plane.client()
            let config = Resource(plural: "configmaps", kind: "ConfigMap")
            // Large enough for the server to compress it.
            for number in 0..<7 {
                _ = try await client.create(
                    config,
                    [
                        "metadata": [
                            "name": .string("c\(number)"), "labels": ["odd": .string(number % 2 == 1 ? "yes" : "no")],
                        ],
                        "data": ["text": .string(String(repeating: "\(number) quoted \"}\" ", count: 4_000))],
                    ], namespace: namespace)
            }
            let mine = "metadata.name!=kube-root-ca.crt"
            let whole = try await client.list(config, namespace: namespace, fields: mine)
            let paged = try await client.list(config, namespace: namespace, fields: mine, pageSize: 3)
            #expect(whole.objects.map(\.name) == (0..<7).map { "c\($0)" })
            #expect(try paged.objects.map { try $0.value() } == whole.objects.map { try $0.value() })
            let odd = try await client.list(config, namespace: namespace, labels: "odd=yes")
            #expect(odd.objects.map(\.name) == ["c1", "c3", "c5"])
        }

        @Test("the client says who it is, and acts for others where it may")
        func identity() async throws {
            let plane = try await ControlPlane.shared()
            let namespace = try await plane.makeNamespace()
            let admin = try plane.client {
                $0.impersonation.user = "carol"
                $0.impersonation.groups = ["system:masters"]
            }
            let answer = try await admin.create(.deployments, .deployment("web"), namespace: namespace)
            let auditID = try #require(answer.auditID)
            let log = try String(contentsOfFile: plane.auditLog, encoding: .utf8)
            let entry = try #require(log.split(separator: "\n").first { $0.contains(auditID) })
            let audit = try CanonicalJSON.decode(JSONValue.self, from: Data(entry.utf8))
            #expect(audit["user"]?["username"] == "admin")
            #expect(audit["impersonatedUser"]?["username"] == "carol")
            #expect(audit["userAgent"]?.string?.hasPrefix("shipslog/\(Version.current) (") == true)

            let viewer = try plane.client(as: .viewer)
            let refused = await #expect(throws: StatusError.self) {
                try await viewer.create(.deployments, .deployment("other"), namespace: namespace)
            }
            #expect(refused?.code == 403 && refused?.reason == .forbidden)
            #expect(refused?.explained.message.contains("does not allow it: deployments.apps is forbidden") == true)
        }

        @Test("what is served can be asked")
        func discovery() async throws {
            let client = try await ControlPlane.shared().client()
            #expect(try await client.serves(.deployments))
            #expect(try await client.serves(.pods))
            #expect(try await !client.serves(.httpRoutes))
            #expect(try await client.firstServed(of: [.endpointSlices, .betaEndpointSlices]) != nil)
            #expect(try await client.serverVersion().hasPrefix("v1."))
            #expect(try await UUID(uuidString: client.clusterUID()) != nil)
        }
    }

    typealias HTTPVersions = ClientConfiguration.HTTPVersions
#endif
