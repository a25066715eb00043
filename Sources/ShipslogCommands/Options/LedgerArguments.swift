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

    /// The path of the ledger file in a world.
    ///
    /// - Throws: ``ShipslogError`` with code `invalidArgument` if nothing says where it is.
    func path(in context: CommandContext) throws -> String {
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

    /// Opens the ledger, and holds it against what is remembered of it.
    ///
    /// - Throws: ``ShipslogError`` as `Ledger.open`.
    func open(in context: CommandContext, mode: OpenMode = .readOnly) throws -> Ledger {
        try Ledger.open(at: path(in: context), mode: mode, options: options(in: context))
    }

    /// Opens the ledger to append to it; makes it if it is not there.
    ///
    /// - Throws: ``ShipslogError`` as `Ledger.open` and `Ledger.create`.
    func openOrCreate(in context: CommandContext) throws -> Ledger {
        let path = try path(in: context)
        guard FileManager.default.fileExists(atPath: path) else {
            return try Ledger.create(at: path, options: options(in: context))
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
    func options(in context: CommandContext) -> LedgerOptions {
        LedgerOptions(checkpoints: Self.checkpoints(in: context))
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
