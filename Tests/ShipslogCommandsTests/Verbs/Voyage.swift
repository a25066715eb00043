#if Network
    import EventLedger
    import Foundation
    import RolloutModel
    import ShipslogTesting

    /// What two people do to a namespace of a real API server: the scenario of the recording that ships with the tests.
    struct Voyage: Sendable {
        let plane: ControlPlane
        let namespace: String
        /// Where it is recorded: each step waits until the one before has come out as it was to.
        let ledger: String

        /// How pods live by their images; all others are ready at once.
        static let behaviours = """
            apiVersion: shipslog/v1
            kind: PodBehaviours
            rules:
            - match: {image: "*:bad"}
              imagePull: {message: no such image, backOff: 1m}
            - match: {image: "*:crash"}
              ready: never
              exit: {after: 50ms, code: 1, backOff: 1m}
            """

        /// Does all of it.
        func sail() async throws {
            try await rollAndUndo()
            try await switchService()
            try await replacePods()
            try await takeOver()
        }

        private func rollAndUndo() async throws {
            try await kubectl(as: .alice, "create", "deployment", "web", "--image", "nginx:1.25", "--replicas", "4")
            try await kubectl(as: .alice, "create", "service", "clusterip", "web", "--tcp", "80")
            try await annotate("web", "initial release 1.25")
            try await rollout("deployment/web", 1) { $0.outcome == .succeeded }
            try await setImage("web", "nginx:1.26", as: .alice)
            try await rollout("deployment/web", 2) { $0.outcome == .succeeded }
            try await patch("deployment/web", #"{"spec":{"progressDeadlineSeconds":5}}"#, as: .alice)
            try await setImage("web", "nginx:bad", as: .alice)
            try await rollout("deployment/web", 3) { $0.outcome == .failed }
            try await kubectl(as: .bob, "rollout", "undo", "deployment/web")
            try await rollout("deployment/web", 4) { $0.outcome == .succeeded }
            try await patch(
                "deployment/web", #"{"spec":{"strategy":{"type":"Recreate","rollingUpdate":null}}}"#, as: .alice)
            try await setImage("web", "nginx:1.27", as: .alice)
            try await rollout("deployment/web", 5) { $0.outcome == .succeeded }
            try await kubectl(as: .bob, "scale", "deployment/web", "--replicas", "6")
        }

        private func switchService() async throws {
            for (color, image) in [("blue", "cart:1.0"), ("green", "cart:2.0")] {
                try await deploy("cart-\(color)", image, replicas: 3, labels: ["app": "cart", "color": color])
                try await rollout("deployment/cart-\(color)", 1) { $0.outcome == .succeeded }
            }
            try await create([
                "apiVersion": "v1", "kind": "Service", "metadata": ["name": "cart"],
                "spec": ["selector": ["app": "cart", "color": "blue"], "ports": [["port": 80]]],
            ])
            try await eventually("blue serves") { try readyEndpoints(of: "cart").count == 3 }
            let switches: [(ControlPlane.User, String)] = [(.alice, "green"), (.bob, "blue"), (.alice, "green")]
            for (number, (user, color)) in switches.enumerated() {
                try await patch("service/cart", #"{"spec":{"selector":{"color":"\#(color)"}}}"#, as: user)
                // Which of two watches tells first is chance, and with it whether the switch is seen to end.
                try await rollout("service/cart", number + 1) { _ in true }
                try await eventually("\(color) serves") {
                    try readyEndpoints(of: "cart").filter { $0.hasPrefix("cart-\(color)-") }.count == 3
                        && readyEndpoints(of: "cart").count == 3
                }
            }
            try await kubectl(as: .alice, "scale", "deployment/cart-blue", "--replicas", "0")
        }

        private func replacePods() async throws {
            for (number, image) in ["batch:v1", "batch:crash", "batch:v1"].enumerated() {
                if number > 0 { try await kubectl(as: .bob, "delete", "pod", "batch") }
                try await kubectl(as: .bob, "run", "batch", "--image", image)
                try await rollout("pod/batch", number + 1) {
                    number == 1 ? $0.diagnosis?.contains("CrashLoopBackOff") == true : $0.outcome == .succeeded
                }
            }
        }

        private func takeOver() async throws {
            try await deploy("web-canary", "nginx:1.28", replicas: 1, labels: ["app": "web", "track": "canary"])
            try await rollout("deployment/web-canary", 1) { $0.outcome == .succeeded }
            try await kubectl(as: .alice, "scale", "deployment/web-canary", "--replicas", "6")
            try await kubectl(as: .alice, "scale", "deployment/web", "--replicas", "0")
            try await eventually("six canaries are ready") { try deployment("web-canary").status.ready == 6 }
            try await setImage("web-canary", "nginx:crash", as: .alice)
            try await rollout("deployment/web-canary", 2) {
                $0.diagnosis == "CrashLoopBackOff: nginx:crash (3 of 3 new pods)"
            }
            try await kubectl(as: .bob, "rollout", "undo", "deployment/web-canary")
            try await rollout("deployment/web-canary", 3) { $0.outcome == .succeeded }
            try await kubectl(as: .alice, "rollout", "pause", "deployment/web-canary")
            try await setImage("web-canary", "nginx:1.29", as: .alice)
            try await kubectl(as: .alice, "set", "env", "deployment/web-canary", "DB_PASSWORD=hunter2")
            try await kubectl(as: .alice, "rollout", "resume", "deployment/web-canary")
            try await rollout("deployment/web-canary", 4) { $0.outcome == .succeeded }
            try await eventually("the old pods are gone") { try deployment("web-canary").pods.count == 6 }
            let victim = try deployment("web-canary").pods.values.map(\.name).min() ?? "none"
            try await kubectl(as: .bob, "delete", "pod", victim)
            try await eventually("the deleted pod is replaced") {
                let state = try deployment("web-canary")
                return state.status.ready == 6 && state.pods.count == 6
                    && !state.pods.values.contains { $0.name == victim }
            }
        }

        // MARK: What people do

        private func kubectl(as user: ControlPlane.User, _ arguments: String...) async throws {
            try await plane.kubectl(as: user, ["-n", namespace] + arguments)
        }

        private func setImage(_ name: String, _ image: String, as user: ControlPlane.User) async throws {
            try await kubectl(as: user, "set", "image", "deployment/\(name)", "nginx=\(image)")
        }

        private func patch(_ object: String, _ patch: String, as user: ControlPlane.User) async throws {
            try await kubectl(as: user, "patch", object, "--type", "merge", "--patch", patch)
        }

        private func annotate(_ name: String, _ cause: String) async throws {
            try await kubectl(as: .alice, "annotate", "deployment/\(name)", "kubernetes.io/change-cause=\(cause)")
        }

        private func deploy(_ name: String, _ image: String, replicas: Int, labels: [String: String]) async throws {
            let labels = JSONValue.object(labels.mapValues { .string($0) })
            let container: JSONValue = ["name": "nginx", "image": .string(image)]
            let manifest: JSONValue = [
                "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": .string(name)],
                "spec": [
                    "replicas": .integer(Int64(replicas)), "selector": ["matchLabels": labels],
                    "template": ["metadata": ["labels": labels], "spec": ["containers": [container]]],
                ],
            ]
            try await create(manifest)
        }

        private func create(_ manifest: JSONValue) async throws {
            let text = String(decoding: try CanonicalJSON.encode(manifest), as: UTF8.self)
            try await plane.kubectl(as: .alice, ["-n", namespace, "create", "-f", "-"], input: text)
        }

        // MARK: What came of it

        /// Waits until a rollout is recorded, and as it is to be.
        private func rollout(_ subject: String, _ number: Int, _ isSo: (Rollout) -> Bool) async throws {
            let stream = stream(subject)
            try await eventually("\(subject)@\(number) comes out as it is to") {
                let ledger = try Ledger.open(at: ledger, mode: .readOnly)
                return try ledger.rollouts(RolloutQuery(stream: stream, number: number)).contains(where: isSo)
            }
        }

        private func deployment(_ name: String) throws -> DeploymentState {
            let stream = stream("deployment/\(name)")
            let state = try Ledger.open(at: ledger, mode: .readOnly).state(of: stream)
            guard case .deployment(let deployment) = state else { return DeploymentState(stream: stream) }
            return deployment
        }

        /// The names of the pods that a Service sends traffic to.
        private func readyEndpoints(of service: String) throws -> [String] {
            let state = try Ledger.open(at: ledger, mode: .readOnly).state(of: stream("service/\(service)"))
            guard case .service(let service) = state else { return [] }
            return service.slices.values.joined().filter(\.ready).compactMap(\.podName)
        }

        private func stream(_ subject: String) -> StreamName {
            let parts = subject.split(separator: "/").map(String.init)
            return StreamName(cluster: "test", namespace: namespace, kind: parts[0], name: parts[1])
        }
    }
#endif
