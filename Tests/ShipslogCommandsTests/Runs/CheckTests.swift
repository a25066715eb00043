import Foundation
import RolloutModel
import ShipslogTesting
import Testing

@testable import ShipslogCommands

@Suite("Checks of new pods")
struct CheckTests {
    private func check(_ command: String, timeout: Duration = .seconds(60)) async throws -> CheckCompleted {
        try await make(.command(command), timeout: timeout)
    }

    private func make(_ check: PodCheck, timeout: Duration = .seconds(60)) async throws -> CheckCompleted {
        let stage = try SimulatedStage()
        let place = try await stage.place(isNew: true, scenario: SimulatedStage.scenario)
        return try await RunCheck(context: .ofNobody, place: place, preview: "web-preview", timeout: timeout)
            .make(check)
    }

    @Test(
        "one passes if the command ends with 0, and says what it printed last",
        arguments: [
            ("echo one; echo two", true, "two"),
            ("true", true, nil),
            ("echo no >&2; exit 3", false, "no"),
            ("exit 3", false, "exit code 3"),
            ("kill -9 $$", false, "ended by signal 9"),
            ("echo $SHIPSLOG_CLUSTER $SHIPSLOG_NAMESPACE $SHIPSLOG_PREVIEW", true, "simulation default web-preview"),
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

    @Test("what one leaves in the background is ended, and not waited for")
    func background() async throws {
        let command = "sleep 600 & echo $!"
        let completed = try await check(command)
        let process = try #require(completed.said.flatMap(pid_t.init))
        #expect(completed == CheckCompleted(check: command, passed: true, said: "\(process)"))
        // Who takes over orphans may let them lie, dead.
        try await eventually("it is gone") {
            let state = try await Program.inBackground("/bin/ps", ["-o", "stat=", "-p", "\(process)"]).output
            return state.isEmpty || state.hasPrefix("Z")
        }
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

    #if Network
        @Test(
            "a figure of Prometheus passes within its limits",
            arguments: [
                (200, #"{"status":"success","data":{"resultType":"scalar","result":[1,"0.5"]}}"#, true, "0.5"),
                (
                    200,
                    #"{"status":"success","data":{"resultType":"vector","result":[{"value":[1,"0.25"]},{"value":[1,"2"]}]}}"#,
                    false, "2 is more than 1"
                ),
                (
                    200,
                    #"{"status":"success","data":{"resultType":"vector","result":[{"value":[1,"0.1"]}]}}"#, false,
                    "0.1 is less than 0.2"
                ),
                (
                    200, #"{"status":"success","data":{"resultType":"vector","result":[]}}"#, false,
                    "the query gives no samples"
                ),
                (
                    200, #"{"status":"success","data":{"resultType":"scalar","result":[1,"NaN"]}}"#, false,
                    "the query gives no number"
                ),
                (
                    200, #"{"status":"success","data":{"resultType":"matrix","result":[]}}"#, false,
                    "the query gives a matrix, and not a scalar or a vector"
                ),
                (
                    400, #"{"status":"error","error":"parse error at char 3"}"#, false,
                    "Prometheus refused the query: parse error at char 3"
                ),
                (502, "<html>", false, "502 Bad Gateway, which is no answer of Prometheus"),
            ])
        func query(status: Int, answer: String, passed: Bool, said: String) async throws {
            let server = try await ScriptedServer.start { request in
                #expect(request.target == "/api/v1/query?query=up%20%2F%202")
                return ScriptedServer.Step.answer(status, answer)
            }
            let stage = try SimulatedStage()
            let place = try await stage.place(isNew: true, scenario: SimulatedStage.scenario)
            let query = PrometheusQuery(server: server.url, query: "up / 2", atMost: 1, atLeast: 0.2)
            #expect(
                try await RunCheck(context: .ofNobody, place: place).make(.query(query))
                    == CheckCompleted(check: "up / 2 at least 0.2 and at most 1", passed: passed, said: said))
        }

        @Test(
            "of a server that does not answer it is said why, in words",
            arguments: [
                ([ScriptedServer.Step.cut], "no answer: the other side closed it"),
                ([.pause(.seconds(60))], "no answer: it did not come in time"),
            ])
        func unanswered(steps: [ScriptedServer.Step], said: String) async throws {
            let server = try await ScriptedServer.start { _ in steps }
            #expect(
                try await make(.url(server.url), timeout: .milliseconds(300))
                    == CheckCompleted(check: server.url, passed: false, said: said))
        }

        @Test("of a server that is not there too")
        func unreachable() async throws {
            let url = "http://127.0.0.1:1/"
            #expect(
                try await make(.url(url))
                    == CheckCompleted(check: url, passed: false, said: "no answer: connection refused"))
        }
    #endif

    @Test("what cannot be judged is refused before anything is done")
    func badQueries() async throws {
        let canary = ["rollout", "canary", "--stable", "deploy/web", "--image", "nginx:2"]
        for (arguments, words) in [
            (["--query", "up", "--at-most", "1"], "It is not said who is asked: give --prometheus URL."),
            (
                ["--query", "up", "--at-most", "1", "--prometheus", "here"],
                "\"here\" is no URL: give --prometheus http://HOST:PORT."
            ),
            (["--query", "up", "--prometheus", "http://p"], "The query has no limit: give --at-most or --at-least."),
            (["--query", "up", "--check", "true"], "--check and --query are two checks: give one of them."),
            (["--at-most", "1"], "--prometheus, --at-most and --at-least say how --query is asked and judged."),
        ] {
            let stage = try SimulatedStage()
            let result = await stage.shipslog(canary + arguments, scenario: SimulatedStage.scenario)
            #expect(result.status == 2)
            #expect(result.notices.hasPrefix("error: \(words)\n"), "\(result.notices)")
        }
    }
}
