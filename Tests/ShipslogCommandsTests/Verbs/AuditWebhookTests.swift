#if Network
    import AsyncHTTPClient
    import EventLedger
    import Foundation
    import NIOCore
    import NIOFoundationCompat
    import NIOHTTP1
    import RolloutModel
    import ShipslogTesting
    import Testing

    @Suite("The receiver of audit events")
    struct AuditWebhookTests {
        /// A receiver in a process of its own.
        private final class Receiver {
            let process = Process()
            let url: String

            init(into ledger: String, _ options: [String] = []) async throws {
                let ready = ledger + ".ready"
                if FileManager.default.fileExists(atPath: ready) { try FileManager.default.removeItem(atPath: ready) }
                process.executableURL = URL(filePath: builtProgram)
                process.arguments =
                    [
                        "audit-webhook", "--listen", "127.0.0.1:0", "--cluster", "test", "--ledger", ledger, "--quiet",
                        "--readiness-file", ready,
                    ] + options
                process.environment = ["HOME": "/nonexistent"]
                try process.run()
                let process = process
                try await eventually("the receiver listens") {
                    !process.isRunning || FileManager.default.fileExists(atPath: ready)
                }
                url = try String(contentsOfFile: ready, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
            }

            deinit { kill() }

            func kill() { if process.isRunning { Glibc.kill(process.processIdentifier, SIGKILL) } }

            func stop() async throws -> Int32 {
                Glibc.kill(process.processIdentifier, SIGTERM)
                let process = process
                try await eventually("the receiver has ended") { !process.isRunning }
                return process.terminationStatus
            }
        }

        /// What a request is answered with; `nil` if it is not.
        private static func post(_ body: Data, to url: String, token: String? = nil) async -> (UInt, String)? {
            var request = HTTPClientRequest(url: url + "/audit")
            request.method = .POST
            request.body = .bytes(ByteBuffer(bytes: body))
            if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
            do {
                let answer = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
                let text = String(buffer: try await answer.body.collect(upTo: 1 << 16))
                return (answer.status.code, text)
            } catch {
                return nil
            }
        }

        /// Who made change number so and so.
        private static func maker(_ number: Int) -> String { number.isMultiple(of: 3) ? "alice" : "bob" }

        /// Changes of twenty Deployments, a millisecond apart, each with the version that it left.
        private static func batch(_ numbers: Range<Int>) throws -> Data {
            let items = numbers.map { number -> JSONValue in
                let name = "app-\(number % 20)"
                let time = Timestamp(microseconds: 1_780_000_000_000_000 + Int64(number) * 1_000).rfc3339
                return [
                    "kind": "Event", "auditID": .string("request-\(number)"), "stage": "ResponseComplete",
                    "verb": number < 20 ? "create" : "patch", "user": ["username": .string(maker(number))],
                    "objectRef": [
                        "apiGroup": "apps", "resource": "deployments", "namespace": "shop", "name": .string(name),
                    ],
                    "responseStatus": ["code": 200], "stageTimestamp": .string(time),
                    "responseObject": [
                        "kind": "Deployment", "apiVersion": "apps/v1",
                        "metadata": [
                            "name": .string(name), "namespace": "shop", "uid": .string("uid-\(name)"),
                            "resourceVersion": .string("\(1_000 + number)"),
                            "generation": .integer(Int64(number / 20 + 1)),
                            "creationTimestamp": "2026-05-28T20:26:40Z",
                        ],
                        "spec": [
                            "replicas": 1, "selector": ["matchLabels": ["app": .string(name)]],
                            "template": [
                                "metadata": ["labels": ["app": .string(name)]],
                                "spec": ["containers": [["name": "app", "image": .string("app:\(number)")]]],
                            ],
                        ],
                    ],
                ]
            }
            return try CanonicalJSON.encode(
                ["kind": "EventList", "apiVersion": "audit.k8s.io/v1", "items": .array(items)] as JSONValue)
        }

        @Test(
            "of ten thousand events none is lost that was acknowledged, however often it is killed",
            .timeLimit(.minutes(10)))
        func kills() async throws {
            let folder = try TemporaryFolder()
            let path = folder.file("ledger.db")
            var generator = SeededGenerator(seed: 4_711)
            var receiver = try await Receiver(into: path)
            var kills = 0
            for first in stride(from: 0, to: 10_000, by: 100) {
                let body = try Self.batch(first..<first + 100)
                let url = receiver.url
                var isAcknowledged = false
                if Int.random(in: 0..<10, using: &generator) == 0 {
                    // Somewhere between the first byte of the request and the last of the answer.
                    async let answer = Self.post(body, to: url)
                    if Bool.random(using: &generator) { _ = await Self.post(Data("{}".utf8), to: url) }
                    receiver.kill()
                    isAcknowledged = await answer?.0 == 200
                    receiver = try await Receiver(into: path)
                    kills += 1
                }
                while !isAcknowledged { isAcknowledged = await Self.post(body, to: receiver.url)?.0 == 200 }
            }
            #expect(kills > 5)
            #expect(try await receiver.stop() == 0)

            let ledger = try Ledger.open(at: path, mode: .readOnly)
            var makers: [Int: String] = [:]
            for try await event in ledger.events() {
                let image: String?
                switch try event.event.fact() {
                case .deploymentCreated(let fact): image = Template.images(fact.template).first
                case .deploymentTemplateChanged(let fact): image = Template.images(fact.template).first
                default: continue
                }
                let number = try #require(image.flatMap { Int($0.dropFirst(4)) })
                #expect(makers.updateValue(try ledger.actor(of: event)?.name ?? "-", forKey: number) == nil)
            }
            #expect(makers == Dictionary(uniqueKeysWithValues: (0..<10_000).map { ($0, Self.maker($0)) }))
            #expect(try ledger.rollouts().count == 10_000)
            #expect(try ledger.verify().isSound)
        }

        @Test("a call of the engine that was completed while it runs is joined with the request by its audit id")
        func ownCall() async throws {
            let folder = try TemporaryFolder()
            let path = folder.file("ledger.db")
            let receiver = try await Receiver(into: path)
            let ledger = try Ledger.open(at: path)
            let completed = try Event(
                id: .derived(from: ["completed"]),
                stream: StreamName(cluster: "test", namespace: "shop", kind: "deployment", name: "web"),
                fact: .callCompleted(
                    CallCompleted(call: .derived(from: ["intended"]), status: 200, auditID: "request-0")),
                occurredAt: testNow, origin: .engine)
            _ = try await ledger.append([completed])
            let withoutAnswer: JSONValue = [
                "kind": "Event", "auditID": "request-0", "stage": "ResponseComplete", "verb": "patch",
                "user": ["username": "alice"],
                "objectRef": ["apiGroup": "apps", "resource": "deployments", "namespace": "shop", "name": "web"],
                "responseStatus": ["code": 200], "stageTimestamp": "2026-05-28T20:26:40Z",
            ]
            #expect(await Self.post(try CanonicalJSON.encode(withoutAnswer), to: receiver.url)?.0 == 200)
            #expect(try await receiver.stop() == 0)
            #expect(try ledger.attributions(of: completed.id).map(\.actor.name) == ["alice"])
            #expect(try ledger.attributions(of: completed.id).map(\.confidence) == [.exact])
        }

        @Test("who has no token, and what is no list of audit events, is refused in a sentence")
        func refusals() async throws {
            let folder = try TemporaryFolder()
            try "s3cret\n".write(toFile: folder.file("token"), atomically: true, encoding: .utf8)
            let receiver = try await Receiver(into: folder.file("ledger.db"), ["--token-file", folder.file("token")])
            let body = try Self.batch(0..<1)
            let answers = [
                await Self.post(body, to: receiver.url), await Self.post(body, to: receiver.url, token: "s3creT"),
                await Self.post(Data("nonsense".utf8), to: receiver.url, token: "s3cret"),
                await Self.post(body, to: receiver.url, token: "s3cret"),
            ]
            #expect(answers.map { $0?.0 } == [401, 401, 400, 200])
            #expect(
                answers.map { $0?.1 } == [
                    "The token is missing or wrong.\n", "The token is missing or wrong.\n",
                    "The request: it is not JSON, or cut short.\n", "1 audit events are recorded.\n",
                ])
            #expect(try await receiver.stop() == 0)
        }

        @Test("an address that others can reach needs a certificate and a token; files that are none are named")
        func usage() async throws {
            let folder = try TemporaryFolder()
            let base = ["audit-webhook", "--cluster", "c", "--ledger", folder.file("l.db"), "--listen"]
            let open = await shipslog(base + [":9443"])
            #expect(open.status == 2 && open.notices.contains("others can reach it"), "\(open)")
            let nowhere = await shipslog(base + ["9443"])
            #expect(nowhere.status == 2 && nowhere.notices.contains("is no address to listen at"), "\(nowhere)")
            let noToken = await shipslog(base + ["127.0.0.1:0", "--token-file", "/nonexistent"])
            #expect(noToken.status == 2, "\(noToken)")
            #expect(noToken.notices.contains("The token file /nonexistent cannot be read."), "\(noToken)")
            let noCertificate = await shipslog(
                base + ["127.0.0.1:0", "--tls-cert-file", "/dev/null", "--tls-private-key-file", "/dev/null"])
            #expect(noCertificate.status == 2, "\(noCertificate)")
            #expect(noCertificate.notices.contains("are no certificate and private key in PEM"), "\(noCertificate)")
        }

        @Test(
            "an API server tells it over TLS who did what",
            .enabled(if: ControlPlane.isWanted, "SHIPSLOG_SKIP_CLUSTER is set."), .timeLimit(.minutes(10)))
        func apiServer() async throws {
            let folder = try TemporaryFolder()
            try "s3cret\n".write(toFile: folder.file("token"), atomically: true, encoding: .utf8)
            let certificate = try Program.run(
                "/usr/bin/env",
                [
                    "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=webhook",
                    "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", folder.file("key.pem"), "-out",
                    folder.file("cert.pem"),
                ])
            #expect(certificate.status == 0, "\(certificate.errors)")
            let path = folder.file("ledger.db")
            let receiver = try await Receiver(
                into: path,
                [
                    "--tls-cert-file", folder.file("cert.pem"), "--tls-private-key-file", folder.file("key.pem"),
                    "--token-file", folder.file("token"),
                ])
            #expect(receiver.url.hasPrefix("https://127.0.0.1:"))
            try """
            {"apiVersion": "v1", "kind": "Config", "current-context": "w",
             "clusters": [{"name": "w", "cluster": {"server": "\(receiver.url)", "certificate-authority": "\(folder.file("cert.pem"))"}}],
             "users": [{"name": "w", "user": {"token": "s3cret"}}],
             "contexts": [{"name": "w", "context": {"cluster": "w", "user": "w"}}]}
            """.write(toFile: folder.file("webhook.json"), atomically: true, encoding: .utf8)
            let plane = try await ControlPlane.start(apiServerFlags: [
                "--audit-webhook-config-file=\(folder.file("webhook.json"))", "--audit-webhook-batch-max-wait=1s",
            ])
            let namespace = try await plane.makeNamespace()
            try await plane.kubectl(
                as: .alice, ["create", "deployment", "web", "--image", "nginx:1.25", "-n", namespace])
            try await plane.kubectl(
                as: .bob, ["set", "image", "deployment/web", "nginx=nginx:1.26", "-n", namespace])
            let stream = StreamName(cluster: "test", namespace: namespace, kind: "deployment", name: "web")
            let ledger = try Ledger.open(at: path, mode: .readOnly)
            try await eventually("two rollouts") { try ledger.rollouts(RolloutQuery(stream: stream)).count == 2 }
            let rollouts = try ledger.rollouts(RolloutQuery(stream: stream))
            #expect(rollouts.map(\.toImages) == [["nginx:1.25"], ["nginx:1.26"]])
            #expect(
                rollouts.map(\.actor) == ["alice", "bob"].map { Actor(name: $0, evidence: .audit) })
            #expect(try await receiver.stop() == 0)
        }
    }
#endif
