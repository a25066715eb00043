import ArgumentParser
import EventLedger
import RolloutModel

/// `shipslog verify`: whether the ledger is what was recorded.
struct VerifyCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check that nothing in the ledger was changed, removed, inserted or reordered.",
        discussion: """
            Four layers are checked, each resting on the ones before it: the file as an SQLite database; every event \
            against its leaf in the Merkle tree; the head against the tree, and against the head that is remembered in \
            $XDG_STATE_HOME/shipslog (~/.local/state/shipslog); the projections against the events. Ends with 0 if all are \
            sound, else with 6.

            Examples:
              shipslog verify
              shipslog verify -o json
            """
    )

    @OptionGroup var ledger: LedgerArguments
    @OptionGroup var output: OutputOptions

    func run(in context: CommandContext) async throws {
        // Without looking up the remembered head: that it does not fit is to be one finding among others.
        let ledger = try Ledger.open(at: ledger.path(in: context), mode: .readOnly)
        let remembered = try LedgerArguments.checkpoints(in: context)?.load(ledger.head().logID)
        let bar = ProgressBar("verifying", in: context, quiet: output.quiet)
        defer { bar.finish() }
        let report = try ledger.verify(remembered: remembered) { bar.update($0.done, of: $0.total) }
        bar.finish()
        let item = VerificationItem(path: ledger.path, report: report, remembered: remembered)
        try Printer(context: context, options: output).print(item) { item.lines }
        if !report.isSound { throw ExitStatus.tampered }
    }
}
