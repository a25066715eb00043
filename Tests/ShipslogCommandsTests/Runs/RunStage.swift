#if Network
    import EventLedger
    import Foundation
    import KubernetesClient
    import PretendNodes
    import RolloutEngine
    import RolloutModel
    import ShipslogTesting

    @testable import ShipslogCommands

    /// A namespace of a real control plane whose pods live by rules, and a ledger.
    struct RunStage: Sendable {
        let plane: ControlPlane
        let client: KubernetesClient
        let namespace: String
        let ledger: TemporaryLedger
        private let pretender: Pretender

        /// Images that end in `:bad` cannot be pulled; every other pod is ready after a moment.
        init() async throws {
            plane = try await ControlPlane.shared()
            namespace = try await plane.makeNamespace("run")
            var choice = ClientConfiguration.Choice()
            choice.kubeconfig = plane.kubeconfig()
            client = try KubernetesClient(.load(choice, environment: [:]))
            ledger = try TemporaryLedger()
            var bad = PodBehaviour()
            bad.imagePull = PodBehaviour.ImagePull(
                message: "manifest unknown", backOff: PodBehaviour.BackOff(first: .milliseconds(300)))
            pretender = Pretender(
                client: client, nodes: PretendNode.numbered(1, prefix: "\(namespace)-"), namespaces: [namespace],
                behaviours: PodBehaviours(
                    rules: [.init(match: PodMatch(image: Pattern("*:bad")), behaviour: bad)]),
                keepsNodes: false, now: { Timestamp(Date()) })
        }

        /// Runs something while the pods live.
        func play<Outcome: Sendable>(_ body: (RunStage) async throws -> Outcome) async throws -> Outcome {
            let pretending = Task { try await pretender.run() }
            let outcome = await Result { try await body(self) }
            pretending.cancel()
            let end = await pretending.result
            let value = try outcome.get()
            try end.get()
            return value
        }

        /// Makes a Deployment and waits until it is complete.
        ///
        /// - Parameter labels: Of its pods; by default its name as `app`.
        func deploy(
            _ name: String, replicas: Int64 = 2, metadata: [String: JSONValue] = [:], labels: JSONValue? = nil
        ) async throws {
            let labels = labels ?? ["app": .string(name)]
            _ = try await client.create(
                .deployments,
                [
                    "apiVersion": "apps/v1", "kind": "Deployment",
                    "metadata": .object(metadata.merging(["name": .string(name)]) { $1 }),
                    "spec": [
                        "replicas": .integer(replicas), "selector": ["matchLabels": labels],
                        "template": [
                            "metadata": ["labels": labels],
                            "spec": ["containers": [["name": "web", "image": "nginx:1"]]],
                        ],
                    ],
                ], namespace: namespace)
            try await eventually("deploy/\(name) is complete") {
                let status = try await client.get(.deployments, name, namespace: namespace).object().value()["status"]
                return status?["availableReplicas"]?.integer == replicas
            }
        }

        /// Makes a Service and waits until its slices hold ready endpoints.
        func serve(_ name: String, selecting labels: JSONValue) async throws {
            _ = try await client.create(
                .services,
                [
                    "apiVersion": "v1", "kind": "Service", "metadata": ["name": .string(name)],
                    "spec": ["selector": labels, "ports": [["port": 80]]],
                ], namespace: namespace)
            try await eventually("svc/\(name) has ready endpoints") {
                let slices = try await place.cluster.list(
                    ClusterSelection(
                        .endpointSlices, namespace: namespace, labels: ["kubernetes.io/service-name": name]))
                return slices.contains { slice in
                    slice["endpoints"]?.array?.contains { $0["conditions"]?["ready"] == true } ?? false
                }
            }
        }

        /// Makes a pod without a controller and waits until it is ready.
        func makePod(_ name: String, labels: JSONValue = [:]) async throws {
            _ = try await client.create(
                .pods,
                [
                    "apiVersion": "v1", "kind": "Pod", "metadata": ["name": .string(name), "labels": labels],
                    "spec": ["containers": [["name": "web", "image": "nginx:1"]]],
                ], namespace: namespace)
            try await eventually("pod/\(name) is ready") {
                let status = try await client.get(.pods, name, namespace: namespace).object().value()["status"]
                return status?["containerStatuses"]?.array?.first?["ready"] == true
            }
        }

        var place: RunPlace { RunPlace(cluster: LiveCluster(client), name: "test", namespace: namespace) }

        func runner(_ journal: any RolloutJournal) -> RolloutRunner {
            RolloutRunner(
                cluster: LiveCluster(client), journal: journal, namespace: namespace, attention: .seconds(2),
                makeID: { time in
                    var generator = SystemRandomNumberGenerator()
                    return .timeOrdered(at: time, using: &generator)
                }, check: { CheckCompleted(check: $0.summary, passed: true) })
        }

        func journal(_ stream: StreamName) throws -> LedgerJournal {
            try LedgerJournal(ledger: ledger.ledger, stream: stream, place: place)
        }

        /// Runs a command line on the plane, as a user.
        func shipslog(_ arguments: [String], as user: ControlPlane.User = .admin) async -> CommandResult {
            await ShipslogCommandsTests.shipslog(
                arguments + [
                    "-n", namespace, "--cluster", "test", "--kubeconfig", plane.kubeconfig(user),
                ], ledger: ledger.path, environment: ["USER": "alice"])
        }

        /// A command line of the program itself, on the plane.
        func complete(_ arguments: [String]) -> [String] {
            arguments + [
                "-n", namespace, "--cluster", "test", "--kubeconfig", plane.kubeconfig(), "--ledger", ledger.path,
            ]
        }

        func stream(_ kind: String, _ name: String) -> StreamName {
            StreamName(cluster: "test", namespace: namespace, kind: kind, name: name)
        }

        /// The rollouts of a subject, in short: `rollout 1→2 succeeded`.
        func story(_ kind: String, _ name: String) throws -> [String] {
            try ledger.ledger.story(of: stream(kind, name))
        }

        /// The images of the containers that an object wants.
        func image(_ resource: Resource, _ name: String) async throws -> String? {
            let object = try await client.get(resource, name, namespace: namespace).object().value()
            let spec = resource == .pods ? object["spec"] : object["spec"]?["template"]?["spec"]
            return spec?["containers"]?.array?.first?["image"]?.string
        }
    }
#endif
