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
        let kubeconfig: String
        let shipslog: String
        let ledger: String
        /// How many pods there are.
        var pods = 10_000
        /// For how long pods change.
        var seconds = 60
        /// How many changes are made a second.
        var rate = 200

        /// - Parameter arguments: The kubeconfig, the program, the ledger, and options.
        init(arguments: [String]) {
            (kubeconfig, shipslog, ledger) = (arguments[0], arguments[1], arguments[2])
            for (option, value) in zip(arguments.dropFirst(3), arguments.dropFirst(4)) {
                if option == "--pods" { pods = Int(value) ?? pods }
                if option == "--seconds" { seconds = Int(value) ?? seconds }
                if option == "--rate" { rate = Int(value) ?? rate }
            }
        }

        /// Measures, and prints a line for each result.
        func run() async throws {
            let cluster = try await BenchCluster(kubeconfig: kubeconfig)
            try Ledger.create(at: ledger).close()
            let recorder = try cluster.start(shipslog, ["record", "--cluster", "bench", "--ledger", ledger])
            defer { recorder.terminate() }
            let reader = try Ledger.open(at: ledger, mode: .readOnly)

            let start = ContinuousClock.now
            try await cluster.createPods(pods)
            BenchCluster.say("pods created, /s", Double(pods) / (ContinuousClock.now - start).seconds)
            while try reader.streams(namespace: cluster.namespace, kind: "pod").count < pods {
                try await Task.sleep(for: .milliseconds(100))
            }
            let before = try BenchCluster.resident(recorder)
            BenchCluster.say("resident with \(pods) pods, MB (aim: under 150)", before)

            let course = Task { try await watchMemory(of: recorder) }
            let lags = try await churn(cluster, reader)
            course.cancel()
            BenchCluster.say("changes, /s", Double(lags.count) / Double(seconds))
            for (name, share) in [("median", 0.5), ("99th percentile (aim: under 50)", 0.99), ("longest", 1)] {
                BenchCluster.say(
                    "from answer to reader, ms, \(name)", lags[Int(Double(lags.count - 1) * share)] * 1_000)
            }
            let memory = try await course.value
            BenchCluster.say("resident after a tenth of the changes, MB", memory[memory.count / 10])
            BenchCluster.say("resident at most, MB", memory.max() ?? .nan)
            BenchCluster.say("resident afterwards, MB", try BenchCluster.resident(recorder))
            recorder.terminate()
            recorder.waitUntilExit()
        }

        /// What is resident, each second until nobody wants to know any longer.
        private func watchMemory(of process: Process) async throws -> [Double] {
            var course = [try BenchCluster.resident(process)]
            while (try? await Task.sleep(for: .seconds(1))) != nil { course.append(try BenchCluster.resident(process)) }
            return course
        }

        /// The seconds from the API server's answer until another process can read the event, in order.
        private func churn(_ cluster: BenchCluster, _ reader: Ledger) async throws -> [Double] {
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
            try await BenchCluster.forEach(rate * seconds) { number in
                try await Task.sleep(until: start + .seconds(Double(number) / Double(rate)))
                let version = try await turn(number, on: cluster)
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

        /// Makes a pod ready that was not, or the other way round; the version of the pod afterwards.
        private func turn(_ number: Int, on cluster: BenchCluster) async throws -> String {
            let isReady = (number / pods).isMultiple(of: 2)
            let ready: JSONValue = isReady ? "True" : "False"
            let status: JSONValue = ["conditions": [["type": "Ready", "status": ready]]]
            let object = try await cluster.client.patch(
                .pods, BenchCluster.name(number % pods), .merge(["status": status]), namespace: cluster.namespace,
                subresource: "status")
            return try object.object().resourceVersion
        }
    }
#endif
