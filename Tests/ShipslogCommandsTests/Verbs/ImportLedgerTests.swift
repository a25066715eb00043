import EventLedger
import Foundation
import RolloutModel
import ShipslogTesting
import Testing

@testable import ShipslogCommands

@Suite("Importing ledgers")
struct ImportLedgerTests {
    private let folder: TemporaryFolder
    private let environment: [String: String]
    /// One who saw everything.
    private let whole: TemporaryLedger

    init() async throws {
        folder = try TemporaryFolder()
        environment = ["XDG_STATE_HOME": folder.file("state")]
        whole = try await recordedLedger()
    }

    private func run(_ arguments: [String], ledger: String) async -> CommandResult {
        await shipslog(arguments, ledger: folder.file(ledger), environment: environment)
    }

    /// Makes a ledger with a part of all that happened.
    ///
    /// - Parameter alter: Appends what only this one has.
    private func part(
        _ name: String, after: Position = 0, through: Position? = nil,
        _ alter: (Ledger) async throws -> Void = { _ in }
    ) async throws -> String {
        let path = folder.file(name)
        let ledger = try Ledger.create(at: path, options: LedgerOptions(checkpoints: checkpoints))
        for try await event in whole.ledger.events(EventQuery(after: after, through: through)) {
            _ = try await ledger.append([event.event])
        }
        try await alter(ledger)
        try ledger.close()
        return path
    }

    private var checkpoints: CheckpointStore { CheckpointStore(folder: folder.file("state/shipslog")) }

    private func middle() throws -> (Position, Position) {
        let size = try whole.ledger.head().size.rawValue
        return (Position(rawValue: size / 3), Position(rawValue: 2 * size / 3))
    }

    /// What stands in a ledger beside places in it and times of recording.
    private func events(_ path: String) async throws -> [Event] {
        var events: [Event] = []
        for try await event in try Ledger.open(at: path, mode: .readOnly).events() { events.append(event.event) }
        return events
    }

    @Test("what two recorders have of one past is told together as by one who saw everything, and again adds nothing")
    func merged() async throws {
        let (third, twoThirds) = try middle()
        let early = try await part("early.db", through: twoThirds)
        let late = try await part("late.db", after: third)
        let imported = await run(["import", "ledger", late, early], ledger: "both.db")
        let all = try whole.ledger.head().size.rawValue
        let overlap = twoThirds.rawValue - third.rawValue
        #expect(imported.status == 0, "\(imported)")
        #expect(
            imported.output
                == "Imported 2 ledgers: \(all) events appended, \(overlap) known already.\n")

        let both = folder.file("both.db")
        #expect(try Set(await events(both)) == Set(await events(whole.path)))
        for question in [["rollouts"], ["state"], ["history", "deploy/web"], ["history", "svc/cart"]] {
            let (one, other) = (
                await run(question + ["-o", "wide"], ledger: "both.db"),
                await shipslog(question + ["-o", "wide"], ledger: whole.path)
            )
            #expect(one.status == 0 && one.output == other.output, "\(question): \(one.output)")
        }
        #expect(try Ledger.open(at: both, mode: .readOnly).verify().isSound)

        let head = try Ledger.open(at: both, mode: .readOnly).head()
        let again = await run(["import", "ledger", early, late], ledger: "both.db")
        #expect(again.status == 0)
        #expect(again.output == "Imported 2 ledgers: 0 events appended, \(all + overlap) known already.\n")
        #expect(try Ledger.open(at: both, mode: .readOnly).head() == head)
    }

    @Test("notes come along; one is told of whose rollout has another number here")
    func notes() async throws {
        let (_, twoThirds) = try middle()
        let early = try await part("early.db", through: twoThirds)
        // Who began after the first rollout of web counts from the second.
        let second = try #require(
            whole.ledger.rollouts().first { $0.stream.name == "web" && $0.number == 2 })
        let late = try await part("late.db", after: Position(rawValue: second.startPosition.rawValue - 1))
        let noted = await run(["note", "add", "deploy/web@1", "incident 4711"], ledger: "late.db")
        #expect(noted.status == 0, "\(noted)")
        let imported = await run(["import", "ledger", early, late], ledger: "both.db")
        #expect(imported.status == 0)
        #expect(
            imported.notices
                == "warning: The note on deploy/web@1 in \(late) is about what is deploy/web@2 here.\n")
        let notes = try await events(folder.file("both.db")).filter { $0.type.rawValue == "note.added" }
        #expect(try notes == (await events(late)).filter { $0.type.rawValue == "note.added" })
        #expect(notes.count == 1 && notes[0].origin == .command)
    }

    @Test("what belongs before what is there is refused, and nothing of it goes in")
    func tooLate() async throws {
        let (third, twoThirds) = try middle()
        let early = try await part("early.db", through: twoThirds)
        let late = try await part("late.db", after: third)
        let before = try Ledger.open(at: late, mode: .readOnly).head()
        let refused = await run(["import", "ledger", early], ledger: "late.db")
        #expect(refused.status == 1)
        #expect(refused.notices.hasPrefix("error: Some of what \(early) has of prod/shop/"))
        #expect(
            refused.notices.hasSuffix(
                """
                 belongs before what \(late) has of it already.
                Nothing was imported. Import all into a new ledger: shipslog import ledger \(late) \(early) --ledger NEW

                """), "\(refused.notices)")
        #expect(try Ledger.open(at: late, mode: .readOnly).head() == before)
        // The other way round it goes on where the first stops.
        #expect(await run(["import", "ledger", late], ledger: "early.db").status == 0)
        #expect(try Set(await events(early)) == Set(await events(whole.path)))
    }

    @Test("what somebody else records meanwhile is not overtaken: the import ends, and goes on when it is repeated")
    func meanwhile() async throws {
        let (third, twoThirds) = try middle()
        let early = try await part("early.db", through: third)
        let more = try await part("more.db", through: twoThirds)
        let (source, target) = (try Ledger.open(at: more, mode: .readOnly), try Ledger.open(at: early))
        let run = LedgerImport(target: target, sources: [.init(ledger: source, end: twoThirds)])
        let note = ["note", "add", "deploy/web", "I was here", "--ledger", early]
        let error = await #expect(throws: ShipslogError.self) {
            // By now it has been found that nothing comes too late.
            try await run.run { done in
                if done == twoThirds.rawValue { #expect(throws: Never.self) { try Program.run(builtProgram, note) } }
            }
        }
        #expect(error?.message == "Somebody else recorded something of prod in \(early) meanwhile.")
        #expect(try target.head().size.rawValue == third.rawValue + 1)
        #expect(await self.run(["import", "ledger", source.path], ledger: "early.db").status == 0)
        #expect(try target.head().size.rawValue == twoThirds.rawValue + 1)
    }

    @Test("one name for two clusters is refused")
    func otherCluster() async throws {
        func recording(_ cluster: String) -> (Ledger) async throws -> Void {
            { try await ClusterClaim.make("prod", standFor: cluster, in: $0) }
        }
        let one = try await part("one.db", through: 10, recording("first"))
        let two = try await part("two.db", through: 10, recording("second"))
        let refused = await run(["import", "ledger", one, two], ledger: "both.db")
        #expect(refused.status == 1)
        #expect(
            refused.notices == """
                error: What is called prod in \(two) is another cluster than in \(one).
                Their namespaces kube-system have different UIDs. Nothing was imported.

                """)
        #expect(await run(["import", "ledger", one], ledger: "both.db").status == 0)
        #expect(await run(["import", "ledger", two], ledger: "both.db").status == 1)
        #expect(try ClusterClaim.uid(of: "prod", in: Ledger.open(at: folder.file("both.db"))) == "first")
    }

    @Test("a ledger that was altered, cut short, rolled back or is none is refused in a sentence, and nothing goes in")
    func unsound() async throws {
        let altered = try await part("altered.db", through: 100)
        var bytes = try Data(contentsOf: URL(filePath: altered))
        while let place = bytes.range(of: Data(#""image":"nginx:1.25""#.utf8)) {
            bytes.replaceSubrange(place, with: Data(#""image":"nginx:6.66""#.utf8))
        }
        try bytes.write(to: URL(filePath: altered))

        let cut = try await part("cut.db", through: 100)
        bytes = try Data(contentsOf: URL(filePath: cut))
        try bytes.prefix(bytes.count / 2).write(to: URL(filePath: cut))

        let rolledBack = try await part("rolled-back.db", through: 50)
        bytes = try Data(contentsOf: URL(filePath: rolledBack))
        let grown = try Ledger.open(at: rolledBack, options: LedgerOptions(checkpoints: checkpoints))
        for try await event in whole.ledger.events(EventQuery(after: 50, through: 60)) {
            _ = try await grown.append([event.event])
        }
        try grown.close()
        try bytes.write(to: URL(filePath: rolledBack))

        let none = folder.file("none.db")
        try Data("nothing".utf8).write(to: URL(filePath: none))
        for (path, status, sentence) in [
            (altered, 6, "The ledger \(altered) is not what was recorded: The event at position "),
            (cut, 6, "The file of the ledger \(cut) is damaged."),
            (rolledBack, 6, "The ledger \(rolledBack) was rolled back: it ends at position 50, but had reached 60."),
            (none, 2, "The file \(none) is not a ledger: it is not an SQLite database."),
            (folder.file("missing.db"), 1, "There is no ledger at \(folder.file("missing.db"))."),
        ] as [(String, Int32, String)] {
            let refused = await run(["import", "ledger", path], ledger: "target.db")
            #expect(refused.status == status, "\(refused)")
            #expect(refused.notices.hasPrefix("error: \(sentence)"), "\(refused)")
        }
        #expect(!FileManager.default.fileExists(atPath: folder.file("target.db")))
    }
}
