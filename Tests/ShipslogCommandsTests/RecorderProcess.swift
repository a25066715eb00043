#if Network
    import EventLedger
    import Foundation
    import RolloutModel
    import ShipslogTesting

    /// `shipslog record` in a process of its own, which is killed at the latest when nobody knows it any more.
    final class RecorderProcess: Sendable {
        let process = Process()
        /// Where the file is as long as everything is being recorded.
        let ready: String
        private let errorFile: String

        /// Starts it.
        ///
        /// - Parameters:
        ///   - options: What goes before the names of the cluster, `test`, of the kubeconfig and of the ledger.
        ///   - name: Tells it from others that record into the same ledger.
        init(_ options: [String], into ledger: String, kubeconfig: String, name: String = "recorder") throws {
            ready = "\(ledger).\(name).ready"
            errorFile = "\(ledger).\(name).errors"
            if FileManager.default.fileExists(atPath: ready) { try FileManager.default.removeItem(atPath: ready) }
            try Data().write(to: URL(filePath: errorFile))
            process.executableURL = URL(filePath: builtProgram)
            process.arguments =
                ["record"] + options + [
                    "--cluster", "test", "--kubeconfig", kubeconfig, "--ledger", ledger, "--readiness-file", ready,
                ]
            // Ledgers of tests are alike, so that what is remembered of one must not be taken for another's.
            process.environment = ["HOME": "/nonexistent", "XDG_STATE_HOME": "\(ledger).\(name).state"]
            process.standardError = try FileHandle(forWritingTo: URL(filePath: errorFile))
            try process.run()
        }

        deinit {
            if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        }

        /// What it said to people so far.
        var errors: String {
            get throws { try String(contentsOfFile: errorFile, encoding: .utf8) }
        }

        func untilReady() async throws {
            try await eventually("the recorder is ready") {
                guard process.isRunning else {
                    throw ShipslogError(.unavailable, "The recorder has ended before it was ready: \(try errors)")
                }
                return FileManager.default.fileExists(atPath: ready)
            }
        }

        /// Ends it with a signal, and returns its exit code.
        func end(_ signal: Int32 = SIGTERM) async throws -> Int32 {
            kill(process.processIdentifier, signal)
            return try await ended()
        }

        /// Waits until it has ended by itself, and returns its exit code.
        func ended() async throws -> Int32 {
            defer { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
            try await eventually("the recorder has ended") { !process.isRunning }
            return process.terminationStatus
        }
    }

    /// `shipslog nodes pretend` in a process of its own, which is ended when nobody knows it any more.
    final class PretendProcess: Sendable {
        private let process = Process()
        private let ready: String

        /// Starts it with a node of its own.
        ///
        /// - Parameter behaviours: How pods live, in YAML.
        init(_ behaviours: String, in namespace: String, of plane: ControlPlane, folder: TemporaryFolder) throws {
            ready = folder.file("nodes.ready")
            let file = folder.file("behaviours.yaml")
            try Data(behaviours.utf8).write(to: URL(filePath: file))
            process.executableURL = URL(filePath: builtProgram)
            process.arguments = [
                "nodes", "pretend", "-n", namespace, "--prefix", "\(namespace)-", "--nodes", "1", "--quiet",
                "--kubeconfig", plane.kubeconfig(), "--readiness-file", ready, "--behaviours", file,
            ]
            process.environment = ["HOME": "/nonexistent"]
            try process.run()
        }

        deinit {
            if process.isRunning { kill(process.processIdentifier, SIGTERM) }
        }

        func untilReady() async throws {
            try await eventually("the nodes are there") { FileManager.default.fileExists(atPath: ready) }
        }
    }

    /// The types of the events of a ledger, stream by stream, in their order, `(inferred)` behind those that are.
    ///
    /// Hints are left out, since the cluster gives them as it likes, and so is what conditions and counts tell.
    func recordedTypes(_ path: String) async throws -> [String: [String]] {
        let ledger = try Ledger.open(at: path, mode: .readOnly)
        var types: [String: [String]] = [:]
        for try await event in ledger.events() {
            let type = event.event.type.rawValue
            if ["hint.observed", "deployment.condition_observed", "deployment.status_observed"].contains(type) {
                continue
            }
            types[event.event.stream.subject, default: []].append(
                type + (event.event.isInferred ? " (inferred)" : ""))
        }
        return types
    }
#endif
