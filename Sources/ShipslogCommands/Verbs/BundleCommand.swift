import ArgumentParser
import EventLedger
import Foundation
import RolloutModel
import Synchronization

/// `shipslog bundle`: one rollout as one file, for somebody who does not have the ledger.
struct BundleCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "bundle",
        abstract: "Write one rollout, with the proofs of its events, into a file for a colleague.",
        discussion: """
            The file holds the history of the subject up to the end of the rollout, that of the Services over it and of what \
            else they send traffic to, and what was found out and noted of these since; with each event its proof against \
            the ledger's checkpoint. Every command that only reads takes it in place of a ledger, with --bundle; what was \
            altered is refused.

            Values that look secret are masked, unless --show-secrets is given. That an event with a masked value was \
            recorded is proven all the same; what the rest of it says is not.

            Examples:
              shipslog bundle deploy/web@3 -o web-3.shipslog
              shipslog bundle svc/cart@2 -o - | gzip > cart-2.shipslog.gz
              shipslog show --bundle web-3.shipslog
              shipslog verify --bundle web-3.shipslog
            """
    )

    @Argument(
        help: ArgumentHelp("The rollout: deploy/web@3.", valueName: "rollout"), completion: NameCompletion.rollouts)
    var rollout: [String]

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Where to write it; - is the output, if that is no terminal.", valueName: "file"),
        completion: .file())
    var output: String

    @Flag(help: "Overwrite the file if it is there.")
    var force = false

    @Flag(help: "Keep values that look secret.")
    var showSecrets = false

    @Flag(name: .shortAndLong, help: "Print nothing but errors.")
    var quiet = false

    @OptionGroup var scope: ScopeArguments
    @OptionGroup var ledger: LedgerArguments

    func validate() throws {
        _ = try RolloutArgument(rollout)
        if ledger.bundle != nil {
            throw ValidationError("A bundle cannot be made of a bundle: it has no proofs of its own. Copy the file.")
        }
    }

    func run(in context: CommandContext) async throws {
        if output == "-", context.isOutputTerminal {
            throw ShipslogError(
                .invalidArgument, "A bundle is not for a terminal.", hint: "Give -o FILE, or pipe it: -o - | gzip.")
        }
        let ledger = try ledger.open(in: context)
        let finder = SubjectFinder(ledger: ledger, scope: try scope.scope(of: ledger))
        let rollout = try finder.rollout(RolloutArgument(rollout))
        let contents = try await BundleSelection(ledger: ledger).contents(for: rollout)
        let summary =
            try output == "-"
            ? write(contents, from: ledger, in: context) {
                try context.output.write(String(decoding: $0, as: UTF8.self))
            }
            : NewFile.write(to: context.absolutePath(output), replacing: force) { file in
                try write(contents, from: ledger, in: context) { try file.append($0) }
            }
        if !quiet { for line in lines(summary, of: rollout) { try context.notice(line) } }
    }

    private func write(
        _ contents: BundleContents, from ledger: Ledger, in context: CommandContext,
        to write: @escaping (Data) throws -> Void
    ) throws -> BundleSummary {
        let secrets = NumberedSecrets()
        let isInterrupted = Atomic(false)
        let signals = Signals.handle([SIGINT, SIGTERM]) { isInterrupted.store(true, ordering: .relaxed) }
        defer { for signal in signals { signal.cancel() } }
        let bar = ProgressBar("bundling", in: context, quiet: quiet)
        defer { bar.finish() }
        return try ledger.writeBundle(
            of: contents, madeAt: context.now(), masking: showSecrets ? nil : { try secrets.masked($0) },
            progress: { bar.update($0.done, of: $0.total) },
            to: { bytes in
                // Thrown, so that the half-written file goes away.
                if isInterrupted.load(ordering: .relaxed) { throw CancellationError() }
                try write(bytes)
            })
    }

    private func lines(_ summary: BundleSummary, of rollout: Rollout) -> [String] {
        let place = output == "-" ? "" : " into \(output)"
        let first =
            "Bundled \(rollout.name)\(place): \(Plural.of(summary.events, "event")), proven against the checkpoint of \(summary.checkpoint.size) events."
        guard !showSecrets else { return [first] }
        let masked =
            summary.masked == 0
            ? "Nothing in it looks secret."
            : "In \(Plural.of(summary.masked, "event")), values that look secret are masked; --show-secrets keeps them."
        return [first, masked]
    }
}
