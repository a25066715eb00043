import EventLedger
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

    @Test("labels choose subjects in every list; a name beside them is refused as by kubectl")
    func labels() async throws {
        let ledger = try await recordedLedger()
        func names(_ arguments: [String]) async -> [Substring] {
            await shipslog(arguments + ["-o", "name"], ledger: ledger.path).output.split(separator: "\n")
        }
        #expect(await names(["state", "-l", "app=web"]) == ["deploy/web", "deploy/web-canary", "svc/web"])
        #expect(
            await names(["rollouts", "deploy", "-l", "app in (cart)"]) == ["deploy/cart-blue@1", "deploy/cart-green@1"])
        let canary = await names(["rollouts", "deploy/web"]) + names(["rollouts", "deploy/web-canary"])
        #expect(await names(["rollouts", "-l", "app=web,app!=cart"]).sorted() == canary.sorted())
        let cart = await names(["events", "deploy/cart-blue"]) + names(["events", "deploy/cart-green"])
        #expect(await names(["events", "-l", "app=cart"]) == cart.sorted { (Int($0) ?? 0) < (Int($1) ?? 0) })
        #expect(
            await shipslog(["rollouts", "-l", "app=nothing", "-n", "shop"], ledger: ledger.path)
                == CommandResult(status: 0, output: "", notices: "No resources found in shop namespace.\n"))
        let both = await shipslog(["rollouts", "deploy/web", "-l", "app=web"], ledger: ledger.path)
        #expect(both.status == 2)
        #expect(both.notices.hasPrefix("error: name cannot be provided when a selector is specified"))
        let broken = await shipslog(["state", "-l", "=web"], ledger: ledger.path)
        #expect(broken.status == 2)
        #expect(broken.notices.hasPrefix("error: \"=web\" is not a requirement on labels."))
    }

    @Test("a ledger that may only be read answers, and refuses to record in one sentence; one that may not says so")
    func permissions() async throws {
        let ledger = try await recordedLedger()
        try ledger.ledger.close()
        // Permissions do not bind root, so nobody asks: with a copy of the program where nobody can get at it.
        let program = ledger.folder.file("shipslog")
        try FileManager.default.copyItem(atPath: builtProgram, toPath: program)
        func set(_ mode: Int, _ path: String) throws {
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        }
        func asNobody(_ arguments: [String]) throws -> Program.Run {
            let nobody = [
                "--reuid", "65534", "--regid", "65534", "--clear-groups", "env", "HOME=/nonexistent", program,
            ]
            let prefix = geteuid() == 0 ? ["setpriv"] + nobody : [program]
            return try Program.run("/usr/bin/env", prefix + arguments + ["--ledger", ledger.path])
        }
        let folder = ledger.folder.path
        try FileManager.default.removeItem(atPath: ledger.path + ".lock")
        try set(0o444, ledger.path)
        try set(0o555, folder)
        let read = try asNobody(["rollouts", "deploy/web", "-o", "name"])
        #expect(read.output.split(separator: "\n") == (1...5).map { "deploy/web@\($0)" })
        #expect(read.errors == "" && read.status == 0)

        let stream = Fixtures.url("kubernetes-1.20/services.watch.jsonl")
        let copy = FileManager.default.temporaryDirectory.appending(path: "services-\(UUID().uuidString).jsonl")
        try FileManager.default.copyItem(at: stream, to: copy)
        defer { try? FileManager.default.removeItem(at: copy) }
        let written = try asNobody(["import", "watch", copy.path, "--cluster", "prod"])
        #expect(written.status == 1)
        #expect(
            written.errors.hasPrefix("error: The lock file \(ledger.path).lock cannot be opened: Permission denied."))
        #expect(written.errors.split(separator: "\n").count <= 2)

        try set(0o000, ledger.path)
        let unreadable = try asNobody(["rollouts"])
        #expect(unreadable.status == 1)
        #expect(
            unreadable.errors == "error: The ledger \(ledger.path) cannot be read.\nLook at its permissions.\n")
        try set(0o755, folder)
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
}
