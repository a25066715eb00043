import EventLedger
import Foundation
import Recording
import RolloutModel
import ShipslogTesting
import Synchronization

@testable import ShipslogCommands

/// What a command line answered.
struct CommandResult: Equatable, CustomStringConvertible {
    var status: Int32
    var output: String
    var notices: String

    var description: String { "status \(status)\n--- output\n\(output)--- notices\n\(notices)" }
}

/// A terminal that is none: collects what is written.
final class Paper: Sendable {
    private let bytes = Mutex<[UInt8]>([])

    var sink: TextSink { TextSink { new in self.bytes.withLock { $0 += new } } }
    var text: String { String(decoding: bytes.withLock(\.self), as: UTF8.self) }
}

/// An hour or so after the recording of Kubernetes 1.20.
let testNow = Timestamp(microseconds: 1_795_406_400_000_000)

/// Runs a command line in a world of its own.
func shipslog(
    _ arguments: [String], ledger: String? = nil, environment: [String: String] = [:], folder: String = "/nowhere",
    isTerminal: Bool = false
) async -> CommandResult {
    let (output, notices) = (Paper(), Paper())
    var environment = environment
    environment["SHIPSLOG_LEDGER"] = environment["SHIPSLOG_LEDGER"] ?? ledger
    let context = CommandContext(
        output: output.sink, notices: notices.sink, isOutputTerminal: isTerminal, isNoticesTerminal: isTerminal,
        helpColumns: 80,
        now: { testNow }, environment: environment, currentDirectory: folder
    )
    let status = await ShipslogProgram.run(arguments, in: context)
    return CommandResult(status: status, output: output.text, notices: notices.text)
}

/// A ledger with the recording of Kubernetes 1.20 in it.
func recordedLedger() async throws -> TemporaryLedger { try await RecordedFixture.ledger() }

/// The program, which is built beside the tests.
var builtProgram: String {
    let tests = Bundle.main.executableURL ?? URL(fileURLWithPath: CommandLine.arguments[0])
    return tests.deletingLastPathComponent().appendingPathComponent("shipslog").path
}
