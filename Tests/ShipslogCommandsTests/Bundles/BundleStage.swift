import Foundation
import RolloutModel
import ShipslogTesting
import Testing

@testable import ShipslogCommands

/// A ledger with the recording of Kubernetes 1.20, who did it, and a note; and a folder for its bundles.
struct BundleStage {
    let temporary: TemporaryLedger
    let environment: [String: String]

    var folder: String { temporary.folder.path }

    init() async throws {
        temporary = try await recordedLedger()
        environment = ["XDG_STATE_HOME": temporary.folder.file("state")]
        let audit = Fixtures.url("kubernetes-1.20/audit.jsonl.gz").path
        for arguments in [
            ["import", "audit", audit, "--cluster", "prod"],
            ["note", "add", "deploy/web@3", "incident 4711", "-n", "shop"],
        ] {
            let result = await run(arguments)
            #expect(result.status == 0, "\(result)")
        }
    }

    /// Runs a command line on the ledger.
    func run(_ arguments: [String]) async -> CommandResult {
        await shipslog(arguments, ledger: temporary.path, environment: environment, folder: folder)
    }

    /// Runs a command line where there is no ledger and nothing is remembered, as a colleague has it.
    func runElsewhere(_ arguments: [String]) async -> CommandResult {
        await shipslog(arguments, ledger: folder + "/none.db", folder: folder)
    }

    /// Makes the bundle of a rollout.
    ///
    /// - Returns: Its name in the folder.
    func bundle(_ rollout: String, _ options: String...) async -> String {
        let file = rollout.replacing("/", with: "-") + options.joined() + ".shipslog"
        let result = await run(["bundle", rollout, "-n", "shop", "-o", file] + options)
        #expect(result.status == 0 && result.output == "", "\(result)")
        return file
    }

    /// The names of all rollouts.
    func rollouts() async -> [String] {
        await run(["rollouts", "-n", "shop", "-o", "name"]).output.split(separator: "\n").map(String.init)
    }

    /// The bytes of a file in the folder.
    func bytes(_ file: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(file)")) }
}
