import ArgumentParser
import EventLedger
import RolloutModel

/// `shipslog init`: a new, empty ledger.
struct InitCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make a new, empty ledger.",
        discussion: """
            The file can be read and written by you alone. Recording into a ledger that is not there makes it, too.

            Examples:
              shipslog init
              shipslog init --ledger ./prod.db
            """
    )

    @OptionGroup var ledger: LedgerArguments

    @Flag(name: .shortAndLong, help: "Print nothing but errors.")
    var quiet = false

    func run(in context: CommandContext) async throws {
        let path = try ledger.path(in: context)
        try Ledger.create(at: path, options: LedgerArguments.options(in: context)).close()
        if !quiet { try context.notice("Made the ledger \(path).") }
    }
}
