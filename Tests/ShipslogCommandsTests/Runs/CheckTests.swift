import Foundation
import RolloutModel
import ShipslogTesting
import Testing

@testable import ShipslogCommands

@Suite("Checks that are commands")
struct CheckTests {
    private func check(_ command: String, timeout: Duration = .seconds(60)) async throws -> CheckCompleted {
        let stage = try SimulatedStage()
        let place = try await stage.place(isNew: true, scenario: SimulatedStage.scenario)
        return try await RunCheck(context: .ofNobody, place: place, timeout: timeout).make(command)
    }

    @Test(
        "one passes if the command ends with 0, and says what it printed last",
        arguments: [
            ("echo one; echo two", true, "two"),
            ("true", true, nil),
            ("echo no >&2; exit 3", false, "no"),
            ("exit 3", false, "exit code 3"),
            ("kill -9 $$", false, "ended by signal 9"),
            ("echo $SHIPSLOG_CLUSTER $SHIPSLOG_NAMESPACE", true, "simulation default"),
            // More than fits into a pipe.
            (
                "i=0; while [ $i -lt 4000 ]; do echo 0123456789012345678901234567890123456789; i=$((i+1)); done; echo end",
                true, "end"
            ),
        ] as [(String, Bool, String?)])
    func endings(command: String, passed: Bool, said: String?) async throws {
        #expect(try await check(command) == CheckCompleted(check: command, passed: passed, said: said))
    }

    @Test("one that does not end has failed after a while")
    func timeout() async throws {
        let command = "echo begun; sleep 600"
        #expect(
            try await check(command, timeout: .seconds(1))
                == CheckCompleted(check: command, passed: false, said: "not done within 1 s"))
    }

    @Test("one that nobody waits for any longer is ended")
    func cancellation() async throws {
        let folder = try TemporaryFolder()
        let mark = folder.file("begun")
        let work = Task { try await check("echo $$ > \(mark).new && mv \(mark).new \(mark); sleep 600") }
        try await eventually("the command has begun") { FileManager.default.fileExists(atPath: mark) }
        work.cancel()
        await #expect(throws: CancellationError.self) { _ = try await work.value }
        let process = try #require(
            pid_t(String(contentsOfFile: mark, encoding: .utf8).trimmingCharacters(in: .newlines)))
        #expect(kill(process, 0) == -1)
    }
}
