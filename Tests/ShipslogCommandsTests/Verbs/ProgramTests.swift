import Foundation
import RolloutModel
import ShipslogTesting
import Testing

@testable import ShipslogCommands

@Suite("The program")
struct ProgramTests {
    @Test("every kind of error has its exit code")
    func exitCodes() {
        let codes = ShipslogError.Code.allCases.map { (code: ShipslogError.Code) in
            ErrorReport(ShipslogError(code, "Something is wrong.")).status.rawValue
        }
        #expect(codes == [2, 1, 1, 1, 1, 6, 1])
        #expect(ErrorReport(ExitStatus.diverged).status.rawValue == 3)
        #expect(ErrorReport(CancellationError()).status.rawValue == 130)
        #expect(ErrorReport(OutputClosed()) == ErrorReport(ExitStatus.outputClosed))
        #expect(ErrorReport(ShipslogError(.notFound, "No web.", hint: "Look.")).notice == "error: No web.\nLook.")
    }

    @Test("help, version and completion go to the output and end with 0")
    func help() async {
        for arguments in [["--help"], ["help"], ["rollouts", "-h"], ["import"], ["version"], ["--version"]] {
            let result = await shipslog(arguments)
            #expect(result.status == 0 && !result.output.isEmpty && result.notices.isEmpty, "\(arguments): \(result)")
        }
        for shell in ["bash", "zsh", "fish"] {
            let result = await shipslog(["completion", shell])
            #expect(result.status == 0 && result.output.contains("rollouts"), "\(shell)")
        }
    }

    @Test("init makes a ledger that is the user's alone, once")
    func initialise() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("new/ledger.db")
        #expect(
            await shipslog(["init"], ledger: path)
                == CommandResult(status: 0, output: "", notices: "Made the ledger \(path).\n"))
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
        #expect(await shipslog(["init"], ledger: path).status != 0)
    }

    @Test("colours are for terminals, unless NO_COLOR or TERM says otherwise, and for those who insist")
    func colours() async throws {
        let ledger = try await recordedLedger()
        func hasColours(_ arguments: [String] = [], _ environment: [String: String] = [:], terminal: Bool = true) async
            -> Bool
        {
            let result = await shipslog(
                ["rollouts"] + arguments, ledger: ledger.path, environment: environment, isTerminal: terminal)
            return result.output.contains("\u{1B}[")
        }
        #expect(await hasColours())
        #expect(await !hasColours(terminal: false))
        #expect(await !hasColours([], ["NO_COLOR": "1"]))
        #expect(await hasColours([], ["NO_COLOR": ""]))
        #expect(await !hasColours([], ["TERM": "dumb"]))
        #expect(await hasColours(["--color", "always"], ["NO_COLOR": "1"], terminal: false))
        #expect(await !hasColours(["--color", "never"]))
    }

    @Test("a reader that goes away ends the program quietly")
    func closedPipe() async throws {
        let ledger = try await recordedLedger()
        for trap in ["", "trap '' PIPE; "] {
            let script = "\(trap)\"$0\" events -o json --ledger \"$1\" | head -c 10; echo \" ${PIPESTATUS[0]}\""
            let result = try Program.run("/bin/bash", ["-c", script, builtProgram, ledger.path])
            #expect(result.output == "[\n{\"actor\" 141\n", "trap: \(trap)")
            #expect(result.errors == "", "trap: \(trap)")
        }
    }

    @Test("a follower ends with the events that it was asked for")
    func follow() async throws {
        let ledger = try await recordedLedger()
        let first = await shipslog(["events", "svc/cart", "--limit", "3", "-o", "name"], ledger: ledger.path)
        let followed = await shipslog(
            ["events", "svc/cart", "--limit", "3", "-o", "name", "--follow"], ledger: ledger.path)
        #expect(first.output.split(separator: "\n").count == 3)
        #expect(followed == first)
    }

    @Test("the built program answers as the commands do in a test")
    func sameAnswers() async throws {
        for arguments in [["show", "deploy/web"], ["version"], ["schema", "rollouts"]] {
            let run = try Program.run(builtProgram, arguments)
            let result = CommandResult(status: run.status, output: run.output, notices: run.errors)
            #expect(result == (await shipslog(arguments)))
        }
    }

    /// The program, which is built beside the tests.
    private var builtProgram: String {
        let tests = Bundle.main.executableURL ?? URL(fileURLWithPath: CommandLine.arguments[0])
        return tests.deletingLastPathComponent().appendingPathComponent("shipslog").path
    }
}
