import ArgumentParser
import EventLedger
import Foundation
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

            Of a bundle every event is checked against the checkpoint in it, and the checkpoint against your own ledger (or \
            --ledger) if the bundle was taken from that, or against the head remembered of it.

            Examples:
              shipslog verify
              shipslog verify -o json
              shipslog verify --bundle web-3.shipslog
            """
    )

    @OptionGroup var ledger: LedgerArguments
    @OptionGroup var output: OutputOptions

    func run(in context: CommandContext) async throws {
        let printer = Printer(context: context, options: output)
        let isSound: Bool
        if let bundle = ledger.bundle {
            let item = try verify(bundle: context.absolutePath(bundle), in: context)
            try printer.print(item) { item.lines }
            isSound = item.isSound
        } else {
            let item = try verifyLedger(in: context)
            try printer.print(item) { item.lines }
            isSound = item.report.isSound
        }
        if !isSound { throw ExitStatus.tampered }
    }

    private func verifyLedger(in context: CommandContext) throws -> VerificationItem {
        let path = try ledger.path(in: context)
        let opened: Ledger
        do {
            // Without looking up the remembered head: that it does not fit is to be one finding among others.
            opened = try Ledger.open(at: path, mode: .readOnly)
        } catch let error as ShipslogError where error.code == .tampered {
            return VerificationItem(path: path, report: .unreadable(error.message))
        }
        let remembered = try opened.identity().flatMap { try LedgerArguments.checkpoints(in: context)?.load($0) }
        let bar = ProgressBar("verifying", in: context, quiet: output.quiet)
        defer { bar.finish() }
        let report = try opened.verify(remembered: remembered) { bar.update($0.done, of: $0.total) }
        return VerificationItem(path: path, report: report, remembered: remembered)
    }

    private func verify(bundle path: String, in context: CommandContext) throws -> BundleVerificationItem {
        do {
            let bundle = try ledger.openBundle(at: path, in: context, quiet: output.quiet)
            return BundleVerificationItem(
                path: path, finding: .sound(bundle, try origin(of: bundle.header.checkpoint, in: context)))
        } catch let error as ShipslogError where error.code == .tampered {
            // That it was altered is the answer, as it is of a ledger.
            return BundleVerificationItem(path: path, finding: .altered(error.message))
        }
    }

    /// How the checkpoint of a bundle stands to what is known here of its ledger.
    private func origin(of checkpoint: Checkpoint, in context: CommandContext) throws -> BundleOrigin {
        let path = try ledger.ledgerPath(in: context)
        if ledger.ledger != nil || FileManager.default.fileExists(atPath: path) {
            let own = try Ledger.open(at: path, mode: .readOnly, options: LedgerArguments.options(in: context))
            let head = try own.head()
            if head.logID == checkpoint.logID {
                guard let then = try own.head(atSize: checkpoint.size) else { return .ahead(path: path, head: head) }
                return then == checkpoint ? .consistent(.ledger(path: path)) : .contradicted(.ledger(path: path))
            }
            guard ledger.ledger == nil else {
                throw ShipslogError(
                    .invalidArgument, "The bundle was not taken from the ledger \(path), but from another.",
                    hint: "Leave out --ledger, or name the one it was taken from.")
            }
        }
        let remembered = try LedgerArguments.checkpoints(in: context)?.load(checkpoint.logID)
        if let remembered, remembered.size == checkpoint.size {
            return remembered == checkpoint ? .consistent(.rememberedHead) : .contradicted(.rememberedHead)
        }
        return .unknown
    }
}
