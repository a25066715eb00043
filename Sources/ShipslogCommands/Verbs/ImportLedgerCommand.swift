import ArgumentParser
import EventLedger
import RolloutModel

/// `shipslog import ledger`: records what other ledgers hold.
struct ImportLedgerCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "ledger",
        abstract: "Record what other ledgers hold.",
        discussion: """
            Takes over their events as they are: what happened and when, who did it and who recorded it, with notes and runs \
            of the engine; only the time of recording is that of the import. Facts that are known are passed over, so \
            importing again appends nothing. Each file is verified first, as by `shipslog verify`, and nothing is taken from \
            one that was altered. The ledger is made if it is not there.

            Recorders that were away at different times together tell what one tells who was always there, if their ledgers \
            are imported at once into a new one: nothing can be put before what a ledger has already.

            Examples:
              shipslog import ledger east.db west.db --ledger both.db
              shipslog import ledger laptop.db
            """
    )

    @Argument(help: "The ledger files.", completion: .file())
    var files: [String]

    @OptionGroup var ledger: LedgerArguments
    @OptionGroup var output: OutputOptions

    func run(in context: CommandContext) async throws {
        let sources = try files.map { try verified(context.absolutePath($0), in: context) }
        let target = try ledger.openOrCreate(in: context)
        let before = try target.head().size
        let total = sources.reduce(0) { $0 + $1.end.rawValue }
        let run = LedgerImport(target: target, sources: sources)
        let bar = ProgressBar("importing", in: context, quiet: output.quiet)
        defer { bar.finish() }
        try await run.run { bar.update($0, of: 2 * total) }
        bar.finish()
        let item = LedgerImportItem(
            paths: sources.map(\.ledger.path), clusters: try run.clusters, events: Int(total),
            appended: Int(try target.head().size.rawValue - before.rawValue))
        let printer = Printer(context: context, options: output)
        for source in sources {
            for note in try await RenumberedNote.all(from: source.ledger, in: target) {
                let here = note.here.map { "what is \($0) here" } ?? "no rollout of its own here"
                try printer.notice("warning: The note on \(note.noted) in \(source.ledger.path) is about \(here).")
            }
        }
        try target.close()
        try printer.print(item) { [item.line] }
    }

    /// Opens a ledger, and verifies it.
    ///
    /// - Throws: ``ShipslogError`` with code `tampered` if it is not what was recorded; as `Ledger.open`.
    private func verified(_ path: String, in context: CommandContext) throws -> LedgerImport.Source {
        let source = try Ledger.open(at: path, mode: .readOnly, options: LedgerArguments.options(in: context))
        let remembered = try source.identity().flatMap { try LedgerArguments.checkpoints(in: context)?.load($0) }
        let bar = ProgressBar("verifying \(path)", in: context, quiet: output.quiet)
        defer { bar.finish() }
        let report = try source.verify(remembered: remembered) { bar.update($0.done, of: $0.total) }
        guard report.isSound, let head = report.computedHead else {
            let reason = report.layers.lazy.compactMap(\.problem?.message).first ?? "It has no identity."
            throw ShipslogError(
                .tampered, "The ledger \(path) is not what was recorded: \(reason)",
                hint: "Nothing was imported. Run `shipslog verify --ledger \(path)`.")
        }
        return LedgerImport.Source(ledger: source, end: head.size)
    }
}

/// What came of an import of ledgers.
struct LedgerImportItem: Printable {
    var paths: [String]
    var clusters: [String]
    /// Events that the ledgers hold.
    var events: Int
    /// Those of them that were not known before.
    var appended: Int

    var namespace: String { "" }
    var name: String { clusters.joined(separator: ",") }

    static func columns(_ style: TextStyle) -> [Column<LedgerImportItem>] { [] }

    var line: StyledText {
        let known = events - appended
        let knownText = known > 0 ? ", \(known) known already" : ""
        return
            "Imported \(Plural.of(paths.count, "ledger")): \(Plural.of(appended, "event")) appended\(knownText)."
    }

    var document: JSONValue {
        .object([
            "appended": .whole(appended), "clusters": .texts(clusters), "events": .whole(events),
            "known": .whole(events - appended), "ledgers": .texts(paths),
        ])
    }
}
