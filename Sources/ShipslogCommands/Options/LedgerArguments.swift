import ArgumentParser
import EventLedger
import Foundation
import RolloutModel

/// The option that says which ledger file is meant.
struct LedgerArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The ledger file; else $SHIPSLOG_LEDGER, else shipslog/ledger.db in $XDG_DATA_HOME or ~/.local/share.",
            valueName: "file"
        ),
        completion: .file()
    )
    var ledger: String?

    @Option(
        help: ArgumentHelp("A bundle, to be read in place of a ledger; see `shipslog help bundle`.", valueName: "file"),
        completion: .file()
    )
    var bundle: String?

    /// The path of the ledger file in a world.
    ///
    /// - Throws: ``ShipslogError`` with code `invalidArgument` if nothing says where it is, or a bundle is meant.
    func path(in context: CommandContext) throws -> String {
        try refuseBundle()
        return try ledgerPath(in: context)
    }

    /// The path of the ledger file in a world, also where a bundle is read beside it.
    ///
    /// - Throws: ``ShipslogError`` with code `invalidArgument` if nothing says where it is.
    func ledgerPath(in context: CommandContext) throws -> String {
        func value(_ name: String) -> String? {
            context.environment[name].flatMap { $0.isEmpty ? nil : $0 }
        }
        if let ledger { return context.absolutePath(ledger) }
        if let path = value("SHIPSLOG_LEDGER") { return context.absolutePath(path) }
        // Relative paths in XDG variables are to be ignored: https://specifications.freedesktop.org/basedir-spec/latest/
        if let data = value("XDG_DATA_HOME"), data.hasPrefix("/") { return data + "/shipslog/ledger.db" }
        if let home = value("HOME") { return home + "/.local/share/shipslog/ledger.db" }
        throw ShipslogError(
            .invalidArgument, "Nothing says where the ledger is: HOME is not set.", hint: "Give --ledger FILE."
        )
    }

    /// Checks the name of a rollout, which only a bundle makes needless.
    ///
    /// - Throws: ``ShipslogError`` as `RolloutArgument.init`; ``ValidationError`` if there is none.
    func validate(rollout words: [String]) throws {
        if words.isEmpty, bundle != nil { return }
        guard !words.isEmpty else { throw ValidationError("Missing expected argument '<rollout>'") }
        _ = try RolloutArgument(words)
    }

    /// Refuses a bundle, for what writes.
    ///
    /// - Throws: ``ShipslogError`` with code `invalidArgument`.
    func refuseBundle() throws {
        guard let bundle else { return }
        throw ShipslogError(
            .invalidArgument, "The bundle \(bundle) can only be read.",
            hint: "Leave out --bundle, or use a command that writes nothing.")
    }

    /// Opens the ledger, and holds it against what is remembered of it; or opens the bundle, and verifies it.
    ///
    /// - Throws: ``ShipslogError`` as `Ledger.open` and `RolloutBundle.open`.
    func open(in context: CommandContext, mode: OpenMode = .readOnly) throws -> Ledger {
        if mode == .readOnly, let bundle {
            guard ledger == nil else { throw ValidationError("--ledger and --bundle exclude each other.") }
            return try openBundle(at: context.absolutePath(bundle), in: context).ledger
        }
        return try Ledger.open(at: path(in: context), mode: mode, options: Self.options(in: context))
    }

    /// Opens a bundle, and verifies it.
    ///
    /// - Throws: ``ShipslogError`` as `RolloutBundle.open`.
    func openBundle(at path: String, in context: CommandContext, quiet: Bool = false) throws -> RolloutBundle {
        let bar = ProgressBar("reading \(path)", in: context, quiet: quiet)
        defer { bar.finish() }
        return try RolloutBundle.open(at: path) { bar.update($0.done, of: $0.total) }
    }

    /// Opens the ledger to append to it; makes it if it is not there.
    ///
    /// - Throws: ``ShipslogError`` as `Ledger.open` and `Ledger.create`.
    func openOrCreate(in context: CommandContext) throws -> Ledger {
        try Self.openOrCreate(at: path(in: context), in: context)
    }

    /// Opens the ledger at a path to append to it; makes it if it is not there.
    ///
    /// - Throws: ``ShipslogError`` as `Ledger.open` and `Ledger.create`.
    static func openOrCreate(at path: String, in context: CommandContext) throws -> Ledger {
        if !FileManager.default.fileExists(atPath: path) {
            do {
                return try Ledger.create(at: path, options: options(in: context))
            } catch let error as ShipslogError where error.code == .invalidArgument {
                // Another process has made it in the meantime, or opening it says what is wrong.
            }
        }
        return try Ledger.open(at: path, mode: .readWrite, options: options(in: context))
    }

    /// Opens the ledger to read it; `nil` if it is not there.
    ///
    /// - Throws: ``ShipslogError`` as `Ledger.open`.
    func openIfThere(in context: CommandContext) throws -> Ledger? {
        try FileManager.default.fileExists(atPath: path(in: context)) ? open(in: context) : nil
    }

    /// What a ledger takes from a world.
    static func options(in context: CommandContext) -> LedgerOptions {
        LedgerOptions(checkpoints: checkpoints(in: context))
    }

    /// Where the heads of ledgers are remembered: away from the ledgers.
    ///
    /// - Returns: `nil` if nothing says where the user's files are.
    static func checkpoints(in context: CommandContext) -> CheckpointStore? {
        if let state = context.environment["XDG_STATE_HOME"], state.hasPrefix("/") {
            return CheckpointStore(folder: state + "/shipslog")
        }
        return context.environment["HOME"].flatMap { home in
            home.isEmpty ? nil : CheckpointStore(folder: home + "/.local/state/shipslog")
        }
    }
}
