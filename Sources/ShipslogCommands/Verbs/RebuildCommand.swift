import ArgumentParser
import EventLedger
import RolloutModel

/// `shipslog rebuild`: makes everything that is derived from the log anew.
struct RebuildCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "rebuild",
        abstract: "Make the projections of the log anew.",
        discussion: """
            Rollouts, revisions and states are derived from the events. They are kept up to date by themselves; this is for \
            when `verify` finds fault with them. The events are not touched.

            Examples:
              shipslog rebuild
            """
    )

    @OptionGroup var ledger: LedgerArguments

    @Flag(name: .shortAndLong, help: "Print nothing but errors.")
    var quiet = false

    func run(in context: CommandContext) async throws {
        let ledger = try ledger.open(in: context, mode: .readWrite)
        let bar = ProgressBar("rebuilding", in: context, quiet: quiet)
        defer { bar.finish() }
        try ledger.rebuild { bar.update($0.done, of: $0.total) }
        bar.finish()
        let size = try ledger.head().size
        try ledger.close()
        if !quiet { try context.notice("Rebuilt the projections of \(Plural.of(Int(size.rawValue), "event")).") }
    }
}
