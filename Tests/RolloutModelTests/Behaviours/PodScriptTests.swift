import Foundation
import Testing

@testable import RolloutModel

@Suite("Lives that were told") struct PodScriptTests {
    private static let start = Timestamp(microseconds: 1_767_225_600_000_000)

    private func behaviours(_ script: String) throws -> PodBehaviours {
        let text = """
            {"apiVersion": "shipslog/v1", "kind": "PodBehaviours", "rules": [
              {"match": {"owner": "web", "template": "abc", "ordinal": 2}, "scripts": [\(script)]}]}
            """
        return try PodBehaviours(CanonicalJSON.decode(JSONValue.self, from: Data(text.utf8)))
    }

    private func traits(ordinal: Int = 2) -> PodTraits {
        PodTraits(name: "web-1", labels: [:], images: ["nginx:1"], owner: "web", ordinal: ordinal, template: "abcdef")
    }

    private func play(_ life: PodLife) -> [String] {
        var life = life
        var told: [String] = []
        while let moment = life.next() {
            let state =
                switch moment.container {
                case .waiting(.containerCreating): "creating"
                case .waiting(.other(let reason, let message)): "\(reason) \(message ?? "-")"
                case .waiting: "waiting"
                case .running: "running"
                case .terminated(let ended): "\(ended.reason) \(ended.code)"
                }
            told.append(
                "\(moment.since.seconds(since: Self.start)) \(moment.phase.rawValue) \(state) \(moment.isReady ? "ready" : "-") \(moment.restartCount)"
            )
        }
        return told
    }

    private static let crash = """
        {"steps": [{"after": "1s", "scheduled": true}, {"after": "2s", "running": true}, {"after": "2s", "ready": true},
          {"after": "3s", "terminated": {"reason": "Error", "code": 2}, "ready": false},
          {"after": "4s", "running": true, "restarts": 1},
          {"after": "5s", "waiting": "CrashLoopBackOff", "message": "back-off", "previous": {"reason": "OOMKilled", "code": 137}}],
         "termination": "700ms"}
        """

    @Test("each step comes when it came, those of one moment together")
    func steps() throws {
        let life = try behaviours(Self.crash).life(of: traits(), from: Self.start)
        #expect(
            play(life) == [
                "1.0 Pending creating - 0", "2.0 Running running ready 0", "3.0 Running Error 2 - 0",
                "4.0 Running running - 1", "5.0 Running CrashLoopBackOff back-off - 1",
            ])
    }

    @Test("only the pod of the role lives so")
    func roles() throws {
        let life = try behaviours(Self.crash).life(of: traits(ordinal: 1), from: Self.start)
        #expect(play(life) == ["0.0 Running running ready 0"])
    }

    @Test("by the clock of its twin: who comes earlier waits, and who comes later lives fast until it is on time")
    func clock() throws {
        let script = """
            {"createdAt": "\((Self.start + .seconds(10)).rfc3339)", "steps": [{"after": "1s", "running": true},
              {"after": "1s", "ready": true}, {"after": "4s", "ready": false}, {"after": "6s", "ready": true}]}
            """
        let behaviours = try behaviours(script)
        #expect(
            play(behaviours.life(of: traits(), from: Self.start)) == [
                "11.0 Running running ready 0", "14.0 Running running - 0", "16.0 Running running ready 0",
            ])
        #expect(
            play(behaviours.life(of: traits(), from: Self.start + .seconds(12))) == [
                "12.5 Running running ready 0", "14.0 Running running - 0", "16.0 Running running ready 0",
            ])
        #expect(
            play(behaviours.life(of: traits(), from: Self.start + .seconds(14))) == [
                "14.5 Running running ready 0", "16.0 Running running - 0", "17.0 Running running ready 0",
            ])
    }

    @Test("a deleted pod ends as its twin did")
    func termination() throws {
        var life = try behaviours(Self.crash).life(of: traits(), from: Self.start)
        _ = life.next()
        _ = life.next()
        life.delete(at: Self.start + .seconds(2), gracePeriod: .seconds(30))
        #expect(life.nextChange == Self.start + .milliseconds(2700))
        #expect(life.next()?.isGone == true)
    }

    @Test("a step that says what no pod can be is refused with its place")
    func mistakes() {
        let error = #expect(throws: ShipslogError.self) { try behaviours(#"{"steps": [{"phase": "Sleeping"}]}"#) }
        #expect(
            error?.message
                == "rules[0].scripts[0].steps[0].phase must be Pending, Running, Succeeded or Failed.")
    }
}
