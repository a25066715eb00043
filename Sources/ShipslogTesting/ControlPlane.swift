import Foundation
import RolloutModel

/// A real API server for tests, with its store and its controllers, started by `tools/control-plane`.
///
/// Every test works in a namespace of its own. A plane goes away with the process that started it, also if that is
/// killed.
public final class ControlPlane: Sendable {
    /// Whether tests that need a plane are to run: not if `SHIPSLOG_SKIP_CLUSTER` is 1, which is said once on stderr.
    public static let isWanted: Bool = {
        guard ProcessInfo.processInfo.environment["SHIPSLOG_SKIP_CLUSTER"] == "1" else { return true }
        let notice = "SHIPSLOG_SKIP_CLUSTER is 1: the tests that need a Kubernetes API server are LEFT OUT.\n"
        FileHandle.standardError.write(Data(notice.utf8))
        return false
    }()

    /// The users that a plane knows.
    public enum User: String, Sendable {
        /// May do everything.
        case admin
        /// May change workloads in any namespace.
        case alice
        /// May change workloads in any namespace.
        case bob
        /// May look.
        case viewer
    }

    /// The parts of a plane, which can be stopped and started.
    public enum Part: String, Sendable {
        case etcd
        case apiserver
        case controllerManager = "controller-manager"
    }

    private static let started = Task { try await ControlPlane.start() }

    /// The plane that the tests of this process share; the first call starts it, which takes about ten seconds.
    ///
    /// Nobody stops its parts: who needs that starts a plane with ``start(apiServerFlags:)``.
    ///
    /// - Throws: ``ShipslogError`` with code `unavailable` if it does not start, which says why.
    public static func shared() async throws -> ControlPlane { try await started.value }

    /// Starts another plane, which goes away with the value that is returned.
    ///
    /// - Parameter apiServerFlags: Flags for kube-apiserver, such as those of an audit webhook.
    /// - Throws: as ``shared()``.
    public static func start(apiServerFlags: [String] = []) async throws -> ControlPlane {
        let folder = try TemporaryFolder()
        let plane = ControlPlane(folder: folder)
        let process = String(ProcessInfo.processInfo.processIdentifier)
        try await plane.tool(["up", "--no-build", "--while", process], flags: apiServerFlags)
        return plane
    }

    private let folder: TemporaryFolder
    private let state: String

    private init(folder: TemporaryFolder) {
        self.folder = folder
        state = folder.file("plane")
    }

    deinit {
        // It would go with the process at the latest.
        _ = try? Program.run("/bin/bash", [Self.program, "down", "--state", state])
    }

    /// The path of a user's kubeconfig file.
    public func kubeconfig(_ user: User = .admin) -> String { "\(state)/kubeconfig/\(user.rawValue)" }

    /// The path of the log of all that was changed.
    public var auditLog: String { "\(state)/audit.log" }

    /// Makes a namespace that no other test uses, and returns its name.
    public func makeNamespace(_ prefix: String = "test") async throws -> String {
        let name = "\(prefix)-\(UUID().uuidString.prefix(8).lowercased())"
        try await kubectl(["create", "namespace", name])
        return name
    }

    /// Runs kubectl as a user and returns what it printed.
    ///
    /// - Throws: ``ShipslogError`` with code `unavailable` if it fails, with what it said.
    @discardableResult
    public func kubectl(
        as user: User = .admin, _ arguments: [String], input: String = ""
    ) async throws -> String {
        try await run(["kubectl", "--kubeconfig", kubeconfig(user)] + arguments, input: input)
    }

    /// Stops a part: politely, and after five seconds by force.
    public func stop(_ part: Part) async throws { try await tool(["stop", part.rawValue]) }

    /// Starts a part that was stopped, on the port that it had, and waits until it is ready.
    public func start(_ part: Part) async throws { try await tool(["start", part.rawValue]) }

    /// Makes etcd forget all but the newest version of every object.
    ///
    /// The API server remembers until it is restarted.
    public func compact() async throws { try await tool(["compact"]) }

    /// Puts another cluster in its place, without anything in it: at the same address, under the same certificates.
    public func replaceCluster() async throws {
        try await stop(.apiserver)
        try await stop(.etcd)
        try FileManager.default.removeItem(atPath: "\(state)/etcd")
        try await start(.etcd)
        try await start(.apiserver)
    }

    private static let program = Fixtures.folder.deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("tools/control-plane").path

    private func tool(_ arguments: [String], flags: [String] = []) async throws {
        _ = try await run([Self.program] + arguments + ["--state", state] + (flags.isEmpty ? [] : ["--"] + flags))
    }

    private func run(_ command: [String], input: String = "") async throws -> String {
        let run = try await Program.inBackground("/usr/bin/env", command, input: Data(input.utf8))
        guard run.status == 0 else {
            let said = run.errors.trimmingCharacters(in: .whitespacesAndNewlines)
            throw ShipslogError(.unavailable, "\(command.joined(separator: " ")) failed: \(said)")
        }
        return run.output
    }
}
