import ArgumentParser
import RolloutModel

/// `shipslog version`.
struct VersionCommand: Verb {
    static let configuration = CommandConfiguration(commandName: "version", abstract: "Print the version.")

    func run(in context: CommandContext) async throws {
        try context.output.write("shipslog \(Version.current)\n")
    }
}
