#if Network
    import EventLedger
    import Foundation
    import KubernetesClient
    import RolloutModel
    import Synchronization

    /// How soon what an API server has written is durable in the ledger of a recorder, and how much memory that takes.
    ///
    /// Everything runs on this machine: API server, etcd, the recorder, and who makes the changes.
    struct RecordingLag {
        let client: KubernetesClient
        let kubeconfig: String
        let shipslog: String
        let ledger: String
        /// How many pods there are.
        var pods = 10_000
        /// For how long pods change.
        var seconds = 60
        /// How many changes are made a second.
        var rate = 200

        private let namespace = "bench-\(UUID().uuidString.prefix(8).lowercased())"

        /// - Parameter arguments: The kubeconfig, the program, the ledger, and options.
        init(arguments: [String]) throws {
            (kubeconfig, shipslog, ledger) = (arguments[0], arguments[1], arguments[2])
            for (option, value) in zip(arguments.dropFirst(3), arguments.dropFirst(4)) {
                if option == "--pods" { pods = Int(value) ?? pods }
                if option == "--seconds" { seconds = Int(value) ?? seconds }
            }
            var choice = ClientConfiguration.Choice()
            choice.kubeconfig = kubeconfig
            client = try KubernetesClient(.load(choice, environment: [:]))
        }

        /// Measures, and prints a line for each result.
        func run() async throws {
            _ = try await client.create(.namespaces, ["metadata": ["name": .string(namespace)]])
            try Ledger.create(at: ledger).close()
            let recorder = Process()
            recorder.executableURL = URL(filePath: shipslog)
            recorder.arguments = [
                "record", "-n", namespace, "--cluster", "bench", "--kubeconfig", kubeconfig, "--ledger", ledger,
                "--quiet",
            ]
            try recorder.run()
            defer { recorder.terminate() }
            let reader = try Ledger.open(at: ledger, mode: .readOnly)

            let start = ContinuousClock.now
            try await forEach(pods) { try await create($0) }
            say("pods created, /s", Double(pods) / (ContinuousClock.now - start).seconds)
            while try reader.streams(namespace: namespace, kind: "pod").count < pods {
                try await Task.sleep(for: .milliseconds(100))
            }
            let before = try resident(recorder)
            say("resident with \(pods) pods, MB (aim: under 150)", before)

            let lags = try await churn(reader)
            say("changes, /s", Double(lags.count) / Double(seconds))
            for (name, share) in [("median", 0.5), ("99th percentile (aim: under 50)", 0.99), ("longest", 1)] {
                say("from answer to reader, ms, \(name)", lags[Int(Double(lags.count - 1) * share)] * 1_000)
            }
            say("resident afterwards, MB", try resident(recorder))
            recorder.terminate()
            recorder.waitUntilExit()
        }

        /// The seconds from the API server's answer until another process can read the event, in order.
        private func churn(_ reader: Ledger) async throws -> [Double] {
            let seen = Mutex<[String: ContinuousClock.Instant]>([:])
            let answered = Mutex<[String: ContinuousClock.Instant]>([:])
            let head = try reader.head().size
            let following = Task {
                for try await event in reader.follow(after: head) {
                    let now = ContinuousClock.now
                    guard case .podReadinessObserved(let fact) = try event.event.fact() else { continue }
                    seen.withLock { $0[fact.object.resourceVersion] = now }
                }
            }
            defer { following.cancel() }
            let start = ContinuousClock.now
            try await forEach(rate * seconds) { number in
                try await Task.sleep(until: start + .seconds(Double(number) / Double(rate)))
                let version = try await turn(number)
                let now = ContinuousClock.now
                answered.withLock { $0[version] = now }
            }
            let changes = answered.withLock(\.self)
            while seen.withLock({ seen in !changes.keys.allSatisfy { seen[$0] != nil } }) {
                try await Task.sleep(for: .milliseconds(100))
            }
            let moments = seen.withLock(\.self)
            // A reader may have it before the one who made the change has the answer.
            return changes.compactMap { version, answer in moments[version].map { max(0, ($0 - answer).seconds) } }
                .sorted()
        }

        /// Calls for each number, some at once.
        private func forEach(_ count: Int, _ body: @escaping @Sendable (Int) async throws -> Void) async throws {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<count {
                    if number >= 16 { try await group.next() }
                    group.addTask { try await body(number) }
                }
                try await group.waitForAll()
            }
        }

        private func name(_ number: Int) -> String { "pod-\(number % pods)" }

        private func create(_ number: Int) async throws {
            _ = try await client.create(
                .pods,
                [
                    "metadata": ["name": .string(name(number)), "labels": ["app": "bench"]],
                    "spec": ["containers": [["name": "app", "image": "app:1.0"]]],
                ], namespace: namespace)
        }

        /// Makes a pod ready that was not, or the other way round; the version of the pod afterwards.
        private func turn(_ number: Int) async throws -> String {
            let isReady = (number / pods).isMultiple(of: 2)
            let ready: JSONValue = isReady ? "True" : "False"
            let status: JSONValue = ["conditions": [["type": "Ready", "status": ready]]]
            let object = try await client.patch(
                .pods, name(number), .merge(["status": status]), namespace: namespace, subresource: "status")
            return try object.object().resourceVersion
        }

        /// In megabytes.
        private func resident(_ process: Process) throws -> Double {
            let status = try String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)
            let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
            let kilobytes = line.split(separator: " ").dropFirst().first.flatMap { Double($0) } ?? .nan
            return kilobytes * 1_024 / 1_000_000
        }

        private func say(_ name: String, _ value: Double) {
            let blanks = String(repeating: " ", count: max(1, 52 - name.count))
            let number = String(format: value < 100 ? "%.1f" : "%.0f", value)
            FileHandle.standardOutput.write(Data("\(name)\(blanks)\(number)\n".utf8))
        }
    }
#endif
