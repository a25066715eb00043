import Foundation
import RolloutModel
import ShipslogTesting

@testable import KubernetesClient

/// A folder with a credential plugin, a shell script, and a kubeconfig that names it.
final class PluginFolder: Sendable {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// The configuration of a kubeconfig whose user has this script as its plugin.
    ///
    /// - Parameters:
    ///   - script: What the plugin does, in the folder. It is run as `name`, if one is given, else by `/bin/sh`.
    ///   - version: The version of the protocol.
    ///   - more: Further members of the `exec` in the kubeconfig.
    func configuration(
        _ script: String, named name: String? = nil, version: String = "v1", _ more: JSONValue = [:],
        cluster: JSONValue = ["server": "https://api:6443"]
    ) throws -> ClientConfiguration {
        let file = try folder.write("cd '\(folder.path)' || exit\n\(script)", to: "plugin.sh")
        let exec = (more.object ?? [:]).merging([
            "apiVersion": .string("client.authentication.k8s.io/\(version)"),
            "command": .string(name ?? "/bin/sh"), "args": [.string(file)],
        ]) { $1 }
        let kubeconfig: JSONValue = [
            "current-context": "c", "clusters": [["name": "k", "cluster": cluster]],
            "users": [["name": "me", "user": ["exec": .object(exec)]]],
            "contexts": [["name": "c", "context": ["cluster": "k", "user": "me"]]],
        ]
        let text = String(decoding: try CanonicalJSON.encode(kubeconfig), as: UTF8.self)
        return try .load(folder.write(text, to: "config"))
    }

    /// The text of a file in the folder.
    func read(_ name: String) throws -> String {
        try String(contentsOfFile: folder.file(name), encoding: .utf8)
    }

    /// A script that counts its runs in the file `runs` and answers with the token `t1`, then `t2`, and so on.
    ///
    /// - Parameter more: Further members of the answer's status.
    static func counting(version: String = "v1", _ more: String = "") -> String {
        """
        printf x >>runs
        echo '{"kind": "ExecCredential", "apiVersion": "client.authentication.k8s.io/\(version)",
               "status": {"token": "t'"$(wc -c <runs | tr -d ' ')"'"\(more)}}'
        """
    }
}

/// A clock that a test moves.
final class TestClock: @unchecked Sendable {
    private let lock = NSLock()
    private var date = Date(timeIntervalSince1970: 1_767_225_600)

    /// At first 2026-01-01T00:00:00Z.
    var now: Date { lock.withLock { date } }

    func advance(seconds: TimeInterval) { lock.withLock { date += seconds } }
}
