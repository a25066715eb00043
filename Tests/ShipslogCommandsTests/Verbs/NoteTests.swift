import EventLedger
import RolloutModel
import ShipslogTesting
import Testing

@testable import ShipslogCommands

@Suite("Notes")
struct NoteTests {
    @Test("a note on a rollout shows in show and history, with who wrote it, and changes nothing else")
    func added() async throws {
        let ledger = try await recordedLedger()
        let before = try ledger.ledger.rollouts()
        let run = { (arguments: [String]) in
            await shipslog(
                arguments + ["-n", "shop"], ledger: ledger.path,
                environment: ["USER": "root", "SUDO_USER": "carol"])
        }
        let add = await run(["note", "add", "deploy/web@3", "incident 4711:\u{1B}[31m registry down"])
        #expect(add.status == 0 && add.output == "Noted on deploy/web@3.\n", "\(add)")
        let subject = await run(["note", "add", "deploy/web", "frozen", "-o", "name"])
        #expect(subject.status == 0, "\(subject)")

        let show = await run(["show", "deploy/web@3"])
        #expect(show.output.contains("\nNotes:\n  2026-"), "\(show)")
        #expect(show.output.contains("   carol: incident 4711:^[[31m registry down\n"), "\(show)")
        #expect(!(await run(["show", "deploy/web@4"])).output.contains("incident"))
        let history = await run(["history", "deploy/web"])
        #expect(history.output.contains("NOTES"), "\(history)")
        #expect(history.output.split(separator: "\n").count { $0.contains("incident 4711") } == 1, "\(history)")
        let events = await run(["events", "deploy/web", "--type", "note.added"])
        #expect(events.output.contains("note on @3: incident 4711:^[[31m registry down by carol"), "\(events)")
        #expect(events.output.contains("note: frozen by carol"), "\(events)")
        #expect(await run(["events", "--actor", "carol", "-o", "name"]).output.split(separator: "\n").count == 2)

        #expect(try ledger.ledger.rollouts() == before)
        #expect(try ledger.ledger.verify().isSound)
    }

    @Test(
        "what cannot be noted is refused in a sentence",
        arguments: [
            (["deploy/web@9", "x"], Int32(1), "deploy/web has no rollout 9; its rollouts are 1 to 5."),
            (["deploy/none", "x"], 1, "There is no deploy/none in namespace shop."),
            (["deploy/web@3", " "], 2, "The note is empty."),
            (["deploy", "x"], 2, "A name is missing"),
            (
                ["deploy/web@3", String(repeating: "x", count: 5_000)], 2,
                "The note has 5000 characters, more than 4096."
            ),
        ])
    func refused(arguments: [String], status: Int32, sentence: String) async throws {
        let ledger = try await recordedLedger()
        let result = await shipslog(["note", "add"] + arguments + ["-n", "shop"], ledger: ledger.path)
        #expect(result.status == status && result.notices.contains(sentence), "\(result)")
        #expect(try await Array(ledger.ledger.events(EventQuery(types: [EventType(rawValue: "note.added")]))).isEmpty)
    }
}

extension Array {
    fileprivate init<Source: AsyncSequence>(_ source: Source) async throws where Source.Element == Element {
        self = []
        for try await element in source { append(element) }
    }
}
